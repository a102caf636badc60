package dev.muster.plan;

import dev.muster.expression.Environment;
import dev.muster.expression.Template;
import dev.muster.problem.Problems;
import dev.muster.yaml.YamlNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Reads parts of a plan file. What a schema has found to be of the wrong shape is read as if it
 * were empty, so that the problems of the rest can be told as well.
 */
final class Scribe {
  private final Environment environment;
  private final Problems problems;

  Scribe(Environment environment, Problems problems) {
    this.environment = environment;
    this.problems = problems;
  }

  Problems problems() {
    return problems;
  }

  /** The same with one more variable in its expressions. */
  Scribe with(String variable) {
    return new Scribe(environment.with(variable, Environment.Type.MAP), problems);
  }

  static Optional<String> text(YamlNode node, String key) {
    return node.child(key).map(value -> value.json().asText());
  }

  static String needed(YamlNode node, String key) {
    return text(node, key).orElse("");
  }

  static List<String> texts(YamlNode node, String key) {
    List<String> texts = new ArrayList<>();
    node.child(key).ifPresent(list -> list.json().forEach(each -> texts.add(each.asText())));
    return texts;
  }

  static void entries(Optional<YamlNode> node, BiConsumer<YamlNode.Scalar, YamlNode> visitor) {
    if (node.orElse(null) instanceof YamlNode.Mapping mapping) {
      mapping.entries().forEach(entry -> visitor.accept(entry.key(), entry.value()));
    }
  }

  static List<YamlNode> elements(Optional<YamlNode> node) {
    return node.orElse(null) instanceof YamlNode.Sequence sequence
        ? sequence.elements()
        : List.of();
  }

  Template template(YamlNode node) {
    return node.json().isTextual()
        ? environment
            .compile(node.json().asText(), node.where(), problems)
            .orElseGet(() -> broken(node))
        : broken(node);
  }

  Template bool(YamlNode node) {
    return node.json().isTextual()
        ? environment
            .compileBoolean(node.json().asText(), node.where(), problems)
            .orElseGet(() -> broken(node))
        : broken(node);
  }

  Template template(YamlNode node, String key) {
    return node.child(key).map(this::template).orElseGet(() -> broken(node));
  }

  Template bool(YamlNode node, String key) {
    return node.child(key).map(this::bool).orElseGet(() -> broken(node));
  }

  /** A template that is never evaluated, in the place of one that was reported. */
  Template broken(YamlNode node) {
    return environment.compile("", node.where(), new Problems()).orElseThrow();
  }

  Requirement requirement(YamlNode node) {
    return new Requirement(
        bool(node, "that"), template(node, "message"), node.child("hint").map(this::template));
  }

  List<ReadyTerm> terms(Optional<YamlNode> list) {
    return elements(list).stream()
        .map(node -> new ReadyTerm(bool(node, "that"), template(node, "waiting")))
        .toList();
  }

  List<Probe> probes(Optional<YamlNode> list) {
    return elements(list).stream()
        .map(node -> new Probe(bool(node, "when"), template(node, "cause"), template(node, "hint")))
        .toList();
  }

  /** Declared fields of an object; the key {@code ...} spreads a map. */
  DeclaredTemplate declared(YamlNode node) {
    if (node instanceof YamlNode.Mapping mapping) {
      List<Template> spreads = new ArrayList<>();
      Map<String, DeclaredTemplate> entries = new java.util.LinkedHashMap<>();
      for (YamlNode.Entry entry : mapping.entries()) {
        if (entry.key().text().equals("...")) {
          spreads.add(template(entry.value()));
        } else {
          entries.put(entry.key().text(), declared(entry.value()));
        }
      }
      return new DeclaredTemplate.Fields(spreads, entries);
    }
    if (node instanceof YamlNode.Sequence sequence) {
      return new DeclaredTemplate.Items(sequence.elements().stream().map(this::declared).toList());
    }
    return node.json().isTextual()
        ? new DeclaredTemplate.Leaf(template(node))
        : new DeclaredTemplate.Constant(node.json());
  }
}
