package dev.muster.testbed.reconcile;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ContainerNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Objects as they are at one moment, by cluster and name. */
record Live(Map<String, ObjectNode> objects) {
  Live {
    objects = new LinkedHashMap<>(objects);
  }

  Optional<ObjectNode> get(String key) {
    return Optional.ofNullable(objects.get(key));
  }

  Set<String> keys() {
    return objects.keySet();
  }

  String uid(String key) {
    return get(key).map(object -> object.at("/metadata/uid").asText()).orElse("");
  }

  /** Without empty maps and lists: whether a server keeps them is its own affair. */
  static JsonNode pruned(JsonNode node) {
    if (node instanceof ObjectNode map) {
      map.forEach(Live::pruned);
      map.properties()
          .removeIf(entry -> entry.getValue() instanceof ContainerNode<?> c && c.isEmpty());
    } else {
      node.forEach(Live::pruned);
    }
    return node;
  }
}
