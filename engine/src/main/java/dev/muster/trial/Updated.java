package dev.muster.trial;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.muster.apply.StepOutcome;
import dev.muster.yaml.YamlDocument;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Makes a case expect what was found. Only what does not fit is written anew; what was not looked
 * at still is not, and every other byte of the file stays.
 */
public final class Updated {
  private static final Set<String> PARTIAL = Set.of("gates", "steps", "after");

  private final CaseResult result;

  public Updated(CaseResult result) {
    this.result = result;
  }

  /**
   * The text of the case file as it would pass.
   *
   * @throws dev.muster.problem.MusterException when the text cannot be edited
   */
  public String text(String now) {
    YamlDocument document = YamlDocument.parse(now);
    ObjectNode wanted = (ObjectNode) document.json();
    for (int i = 0; i < result.stages().size(); i++) {
      CaseResult.Ran ran = result.stages().get(i);
      ObjectNode stage = (ObjectNode) wanted.path("stages").path(i);
      Set<String> keys =
          ran.mismatches().stream().map(m -> m.path().get(0)).collect(Collectors.toSet());
      for (String key : Stage.EXPECTATIONS) {
        if (keys.contains(key)) {
          JsonNode fitting = new Refresh(ran).of(key, stage.path(key));
          if (fitting.isEmpty() && PARTIAL.contains(key)) {
            stage.remove(key); // It would expect nothing.
          } else {
            stage.set(key, fitting);
          }
        }
      }
    }
    return document.become(wanted).text();
  }

  /** The expectations of one stage. */
  private static final class Refresh {
    private final CaseResult.Ran ran;
    private final Seen seen;
    private final Secrets secrets;

    private Refresh(CaseResult.Ran ran) {
      this.ran = ran;
      this.seen = ran.seen();
      this.secrets = seen.objects().secrets();
    }

    private JsonNode of(String key, JsonNode expected) {
      return switch (key) {
        case "changes" -> refreshed(expected, seen.changes());
        case "problems" -> secrets.masked(Verdict.texts(seen.problems()));
        case "notes" -> secrets.masked(Verdict.texts(seen.notes()));
        case "gates" -> gates(expected);
        case "steps" -> steps(expected);
        case "exit" -> IntNode.valueOf(seen.exit());
        case "after" -> after(expected);
        default -> whole();
      };
    }

    /** What was found, or what was expected where it fits it. */
    private JsonNode refreshed(JsonNode expected, JsonNode found) {
      if (expected.isTextual() && expected.asText().equals(Verdict.ANYTHING)) {
        return expected;
      }
      if (expected.isTextual() && found.isTextual()) {
        return secrets.fits(expected.asText(), found.asText())
            ? expected
            : TextNode.valueOf(secrets.masked(found.asText()));
      }
      if (expected.isObject() && found.isObject()) {
        ObjectNode fields = JsonNodeFactory.instance.objectNode();
        found
            .properties()
            .forEach(
                f -> fields.set(f.getKey(), refreshed(expected.path(f.getKey()), f.getValue())));
        return fields;
      }
      return secrets.masked(found);
    }

    /** The fields that are expected, with what was found in them. */
    private JsonNode listed(JsonNode expected, JsonNode found) {
      if (expected.isArray() && found.isArray() && expected.size() == found.size()) {
        ArrayNode elements = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < found.size(); i++) {
          elements.add(listed(expected.get(i), found.get(i)));
        }
        return elements;
      }
      if (!expected.isObject() || !found.isObject()) {
        return refreshed(expected, found);
      }
      ObjectNode fields = JsonNodeFactory.instance.objectNode();
      expected
          .properties()
          .forEach(
              f -> {
                if (found.has(f.getKey())) {
                  fields.set(f.getKey(), listed(f.getValue(), found.get(f.getKey())));
                }
              });
      return fields;
    }

    private JsonNode gates(JsonNode expected) {
      if (!expected.isObject()) {
        return secrets.masked(seen.gates());
      }
      ObjectNode gates = JsonNodeFactory.instance.objectNode();
      expected
          .properties()
          .forEach(
              f -> {
                JsonNode said = seen.gates().path(f.getKey());
                if (!said.isMissingNode()) {
                  gates.set(f.getKey(), gate(f.getValue(), said));
                }
              });
      return gates;
    }

    private JsonNode gate(JsonNode expected, JsonNode said) {
      JsonNode refreshed = listed(expected, said);
      boolean same = said.isObject() && refreshed.isObject() && !refreshed.isEmpty();
      if (!same) {
        refreshed = secrets.masked(said);
      }
      if (expected.has("wrote") && refreshed instanceof ObjectNode node) {
        node.set("wrote", expected.get("wrote"));
      }
      return refreshed;
    }

    private JsonNode steps(JsonNode expected) {
      ObjectNode steps = JsonNodeFactory.instance.objectNode();
      if (expected.isObject()) {
        steps.setAll((ObjectNode) listed(expected, seen.steps()));
      } else if (expected.isNull()) {
        steps.setAll((ObjectNode) secrets.masked(seen.steps()));
        // What a plan has no use for says little, and there is mostly more of it than of the rest.
        seen.steps().properties().stream()
            .filter(step -> step.getValue().asText().equals(new StepOutcome.NotNeeded().word()))
            .forEach(step -> steps.remove(step.getKey()));
      }
      ran.mismatches().stream()
          .filter(m -> m.path().get(0).equals("steps") && m.path().size() == 2)
          .map(m -> m.path().get(1))
          .filter(seen.steps()::has)
          .forEach(step -> steps.set(step, secrets.masked(seen.steps().get(step))));
      return steps;
    }

    private JsonNode after(JsonNode expected) {
      ObjectNode clusters = JsonNodeFactory.instance.objectNode();
      if (!expected.isObject()) {
        seen.written()
            .forEach(
                (cluster, objects) -> {
                  ArrayNode list = clusters.putArray(cluster);
                  objects.forEach(object -> list.add(object.touched()));
                });
        return clusters;
      }
      expected
          .properties()
          .forEach(
              f -> {
                ArrayNode list = clusters.putArray(f.getKey());
                f.getValue().forEach(object -> list.add(object(f.getKey(), object)));
              });
      return clusters;
    }

    private JsonNode object(String cluster, JsonNode expected) {
      boolean gone = Verdict.isGone(expected);
      if (gone && !seen.objects().has(cluster, expected.path("object").asText())) {
        return expected;
      }
      Optional<JsonNode> named = gone ? manifest(expected) : Optional.of(expected);
      Optional<Seen.Objects.Found> found = named.flatMap(n -> seen.objects().of(cluster, n));
      if (found.isPresent()) {
        return listed(named.orElseThrow(), found.get().tree());
      }
      return Names.reference(expected)
          .map(
              ref ->
                  (JsonNode)
                      JsonNodeFactory.instance
                          .objectNode()
                          .put("apiVersion", Laying.OWN)
                          .put("kind", "Gone")
                          .put("object", Names.written(ref)))
          .orElse(expected);
    }

    private static Optional<JsonNode> manifest(JsonNode gone) {
      return Names.parsed(gone.path("object").asText())
          .map(
              ref -> {
                ObjectNode node = JsonNodeFactory.instance.objectNode();
                node.put("apiVersion", ref.apiVersion()).put("kind", ref.kind());
                ObjectNode metadata = node.putObject("metadata");
                if (!ref.namespace().isEmpty()) {
                  metadata.put("namespace", ref.namespace());
                }
                metadata.put("name", ref.name());
                return node;
              });
    }

    private JsonNode whole() {
      ObjectNode clusters = JsonNodeFactory.instance.objectNode();
      seen.written()
          .forEach(
              (cluster, objects) -> {
                ArrayNode list = clusters.putArray(cluster);
                objects.forEach(object -> list.add(object.shown()));
              });
      return clusters;
    }
  }
}
