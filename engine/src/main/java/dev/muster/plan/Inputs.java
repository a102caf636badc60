package dev.muster.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.bound.LinearPattern;
import dev.muster.problem.Problems;
import dev.muster.problem.Where;
import dev.muster.topology.SchemaCheck;
import dev.muster.yaml.YamlNode;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What a plan adds to a topology: further keys, and the names of its time limits. */
final class Inputs {
  private static final String DEFINITION = "#/$defs/";

  private final YamlNode spec;

  /**
   * @param spec the part of a plan file that describes the plan; may be of any shape
   */
  Inputs(YamlNode spec) {
    this.spec = spec;
  }

  /** As the topology's schema takes it in. */
  JsonNode schema() {
    ObjectNode schema =
        spec.child("inputs").map(YamlNode::json).orElse(null) instanceof ObjectNode written
            ? written
            : JsonNodeFactory.instance.objectNode();
    schema.set("timeouts", timeouts());
    return schema;
  }

  /** Each name that a gate's time limit has, with what holds when a topology does not say it. */
  private ObjectNode timeouts() {
    Map<String, ObjectNode> keys = new LinkedHashMap<>();
    Scribe.entries(
        spec.child("gates"),
        (gate, node) -> {
          JsonNode timeout = node.json().path("timeout");
          ObjectNode key =
              keys.computeIfAbsent(
                  timeout.path("key").asText(),
                  name ->
                      JsonNodeFactory.instance
                          .objectNode()
                          .put("$ref", DEFINITION + "duration")
                          .put("default", timeout.path("default").asText())
                          .put("description", "How long to wait for: "));
          String before = key.path("description").asText();
          key.put("description", before + (before.endsWith(": ") ? "" : ", ") + gate.text());
        });
    ObjectNode timeouts = JsonNodeFactory.instance.objectNode();
    keys.forEach(timeouts::set);
    return timeouts;
  }

  /** Reports what is no JSON Schema, and keys that are the engine's own. */
  void check(JsonNode topologySchema, Problems problems) {
    spec.child("inputs")
        .ifPresent(
            inputs -> {
              for (String role : List.of("host", "member")) {
                JsonNode own = topologySchema.at("/$defs/" + role + "/properties");
                Scribe.entries(
                    inputs.at("/" + role + "/properties"),
                    (key, rules) -> {
                      SchemaCheck.checkSchema(rules, problems);
                      if (own.has(key.text())) {
                        problems.error(
                            key.where(),
                            "every topology has the key \"" + key.text() + "\" already",
                            "give it another name");
                      }
                    });
              }
              misplacedSecrets(inputs, problems);
              Scribe.entries(
                  inputs.child("$defs"), (key, rules) -> SchemaCheck.checkSchema(rules, problems));
              leaves(inputs, topologySchema, problems);
            });
  }

  /** Only what stands right below a cluster is kept apart from what everybody may see. */
  private static void misplacedSecrets(YamlNode inputs, Problems problems) {
    Set<Where> allowed = new HashSet<>();
    for (String role : List.of("host", "member")) {
      Scribe.entries(
          inputs.at("/" + role + "/properties"),
          (key, rules) -> rules.child("format").map(YamlNode::where).ifPresent(allowed::add));
    }
    secrets(inputs)
        .filter(format -> !allowed.contains(format.where()))
        .forEach(
            format ->
                problems.error(
                    format.where(),
                    "`format: secret` is for the keys of the host and of members themselves",
                    "move it right below inputs.host.properties or inputs.member.properties"));
  }

  private static Stream<YamlNode> secrets(YamlNode node) {
    if (node instanceof YamlNode.Sequence sequence) {
      return sequence.elements().stream().flatMap(Inputs::secrets);
    }
    if (!(node instanceof YamlNode.Mapping mapping)) {
      return Stream.empty();
    }
    return mapping.entries().stream()
        .flatMap(
            entry ->
                entry.key().text().equals("format")
                        && entry.value().json().asText().equals("secret")
                    ? Stream.of(entry.value())
                    : secrets(entry.value()));
  }

  /** References that lead nowhere and patterns that cannot be read. */
  private void leaves(YamlNode node, JsonNode topologySchema, Problems problems) {
    if (node instanceof YamlNode.Sequence sequence) {
      sequence.elements().forEach(element -> leaves(element, topologySchema, problems));
    }
    if (!(node instanceof YamlNode.Mapping mapping)) {
      return;
    }
    for (YamlNode.Entry entry : mapping.entries()) {
      String text = entry.value().json().asText();
      if (!(entry.value() instanceof YamlNode.Scalar)) {
        leaves(entry.value(), topologySchema, problems);
      } else if (entry.key().text().equals("$ref") && !isDefined(text, topologySchema)) {
        problems.error(
            entry.value().where(),
            "there is no definition \"" + text + "\"",
            "define it under inputs.$defs and refer to it as " + DEFINITION + "NAME");
      } else if (entry.key().text().equals("pattern")) {
        pattern(text, entry.value().where(), problems);
      }
      if (entry.key().text().equals("patternProperties")) {
        Scribe.entries(
            Optional.of(entry.value()), (key, rules) -> pattern(key.text(), key.where(), problems));
      }
    }
  }

  private boolean isDefined(String reference, JsonNode topologySchema) {
    if (!reference.startsWith(DEFINITION)) {
      return false;
    }
    String name = reference.substring(DEFINITION.length());
    return topologySchema.path("$defs").has(name)
        || spec.at("/inputs/$defs").filter(defs -> defs.json().has(name)).isPresent();
  }

  private static void pattern(String text, Where where, Problems problems) {
    try {
      LinearPattern.of(text);
    } catch (LinearPattern.Unusable e) {
      problems.error(where, "this pattern cannot be used: " + e.getMessage(), LinearPattern.SYNTAX);
    }
  }
}
