package dev.muster.trial;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.live.Failure;
import dev.muster.live.LogLine;
import dev.muster.live.LogQuery;
import dev.muster.plan.ObjectSource;
import dev.muster.plan.ObjectSpec;
import dev.muster.plan.Plan;
import dev.muster.problem.Problems;
import dev.muster.resource.DocumentPlace;
import dev.muster.resource.ObjectRef;
import dev.muster.yaml.YamlDocument;
import dev.muster.yaml.YamlNode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Lays the documents of a case over its clusters. An object that is not there is made; of one that
 * is there the named fields are set, {@code null} takes a field away, lists are replaced. Documents
 * with our own apiVersion say what is no object: that a cluster or an object cannot be read, that
 * an object is gone, what a log says, where a Service or a kubeconfig leads.
 */
final class Laying {
  static final String OWN = "muster.dev/v1alpha1";
  private static final Map<String, Set<String>> KEYS =
      Map.of(
          "Unreachable", Set.of("failure", "message"),
          "Reachable", Set.of(),
          "Unreadable", Set.of("object", "failure", "message"),
          "Gone", Set.of("object"),
          "Log", Set.of("namespace", "selector", "container", "lines"),
          "Service", Set.of("service", "to", "failure", "message"),
          "Kubeconfig", Set.of("to", "failure", "message"));

  private final Plan plan;
  private final Names names;
  private final TrialTime time;
  private final Problems problems;

  Laying(Plan plan, TrialTime time, Problems problems) {
    this.plan = plan;
    this.names = new Names(plan);
    this.time = time;
    this.problems = problems;
  }

  void lay(TrialCluster cluster, YamlNode document) {
    JsonNode json = document.json();
    if (json.path("apiVersion").asText().equals(OWN)) {
      told(cluster, document, json);
      return;
    }
    Optional<ObjectRef> ref = names.of(json);
    if (ref.isEmpty()) {
      problems.error(
          document.where(),
          "this is no Kubernetes object: apiVersion, kind and metadata.name are needed",
          "what is no object has apiVersion " + OWN + " and one of the kinds " + kinds());
      return;
    }
    ObjectNode tree =
        cluster
            .live(ref.get())
            .map(live -> (ObjectNode) live.tree().deepCopy())
            .orElseGet(JsonNodeFactory.instance::objectNode);
    cluster.put(ref.get(), merged(tree, (ObjectNode) documents(ref.get(), tree, json)));
  }

  private static String kinds() {
    return String.join(", ", KEYS.keySet().stream().sorted().toList());
  }

  /** As RFC 7386 has it. */
  static ObjectNode merged(ObjectNode tree, JsonNode over) {
    for (Map.Entry<String, JsonNode> field : over.properties()) {
      JsonNode value = field.getValue();
      if (value.isNull()) {
        tree.remove(field.getKey());
      } else if (value.isObject()) {
        ObjectNode below =
            tree.get(field.getKey()) instanceof ObjectNode there
                ? there
                : JsonNodeFactory.instance.objectNode();
        tree.set(field.getKey(), merged(below, value));
      } else {
        tree.set(field.getKey(), value.deepCopy());
      }
    }
    return tree;
  }

  /** What stands under the name of an embedded document goes into the text that holds it. */
  private JsonNode documents(ObjectRef ref, ObjectNode live, JsonNode over) {
    Map<String, DocumentPlace> embedded = embedded(ref);
    if (embedded.keySet().stream().noneMatch(over::has)) {
      return over;
    }
    ObjectNode copy = over.deepCopy();
    embedded.forEach(
        (name, place) -> {
          if (copy.remove(name) instanceof ObjectNode inside) {
            String text = place.text(place.in(live)).orElse(place.json() ? "{}" : "");
            YamlDocument document = YamlDocument.parse(text);
            String edited = document.become(merged((ObjectNode) document.json(), inside)).text();
            set(copy, place.field().segments(), place.value(edited));
          }
        });
    return copy;
  }

  /** The embedded documents of an object, by the names that the plan gives them. */
  Map<String, DocumentPlace> embedded(ObjectRef ref) {
    for (ObjectSpec spec : plan.objects().values()) {
      if (!spec.rules().documents().isEmpty()
          && spec.source() instanceof ObjectSource.One one
          && one.mayBe(ref)
          && (one.name().source().contains("${") || one.name().source().equals(ref.name()))) {
        return spec.rules().at(key -> key(key, one.name().source(), ref.name())).documents();
      }
    }
    return Map.of();
  }

  /** A key that follows from the same expression as the name of the object. */
  private static String key(String key, String pattern, String name) {
    int at = key.startsWith("${") ? pattern.indexOf(key) : -1;
    int behind = at < 0 ? 0 : pattern.length() - at - key.length();
    return at < 0 || name.length() < at + behind ? key : name.substring(at, name.length() - behind);
  }

  static JsonNode at(JsonNode tree, List<String> segments) {
    JsonNode at = tree;
    for (String segment : segments) {
      at = at.path(segment);
    }
    return at;
  }

  private static void set(ObjectNode tree, List<String> segments, JsonNode value) {
    ObjectNode at = tree;
    for (String segment : segments.subList(0, segments.size() - 1)) {
      at = at.withObjectProperty(segment);
    }
    at.set(segments.get(segments.size() - 1), value);
  }

  private void told(TrialCluster cluster, YamlNode document, JsonNode json) {
    String kind = json.path("kind").asText();
    Set<String> allowed = KEYS.get(kind);
    if (allowed == null) {
      problems.error(
          document.child("kind").map(YamlNode::where).orElse(document.where()),
          "a case has no kind \"" + kind + "\"",
          "use one of: " + kinds());
      return;
    }
    for (Map.Entry<String, JsonNode> field : json.properties()) {
      String key = field.getKey();
      if (!allowed.contains(key) && !Set.of("apiVersion", "kind").contains(key)) {
        problems.error(
            document.child(key).map(YamlNode::where).orElse(document.where()),
            kind + " has no key \"" + key + "\"",
            "allowed are: " + String.join(", ", allowed.stream().sorted().toList()));
        return;
      }
    }
    switch (kind) {
      case "Reachable" -> cluster.reachable(Optional.empty());
      case "Unreachable" -> cluster.reachable(Optional.of(failure(document, json)));
      case "Unreadable" ->
          object(document, json).ifPresent(ref -> cluster.unreadable(ref, failure(document, json)));
      case "Gone" -> object(document, json).ifPresent(cluster::gone);
      case "Log" -> log(cluster, document, json);
      case "Service" -> service(cluster, document, json);
      default -> cluster.kubeconfig(way(document, json));
    }
  }

  private Optional<ObjectRef> object(YamlNode document, JsonNode json) {
    Optional<ObjectRef> ref = names.of(json.path("object").asText());
    if (ref.isEmpty()) {
      problems.error(
          document.child("object").map(YamlNode::where).orElse(document.where()),
          "object names no object",
          "write group/version/Kind/[namespace/]name; without the group for v1 kinds");
    }
    return ref;
  }

  private Failure failure(YamlNode document, JsonNode json) {
    String kind = json.path("failure").asText("timeout").toUpperCase(Locale.ROOT).replace(' ', '_');
    try {
      Failure.Kind found = Failure.Kind.valueOf(kind);
      return new Failure(found, json.path("message").asText(found.name().toLowerCase(Locale.ROOT)));
    } catch (IllegalArgumentException e) {
      List<String> all = new ArrayList<>();
      for (Failure.Kind each : Failure.Kind.values()) {
        all.add(each.name().toLowerCase(Locale.ROOT).replace('_', ' '));
      }
      problems.error(
          document.child("failure").map(YamlNode::where).orElse(document.where()),
          "muster knows no failure \"" + json.path("failure").asText() + "\"",
          "use one of: " + String.join(", ", all));
      return new Failure(Failure.Kind.TIMEOUT, "");
    }
  }

  private TrialCluster.Way way(YamlNode document, JsonNode json) {
    return json.has("to")
        ? new TrialCluster.Way(json.path("to").asText(), Optional.empty())
        : new TrialCluster.Way("", Optional.of(failure(document, json)));
  }

  private void service(TrialCluster cluster, YamlNode document, JsonNode json) {
    String[] parts = json.path("service").asText().split("[/:]", -1);
    if (parts.length != 4) {
      problems.error(
          document.child("service").map(YamlNode::where).orElse(document.where()),
          "service names no Service",
          "write it as plans do: namespace/scheme:name:port");
      return;
    }
    String path = new dev.muster.live.ServicePort(parts[0], parts[1], parts[2], parts[3]).path();
    cluster.service(path, way(document, json));
  }

  private void log(TrialCluster cluster, YamlNode document, JsonNode json) {
    List<LogLine> lines = new ArrayList<>();
    for (JsonNode line : json.path("lines")) {
      Instant at = time.now();
      if (line.has("time")) {
        try {
          at = Instant.parse(line.path("time").asText());
        } catch (DateTimeParseException e) {
          problems.error(
              document.where(), "the time of a log line is not as in 2026-01-31T12:00:00Z");
        }
      }
      lines.add(
          new LogLine(
              at,
              line.path("pod").asText("pod"),
              line.isTextual() ? line.asText() : line.path("text").asText()));
    }
    cluster.log(
        new LogQuery(
            json.path("namespace").asText(),
            json.path("selector").asText(),
            json.path("container").asText("")),
        lines);
  }
}
