package dev.muster.trial;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.muster.resource.Redactor;
import dev.muster.yaml.YamlNode;
import dev.muster.yaml.YamlWriter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Holds what a stage has shown against what its case expects. */
final class Verdict {
  /** In the place of what is not looked at. */
  static final String ANYTHING = "any";

  private final Stage stage;
  private final Seen seen;
  private final Secrets secrets;
  private final Redactor redactor;
  private final List<Mismatch> mismatches = new ArrayList<>();

  Verdict(Stage stage, Seen seen, Redactor redactor) {
    this.stage = stage;
    this.seen = seen;
    this.secrets = seen.objects().secrets();
    this.redactor = redactor;
  }

  List<Mismatch> mismatches() {
    for (YamlNode.Entry entry : stage.expectations()) {
      String key = entry.key().text();
      YamlNode expected = entry.value();
      switch (key) {
        case "changes" -> compare(expected, seen.changes(), true, List.of(key));
        case "problems" -> compare(expected, texts(seen.problems()), true, List.of(key));
        case "notes" -> compare(expected, texts(seen.notes()), true, List.of(key));
        case "gates" -> gates(expected);
        case "steps" -> compare(expected, seen.steps(), false, List.of(key));
        case "exit" -> compare(expected, IntNode.valueOf(seen.exit()), true, List.of(key));
        case "after" -> after(expected);
        default -> whole(expected);
      }
    }
    unasked();
    return mismatches;
  }

  static ArrayNode texts(List<String> texts) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    texts.forEach(array::add);
    return array;
  }

  /** What goes wrong is never fine just because nobody mentioned it. */
  private void unasked() {
    if (stage.expectation("problems").isEmpty()) {
      for (String problem : seen.problems()) {
        report(stage.node(), List.of("problems"), Optional.empty(), Optional.of(problem));
      }
    }
    seen.unexpected()
        .forEach(
            (step, how) -> {
              boolean mentioned =
                  List.of("steps", "gates").stream()
                      .flatMap(key -> stage.expectation(key).stream())
                      .anyMatch(entry -> entry.value().child(step).isPresent());
              if (!mentioned) {
                report(stage.node(), List.of("steps", step), Optional.empty(), Optional.of(how));
              }
            });
  }

  private void gates(YamlNode expected) {
    if (!(expected instanceof YamlNode.Mapping mapping)) {
      compare(expected, seen.gates(), false, List.of("gates"));
      return;
    }
    for (YamlNode.Entry entry : mapping.entries()) {
      String step = entry.key().text();
      JsonNode said = seen.gates().path(step);
      List<String> path = List.of("gates", step);
      if (said.isMissingNode()) {
        missing(entry.value(), path);
      } else {
        compare(withoutInput(entry.value()), said, false, path);
      }
    }
  }

  /** What a run is to have written is no expectation. */
  static YamlNode withoutInput(YamlNode gate) {
    return gate instanceof YamlNode.Mapping mapping
        ? new YamlNode.Mapping(
            mapping.where(),
            mapping.entries().stream().filter(e -> !e.key().text().equals("wrote")).toList())
        : gate;
  }

  private void after(YamlNode expected) {
    if (!(expected instanceof YamlNode.Mapping mapping)) {
      report(expected, List.of("after"), Optional.empty(), Optional.of("objects by cluster"));
      return;
    }
    for (YamlNode.Entry entry : mapping.entries()) {
      for (YamlNode object : elements(entry.value())) {
        object(entry.key().text(), object, "after", false);
      }
    }
  }

  private void object(String cluster, YamlNode expected, String key, boolean whole) {
    JsonNode json = expected.json();
    List<String> path = List.of(key, cluster, title(json));
    if (isGone(json)) {
      if (seen.objects().has(cluster, json.path("object").asText())) {
        report(expected, path, Optional.of("gone"), Optional.of("it is there"));
      }
      return;
    }
    Optional<Seen.Objects.Found> found = seen.objects().of(cluster, json);
    if (found.isEmpty()) {
      report(expected, path, Optional.of("the object"), Optional.of("it is not there"));
      return;
    }
    compare(expected, found.get().tree(), whole, path);
  }

  static boolean isGone(JsonNode object) {
    return object.path("kind").asText().equals("Gone")
        && object.path("apiVersion").asText().equals(Laying.OWN);
  }

  static String title(JsonNode object) {
    if (isGone(object)) {
      return object.path("object").asText();
    }
    String namespace = object.path("metadata").path("namespace").asText();
    return object.path("kind").asText()
        + "/"
        + (namespace.isEmpty() ? "" : namespace + "/")
        + object.path("metadata").path("name").asText();
  }

  private void whole(YamlNode expected) {
    Set<String> listed = new LinkedHashSet<>();
    if (expected instanceof YamlNode.Mapping mapping) {
      for (YamlNode.Entry entry : mapping.entries()) {
        for (YamlNode object : elements(entry.value())) {
          listed.add(entry.key().text() + " " + title(object.json()));
          object(entry.key().text(), object, "whole", true);
        }
      }
    }
    seen.written()
        .forEach(
            (cluster, objects) ->
                objects.stream()
                    .filter(object -> !listed.contains(cluster + " " + title(object.tree())))
                    .forEach(
                        object ->
                            report(
                                expected,
                                List.of("whole", cluster, title(object.tree())),
                                Optional.empty(),
                                Optional.of("it was written"))));
  }

  static List<YamlNode> elements(YamlNode node) {
    return node instanceof YamlNode.Sequence sequence ? sequence.elements() : List.of();
  }

  /**
   * @param whole whether what is not mentioned must not be there
   */
  private void compare(YamlNode expected, JsonNode found, boolean whole, List<String> path) {
    if (expected instanceof YamlNode.Mapping mapping && found.isObject()) {
      for (YamlNode.Entry entry : mapping.entries()) {
        String key = entry.key().text();
        if (!found.has(key)) {
          missing(entry, below(path, key));
        } else {
          compare(entry.value(), found.get(key), whole, below(path, key));
        }
      }
      for (Map.Entry<String, JsonNode> field :
          whole ? found.properties() : Set.<Map.Entry<String, JsonNode>>of()) {
        if (mapping.entry(field.getKey()).isEmpty()) {
          report(
              expected,
              below(path, field.getKey()),
              Optional.empty(),
              Optional.of(yaml(field.getValue())));
        }
      }
    } else if (expected instanceof YamlNode.Sequence sequence && found.isArray()) {
      compareLists(sequence, found, whole, path);
    } else if (!fits(expected.json(), found)) {
      report(expected, path, Optional.of(yaml(expected.json())), Optional.of(yaml(found)));
    }
  }

  private void compareLists(
      YamlNode.Sequence expected, JsonNode found, boolean whole, List<String> path) {
    int common = Math.min(expected.elements().size(), found.size());
    for (int i = 0; i < common; i++) {
      compare(expected.elements().get(i), found.get(i), whole, below(path, "[" + i + "]"));
    }
    for (int i = common; i < expected.elements().size(); i++) {
      missing(expected.elements().get(i), below(path, "[" + i + "]"));
    }
    for (int i = common; i < found.size(); i++) {
      report(
          expected, below(path, "[" + i + "]"), Optional.empty(), Optional.of(yaml(found.get(i))));
    }
  }

  private boolean fits(JsonNode expected, JsonNode found) {
    if (expected.isTextual() && found.isValueNode() && !found.isNull()) {
      String text = expected.asText();
      return secrets.fits(text, found.asText())
              && (found.isTextual() || !text.equals(found.asText()))
          || text.equals(ANYTHING);
    }
    return expected.equals(found)
        || expected.isTextual() && expected.asText().equals(ANYTHING)
        || expected.isNumber()
            && found.isNumber()
            && expected.decimalValue().compareTo(found.decimalValue()) == 0;
  }

  private static List<String> below(List<String> path, String key) {
    List<String> longer = new ArrayList<>(path);
    longer.add(key);
    return longer;
  }

  private void missing(YamlNode.Entry entry, List<String> path) {
    if (!entry.value().json().isNull()) {
      mismatches.add(
          new Mismatch(
              entry.key().where(),
              path,
              Optional.of(clean(yaml(entry.value().json()))),
              Optional.empty()));
    }
  }

  private void missing(YamlNode expected, List<String> path) {
    report(expected, path, Optional.of(yaml(expected.json())), Optional.empty());
  }

  private void report(
      YamlNode at, List<String> path, Optional<String> expected, Optional<String> found) {
    mismatches.add(
        new Mismatch(
            at.where(),
            path.stream().map(this::clean).toList(),
            // What is not filled in yet is no expectation that could be shown.
            expected.filter(text -> !at.json().isNull()).map(this::clean),
            found.map(this::clean)));
  }

  private String yaml(JsonNode node) {
    return node.isTextual() && !node.asText().isEmpty()
        ? node.asText()
        : YamlWriter.write(node).stripTrailing();
  }

  /** By their places, and whatever has none at least by a mask. */
  private String clean(String text) {
    return redactor.mask(secrets.masked(text));
  }
}
