package dev.muster.trial;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.muster.changes.Snapshot;
import dev.muster.desired.Lookup;
import dev.muster.desired.Need;
import dev.muster.live.LiveObject;
import dev.muster.live.Reading;
import dev.muster.plan.ObjectSource;
import dev.muster.plan.ObjectSpec;
import dev.muster.plan.On;
import dev.muster.plan.Plan;
import dev.muster.resource.ObjectRef;
import dev.muster.resource.Redactor;
import dev.muster.topology.ClusterDeclaration;
import dev.muster.topology.SecretInput;
import dev.muster.topology.Topology;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The sensitive values in the clusters of a case, by the place where the plan sees them first. In
 * what is told and written down a value's place stands for it: {@code (as host.store.data.key)}, or
 * {@code (sensitive)} at that place itself.
 */
final class Secrets {
  static final String ANY = Redactor.MASK;

  /** Shorter ones would be found in ordinary words. */
  private static final int SHORTEST = 6;

  private static final Pattern ARGUMENT = Pattern.compile("(--?[A-Za-z0-9-]+=)(.+)");
  private static final Pattern MARK = Pattern.compile("\\((?:sensitive|as ([^()]+))\\)");

  private final Map<String, String> placeOf = new LinkedHashMap<>();

  /** Mostly what stands elsewhere by itself, and is better known by that place. */
  private final Map<String, String> arguments = new LinkedHashMap<>();

  private final Map<String, String> valueAt = new LinkedHashMap<>();
  private final Map<String, String> prefixes = new LinkedHashMap<>();

  Secrets(Plan plan, Topology topology, TrialClusters clusters, Redactor redactor) {
    Snapshot snapshot = new Snapshot(redactor);
    for (ClusterDeclaration cluster : topology.clusters()) {
      cluster
          .secrets()
          .forEach(
              (key, secret) -> {
                if (secret instanceof SecretInput.Text text) {
                  learn(cluster.name() + "." + key, text.value());
                }
              });
      for (ObjectSpec spec : plan.objects().values()) {
        needs(spec, cluster, topology)
            .forEach(
                need ->
                    clusters
                        .named(need.cluster().name())
                        .flatMap(live -> live.live(need.ref()))
                        .ifPresent(object -> add(cluster, spec, need, object, snapshot)));
      }
    }
    arguments.forEach((value, place) -> learn(place, value));
  }

  private Secrets() {}

  /** Where no topology says what the clusters are. */
  static Secrets none() {
    return new Secrets();
  }

  private static List<Need> needs(ObjectSpec spec, ClusterDeclaration cluster, Topology topology) {
    boolean seen = spec.perPeer() || (cluster.host() ? spec.ofHost() : spec.ofMember());
    if (!seen || !(spec.source() instanceof ObjectSource.One one) || one.elsewhere()) {
      return List.of();
    }
    if (spec.perPeer()) {
      return topology.clusters().stream()
          .filter(peer -> !peer.name().equals(cluster.name()))
          .map(peer -> new Need(cluster, spec, Optional.of(peer)))
          .toList();
    }
    boolean far = spec.perMember() && spec.on() == On.HOST;
    return List.of(
        new Need(
            far ? topology.host() : cluster,
            spec,
            spec.perMember() ? Optional.of(cluster) : Optional.empty()));
  }

  private void add(
      ClusterDeclaration cluster,
      ObjectSpec spec,
      Need need,
      LiveObject object,
      Snapshot snapshot) {
    String peer =
        need.about().filter(one -> spec.perPeer()).map(p -> "[" + p.name() + "]").orElse("");
    String prefix = cluster.name() + "." + spec.name() + peer;
    prefixes.putIfAbsent(need.cluster().name() + object.ref().path(), prefix + ".");
    snapshot.put(need, new Reading.Found(object));
    if (!(snapshot.object(need) instanceof Lookup.Present view)) {
      return;
    }
    List<String> paths = new ArrayList<>(spec.rules().sensitive());
    if (object.ref().kind().equals("Secret")) {
      paths.addAll(List.of("data", "stringData"));
    }
    JsonNode shown = withoutOpen(view.value(), spec.rules().open());
    paths.forEach(path -> walk(shown, List.of(path.split("\\.")), prefix));
  }

  private static JsonNode withoutOpen(JsonNode object, List<String> open) {
    if (open.isEmpty() || !(object.path("data") instanceof ObjectNode data)) {
      return object;
    }
    ObjectNode copy = JsonNodeFactory.instance.objectNode();
    copy.setAll((ObjectNode) object);
    copy.set("data", data.deepCopy().without(open));
    return copy;
  }

  private void walk(JsonNode node, List<String> path, String place) {
    if (node.isArray()) {
      int index = 0;
      for (JsonNode element : node) {
        walk(element, path, place + "[" + index++ + "]");
      }
    } else if (!path.isEmpty() && node.isObject()) {
      walk(node.path(path.get(0)), path.subList(1, path.size()), place + "." + path.get(0));
    } else if (node.isObject()) {
      node.properties().forEach(f -> walk(f.getValue(), path, place + "." + f.getKey()));
    } else if (path.isEmpty() && node.isValueNode() && !node.isNull()) {
      var argument = ARGUMENT.matcher(node.asText());
      boolean listed = place.endsWith("]");
      if (!listed) {
        learn(place, node.asText());
        decoded(node.asText()).ifPresent(text -> learn(place + " decoded", text));
      } else if (argument.matches() && Redactor.looksLikeKey(node.asText())) {
        arguments.putIfAbsent(argument.group(2), place);
      }
    }
  }

  /** What a Secret has may be in the clear elsewhere. */
  private static Optional<String> decoded(String text) {
    try {
      byte[] bytes = Base64.getDecoder().decode(text);
      String clear = new String(bytes, StandardCharsets.UTF_8);
      boolean readable = clear.chars().allMatch(c -> c >= ' ' && c < 0xFFF0 || c == '\n');
      return readable && clear.length() >= SHORTEST ? Optional.of(clear) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private void learn(String place, String value) {
    valueAt.put(place, value);
    if (value.length() >= SHORTEST) {
      placeOf.putIfAbsent(value, place);
    }
  }

  /** A tree of an object with places for values. */
  JsonNode masked(String cluster, ObjectRef ref, JsonNode tree) {
    return masked(tree, prefixes.getOrDefault(cluster + ref.path(), "-"));
  }

  /** A text from anywhere. */
  String masked(String text) {
    return masked(text, "-");
  }

  /** A tree of which nobody says whose it is. */
  JsonNode masked(JsonNode tree) {
    return masked(tree, "-");
  }

  private JsonNode masked(JsonNode node, String own) {
    if (node.isTextual()) {
      return TextNode.valueOf(masked(node.asText(), own));
    }
    if (node.isObject()) {
      ObjectNode copy = JsonNodeFactory.instance.objectNode();
      node.properties().forEach(f -> copy.set(f.getKey(), masked(f.getValue(), own)));
      return copy;
    }
    if (node.isArray()) {
      ArrayNode copy = JsonNodeFactory.instance.arrayNode();
      node.forEach(element -> copy.add(masked(element, own)));
      return copy;
    }
    return node;
  }

  private String masked(String text, String own) {
    String masked = text;
    for (String value : longestFirst()) {
      String place = placeOf.getOrDefault(value, "");
      masked = masked.replace(value, place.startsWith(own) ? ANY : "(as " + place + ")");
    }
    return masked;
  }

  private List<String> longestFirst() {
    return placeOf.keySet().stream()
        .sorted(Comparator.comparing(String::length).reversed().thenComparing(s -> s))
        .toList();
  }

  /** Whether a text is what a case says of it, marks standing for values. */
  boolean fits(String expected, String actual) {
    if (expected.equals(actual) || !MARK.matcher(expected).find()) {
      return expected.equals(actual);
    }
    StringBuilder form = new StringBuilder();
    int from = 0;
    var marks = MARK.matcher(expected);
    while (marks.find()) {
      form.append(Pattern.quote(expected.substring(from, marks.start())));
      String place = marks.group(1);
      form.append(place == null ? "(.+)" : Pattern.quote(valueAt.getOrDefault(place, "\0")));
      from = marks.end();
    }
    form.append(Pattern.quote(expected.substring(from)));
    var found = Pattern.compile(form.toString(), Pattern.DOTALL).matcher(actual);
    if (!found.matches()) {
      return false;
    }
    for (int group = 1; group <= found.groupCount(); group++) {
      String value = found.group(group);
      // A short value is not in the text of others, but may well be one.
      if (!valueAt.containsValue(value) && placeOf.keySet().stream().noneMatch(value::contains)) {
        return false;
      }
    }
    return true;
  }

  /** The places that a text names and that hold no sensitive value. */
  List<String> unknown(String expected) {
    return MARK.matcher(expected)
        .results()
        .map(mark -> mark.group(1))
        .filter(place -> place != null && !valueAt.containsKey(place))
        .toList();
  }
}
