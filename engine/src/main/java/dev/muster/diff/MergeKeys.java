package dev.muster.diff;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.problem.MusterException;
import dev.muster.resource.Declared;
import dev.muster.resource.FieldPath;
import dev.muster.resource.FieldRules;
import dev.muster.resource.ObjectRef;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * By which keys the elements of a list are one and the same: those the plan gives, else those that
 * Kubernetes' own types have.
 */
final class MergeKeys {
  /** Elements are scalars, and each is its own key. */
  private static final String SET = "";

  private static final Map<String, String> POD =
      Map.of(
          "volumes", "name",
          "imagePullSecrets", "name",
          "hostAliases", "ip",
          "topologySpreadConstraints", "topologyKey,whenUnsatisfiable",
          "schedulingGates", "name",
          "resourceClaims", "name");
  private static final Map<String, String> CONTAINER =
      Map.of(
          "env", "name",
          "ports", "containerPort,protocol",
          "volumeMounts", "mountPath",
          "volumeDevices", "devicePath",
          "resources.claims", "name");
  private static final Map<String, String> POD_SPECS =
      Map.of(
          "/Pod", "spec",
          "/PodTemplate", "template.spec",
          "/ReplicationController", "spec.template.spec",
          "apps/Deployment", "spec.template.spec",
          "apps/StatefulSet", "spec.template.spec",
          "apps/DaemonSet", "spec.template.spec",
          "apps/ReplicaSet", "spec.template.spec",
          "batch/Job", "spec.template.spec",
          "batch/CronJob", "spec.jobTemplate.spec.template.spec");

  private final Map<String, String> keys = new HashMap<>();

  MergeKeys(ObjectRef ref, FieldRules rules) {
    keys.put("metadata.ownerReferences", "uid");
    keys.put("metadata.finalizers", SET);
    keys.put("status.conditions", "type");
    String kind = ref.group() + "/" + ref.kind();
    if (kind.equals("/Service")) {
      keys.put("spec.ports", "port,protocol");
    }
    if (kind.equals("/ServiceAccount")) {
      keys.put("secrets", "name");
      keys.put("imagePullSecrets", "name");
    }
    String pod = POD_SPECS.get(kind);
    if (pod != null) {
      POD.forEach((list, key) -> keys.put(pod + "." + list, key));
      for (String containers : List.of("containers", "initContainers", "ephemeralContainers")) {
        keys.put(pod + "." + containers, "name");
        CONTAINER.forEach((list, key) -> keys.put(pod + "." + containers + "." + list, key));
      }
    }
    keys.putAll(rules.mergeKeys());
  }

  /** The keys of the list; an empty list for scalars that are their own key; else nothing. */
  Optional<List<String>> of(FieldPath list) {
    String key = keys.get(dotted(list));
    if (key == null) {
      return Optional.empty();
    }
    return Optional.of(key.equals(SET) ? List.of() : List.of(key.split(" *, *")));
  }

  /** The path without its list segments, as {@link FieldRules} writes it. */
  static String dotted(FieldPath path) {
    List<String> keys = path.segments().stream().filter(s -> !s.startsWith("[")).toList();
    return String.join(".", keys);
  }

  /** Where the element with this segment stands; -1 when it is not there. */
  static int find(JsonNode list, List<String> keys, String segment) {
    for (int i = 0; i < list.size(); i++) {
      if (segment(list.get(i), keys).equals(Optional.of(segment))) {
        return i;
      }
    }
    return -1;
  }

  /** Where the element with each segment stands; of several with one segment the first. */
  static Map<String, Integer> places(JsonNode list, List<String> keys) {
    Map<String, Integer> places = new HashMap<>();
    for (int i = 0; i < list.size(); i++) {
      int place = i;
      segment(list.get(i), keys).ifPresent(segment -> places.putIfAbsent(segment, place));
    }
    return places;
  }

  /** {@code [name=agent]}; empty when the element lacks a key. */
  static Optional<String> segment(JsonNode element, List<String> keys) {
    if (keys.isEmpty()) {
      return element.isValueNode() ? Optional.of("[=" + element.asText() + "]") : Optional.empty();
    }
    List<String> parts = new ArrayList<>();
    for (String key : keys) {
      JsonNode value = element.path(key);
      if (value.isValueNode() && !value.isNull()) {
        parts.add(key + "=" + value.asText());
      } else if (key.equals("protocol")) {
        // The API server fills in TCP, so a port without protocol is the one with TCP.
        parts.add("protocol=TCP");
      } else {
        return Optional.empty();
      }
    }
    return Optional.of("[" + String.join(",", parts) + "]");
  }

  /**
   * The segment of a declared element; empty while one of its keys is not known.
   *
   * @throws MusterException when the declaration gives no key
   */
  static Optional<String> segment(Declared element, List<String> keys, FieldPath list) {
    if (!element.knownAfter().isEmpty()) {
      List<String> unknown = keys;
      if (element instanceof Declared.Fields fields) {
        unknown =
            keys.stream()
                .filter(key -> fields.entries().get(key) instanceof Declared.Unknown)
                .toList();
      }
      if (!unknown.isEmpty() || keys.isEmpty()) {
        return Optional.empty();
      }
    }
    Optional<String> segment = segment(keyNode(element, keys), keys);
    if (segment.isEmpty()) {
      throw MusterException.of(
          "an element of " + list + " does not say its " + String.join(" and ", keys),
          "elements of this list are told apart by " + String.join(" and ", keys));
    }
    return segment;
  }

  private static JsonNode keyNode(Declared element, List<String> keys) {
    if (element instanceof Declared.Known known) {
      return known.value();
    }
    var node = com.fasterxml.jackson.databind.node.JsonNodeFactory.instance.objectNode();
    if (element instanceof Declared.Fields fields) {
      for (String key : keys) {
        if (fields.entries().get(key) instanceof Declared.Known known) {
          node.set(key, known.value());
        }
      }
    }
    return node;
  }
}
