package dev.muster.records;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.muster.history.GitHistory;
import dev.muster.history.RunEntry;
import dev.muster.problem.MusterException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The record of one run, read.
 *
 * @param changeSet as {@code schemas/change-set.schema.json}; missing in a record of another kind
 * @param result what came of it; missing while the run is open or when it was interrupted
 */
public record RunDetails(RunEntry run, JsonNode changeSet, JsonNode result) {
  static final String CHANGE_SET = "change-set.json";
  static final String RESULT = "result.json";
  static final String TOPOLOGY = "topology.yaml";
  static final String PLAN = "plan.yaml";

  private static final ObjectMapper JSON = new ObjectMapper();

  static RunDetails read(GitHistory history, RunEntry run) {
    return new RunDetails(
        run,
        json(run, CHANGE_SET, history.file(run, CHANGE_SET).orElse("")),
        json(run, RESULT, history.file(run, RESULT).orElse("")));
  }

  private static JsonNode json(RunEntry run, String file, String text) {
    if (text.isBlank()) {
      return MissingNode.getInstance();
    }
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw MusterException.of(
          file + " of run " + run.runId() + " is no JSON; somebody else wrote that record",
          "look at it: git show " + run.commit().substring(0, 10) + ":" + file);
    }
  }

  /** Step to what came of it; without those of which nobody wrote that down. */
  Map<String, JsonNode> results() {
    Map<String, JsonNode> results = new HashMap<>();
    result.path("steps").forEach(one -> results.putIfAbsent(one.path("id").asText(), one));
    return results;
  }

  /** The word for how a step ended; empty when nobody wrote that down. */
  private static String outcome(Map<String, JsonNode> results, String step) {
    return results.getOrDefault(step, MissingNode.getInstance()).path("result").asText();
  }

  /** {@code Kind/namespace/name} or {@code Kind/name}. */
  static String object(JsonNode ref) {
    String namespace = ref.path("namespace").asText();
    return ref.path("kind").asText()
        + "/"
        + (namespace.isEmpty() ? "" : namespace + "/")
        + ref.path("name").asText();
  }

  /** Where the record keeps the live fields of an object. */
  static String livePath(String cluster, JsonNode ref) {
    String namespace = ref.path("namespace").asText();
    return "live/"
        + cluster
        + "/"
        + ref.path("kind").asText().toLowerCase(java.util.Locale.ROOT)
        + "."
        + (namespace.isEmpty() ? "" : namespace + ".")
        + ref.path("name").asText()
        + ".yaml";
  }

  /** The objects that the run looked at, by the path of their live fields. */
  Map<String, LiveObject> objects() {
    Map<String, LiveObject> objects = new LinkedHashMap<>();
    Map<String, JsonNode> results = results();
    for (JsonNode step : changeSet.path("steps")) {
      String cluster = step.path("cluster").asText();
      for (JsonNode change : step.path("changes")) {
        JsonNode ref = change.path("ref");
        boolean deleted =
            change.path("action").asText().equals("delete")
                && outcome(results, step.path("id").asText()).equals("applied");
        objects.merge(
            livePath(cluster, ref),
            new LiveObject(cluster, object(ref), deleted),
            (one, other) -> other);
      }
    }
    return objects;
  }

  /**
   * An object of a cluster.
   *
   * @param deleted whether the run took it away
   */
  record LiveObject(String cluster, String name, boolean deleted) {}

  /** What the run wrote, or tried to, in the order of its steps. */
  List<Event> events() {
    List<Event> events = new ArrayList<>();
    Map<String, JsonNode> results = results();
    for (JsonNode step : changeSet.path("steps")) {
      String decision = step.path("decision").asText();
      if (!decision.equals("run")) {
        continue;
      }
      String id = step.path("id").asText();
      String outcome = outcome(results, id);
      for (JsonNode change : step.path("changes")) {
        String action = change.path("action").asText();
        if (action.equals("unchanged") || action.equals("delete")) {
          continue;
        }
        String object = object(change.path("ref"));
        for (JsonNode field : change.path("fields")) {
          events.add(
              new Event(
                  run,
                  new FieldName(
                      step.path("cluster").asText(),
                      object,
                      dev.muster.resource.FieldPath.parse(field.path("path").asText())),
                  field.path("action").asText(),
                  text(field.path("before")),
                  text(field.path("after")),
                  field.path("sensitive").asBoolean(),
                  id,
                  outcome,
                  Event.certainty(outcome)));
        }
      }
    }
    return events;
  }

  private static String text(JsonNode value) {
    return value.isMissingNode() ? "" : value.toString();
  }
}
