package dev.muster.plan;

import dev.muster.yaml.YamlNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the steps of a plan file. */
final class StepsReader {
  private final Scribe forHost;
  private final Scribe forMember;
  private final Scribe forPair;

  StepsReader(Scribe forHost, Scribe forMember) {
    this.forHost = forHost;
    this.forMember = forMember;
    this.forPair = forHost.with("peer");
  }

  List<StepSpec> read(Optional<YamlNode> section) {
    List<StepSpec> steps = new ArrayList<>();
    for (YamlNode node : Scribe.elements(section)) {
      StepSpec step = step(node);
      steps.stream()
          .filter(earlier -> !step.id().isEmpty() && earlier.id().equals(step.id()))
          .findFirst()
          .ifPresent(
              earlier ->
                  forHost
                      .problems()
                      .error(
                          step.where(),
                          "the step id \"" + step.id() + "\" is taken, see " + earlier.where(),
                          "every step has an id of its own"));
      steps.add(step);
    }
    return steps;
  }

  private StepSpec step(YamlNode node) {
    Subjects subjects = node.child("forEach").map(StepsReader::subjects).orElse(Subjects.ONCE);
    Scribe scribe = subjects.ofPair() ? forPair : subjects.ofMember() ? forMember : forHost;
    return new StepSpec(
        Scribe.needed(node, "id"),
        ObjectsReader.on(node),
        subjects,
        node.child("always").filter(value -> value.json().asBoolean()).isPresent(),
        Scribe.needed(node, "title"),
        node.child("when").map(scribe::bool),
        Scribe.texts(node, "after"),
        Scribe.elements(node.child("require")).stream().map(scribe::requirement).toList(),
        node.child("manifests").map(scribe::template),
        fields(scribe, node.child("ensure")),
        fields(scribe, node.child("create")),
        fields(scribe, node.child("initial")),
        each(scribe.with("item"), node.child("each")),
        Scribe.texts(node, "delete"),
        node.child("restart")
            .map(
                restart ->
                    new RestartSpec(
                        Scribe.needed(restart, "object"),
                        restart.child("when").map(scribe::bool),
                        Scribe.texts(restart, "for"))),
        Scribe.text(node, "gate"),
        node.child("id").map(YamlNode::where).orElse(node.where()));
  }

  private static Subjects subjects(YamlNode word) {
    return switch (word.json().asText()) {
      case "removed" -> Subjects.REMOVED;
      case "pair" -> Subjects.PAIRS;
      case "removedPair" -> Subjects.REMOVED_PAIRS;
      default -> Subjects.MEMBERS;
    };
  }

  private static Map<String, EachSpec> each(Scribe scribe, Optional<YamlNode> section) {
    Map<String, EachSpec> lists = new LinkedHashMap<>();
    Scribe.entries(
        section,
        (key, node) -> {
          Optional<DeclaredTemplate> ensure = node.child("ensure").map(scribe::declared);
          if (ensure.orElse(null) instanceof DeclaredTemplate.Fields fields) {
            lists.put(key.text(), new EachSpec(scribe.bool(node, "where"), fields));
          }
        });
    return lists;
  }

  private static Map<String, DeclaredTemplate.Fields> fields(
      Scribe scribe, Optional<YamlNode> section) {
    Map<String, DeclaredTemplate.Fields> objects = new LinkedHashMap<>();
    Scribe.entries(
        section,
        (key, node) -> {
          if (scribe.declared(node) instanceof DeclaredTemplate.Fields fields) {
            objects.put(key.text(), fields);
          }
        });
    return objects;
  }
}
