package dev.muster.trial;

import dev.muster.session.RotationRun;
import dev.muster.topology.Durations;
import dev.muster.yaml.YamlNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One plan, and usually one apply, of a case, with what is expected of it. */
record Stage(YamlNode.Mapping node) {
  static final List<String> EXPECTATIONS =
      List.of("changes", "problems", "notes", "gates", "steps", "exit", "after", "whole");

  String name() {
    return text("name").orElse("");
  }

  boolean applies() {
    return !text("run").orElse("apply").equals("plan");
  }

  Optional<String> text(String key) {
    return node.child(key).map(value -> value.json().asText());
  }

  /** How much time passes before it. */
  Duration pause() {
    return text("wait").flatMap(Durations::parse).orElse(Duration.ZERO);
  }

  boolean prune() {
    return node.at("/options/prune").filter(value -> value.json().asBoolean()).isPresent();
  }

  List<String> selectors(String key) {
    List<String> all = new ArrayList<>();
    node.at("/options/" + key).ifPresent(list -> list.json().forEach(e -> all.add(e.asText())));
    return all;
  }

  /** Where the name of the secret stands that is rotated instead of an ordinary run. */
  Optional<YamlNode> rotated() {
    return node.child("rotate")
        .flatMap(said -> said instanceof YamlNode.Mapping ? said.child("name") : Optional.of(said));
  }

  /** As {@code muster rotate}; none for an ordinary run. */
  Optional<RotationRun.Request> rotation() {
    Optional<String> given = node.at("/rotate/value").map(value -> value.json().asText());
    return rotated()
        .map(
            name ->
                new RotationRun.Request(
                    name.json().asText(),
                    given,
                    given.isPresent() ? "the case" : "",
                    node.at("/rotate/new").filter(value -> value.json().asBoolean()).isPresent()));
  }

  /** What happens in the clusters while the run waits at the gate of a step, one after another. */
  List<YamlNode> answers(String step) {
    Optional<YamlNode> written = node.child("answers").flatMap(answers -> answers.child(step));
    return written.orElse(null) instanceof YamlNode.Sequence sequence
        ? sequence.elements()
        : written.stream().toList();
  }

  /** The keys that say what is expected, and expect something. */
  List<YamlNode.Entry> expectations() {
    return node.entries().stream()
        .filter(entry -> EXPECTATIONS.contains(entry.key().text()))
        .filter(entry -> !vacuous(entry))
        .toList();
  }

  /** Whether nothing could be unlike it: it lists nothing of what is compared as far as listed. */
  private static boolean vacuous(YamlNode.Entry entry) {
    return List.of("gates", "steps", "after").contains(entry.key().text())
        && entry.value() instanceof YamlNode.Mapping mapping
        && mapping.entries().stream().allMatch(each -> each.value().json().isEmpty())
        && mapping.entries().stream().noneMatch(each -> each.value() instanceof YamlNode.Scalar);
  }

  Optional<YamlNode.Entry> expectation(String key) {
    return expectations().stream().filter(entry -> entry.key().text().equals(key)).findFirst();
  }
}
