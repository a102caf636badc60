package dev.muster.sandbox.server.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which fields tell the elements of a built-in kind's lists apart, by the name of the list. */
public final class ListKeys {
  private static final Map<String, List<String>> KEYS =
      Map.ofEntries(
          Map.entry("containers", List.of("name")),
          Map.entry("initContainers", List.of("name")),
          Map.entry("ephemeralContainers", List.of("name")),
          Map.entry("env", List.of("name")),
          Map.entry("volumes", List.of("name")),
          Map.entry("imagePullSecrets", List.of("name")),
          Map.entry("secrets", List.of("name")),
          Map.entry("volumeMounts", List.of("mountPath")),
          Map.entry("volumeDevices", List.of("devicePath")),
          Map.entry("conditions", List.of("type")),
          Map.entry("addresses", List.of("type")),
          Map.entry("hostAliases", List.of("ip")),
          Map.entry("topologySpreadConstraints", List.of("topologyKey", "whenUnsatisfiable")),
          Map.entry("taints", List.of("key")),
          Map.entry("webhooks", List.of("name")),
          Map.entry("ownerReferences", List.of("uid")));

  private ListKeys() {}

  /**
   * The keys that server-side field ownership uses, or an empty list for a list taken as a whole.
   */
  public static List<String> of(String listName, JsonNode list) {
    if (!objects(list)) {
      return List.of();
    }
    if (listName.equals("ports")) {
      return list.get(0).has("containerPort")
          ? List.of("containerPort", "protocol")
          : List.of("port", "protocol");
    }
    return KEYS.getOrDefault(listName, List.of());
  }

  /** The one key that a strategic merge patch uses, or null for a list that is replaced. */
  static @Nullable String mergeKey(String listName, JsonNode patch, JsonNode live) {
    if (listName.equals("ports")) {
      return anyHas(patch, "containerPort") || anyHas(live, "containerPort")
          ? "containerPort"
          : "port";
    }
    List<String> keys = KEYS.get(listName);
    // Addresses and taints are replaced or merged differently per kind; the common case is a merge.
    return keys == null ? null : keys.get(0);
  }

  /** True for the lists of plain values that a strategic merge patch adds to. */
  static boolean isSet(String listName) {
    return listName.equals("finalizers");
  }

  private static boolean anyHas(JsonNode list, String field) {
    for (JsonNode element : list) {
      if (element.has(field)) {
        return true;
      }
    }
    return false;
  }

  private static boolean objects(JsonNode list) {
    if (!list.isArray() || list.isEmpty()) {
      return false;
    }
    for (JsonNode element : list) {
      if (!(element instanceof ObjectNode)) {
        return false;
      }
    }
    return true;
  }
}
