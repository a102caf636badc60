package dev.muster.records;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.problem.Problems;
import dev.muster.resource.FieldPath;
import dev.muster.yaml.YamlNode;
import dev.muster.yaml.YamlReader;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** A YAML text as its single fields, in its own order. */
final class Flattened {
  private final Map<FieldPath, JsonNode> fields = new LinkedHashMap<>();

  private Flattened() {}

  /** Fields of a text that muster wrote itself, or that it once read as valid. */
  static Map<FieldPath, JsonNode> of(String file, String text) {
    Flattened flattened = new Flattened();
    YamlReader.read(file, text, new Problems())
        .map(YamlNode::json)
        .ifPresent(tree -> flattened.visit(FieldPath.root(), tree));
    return Collections.unmodifiableMap(flattened.fields);
  }

  private void visit(FieldPath path, JsonNode node) {
    if (node.isObject() && !node.isEmpty()) {
      node.fields().forEachRemaining(e -> visit(path.child(e.getKey()), e.getValue()));
    } else if (named(node)) {
      node.forEach(e -> visit(path.child("[name=" + e.path("name").asText() + "]"), e));
    } else if (plain(node)) {
      for (int i = 0; i < node.size(); i++) {
        fields.put(path.child("[" + i + "]"), node.get(i));
      }
    } else if (!path.segments().isEmpty()) {
      fields.put(path, node);
    }
  }

  /** Whether a list holds single values, each told by its position as in a change set. */
  private static boolean plain(JsonNode list) {
    for (JsonNode element : list) {
      if (!element.isValueNode()) {
        return false;
      }
    }
    return list.isArray() && !list.isEmpty();
  }

  /** Whether the elements of a list are told apart by their names; else it is one field. */
  private static boolean named(JsonNode list) {
    Set<String> names = new HashSet<>();
    for (JsonNode element : list) {
      if (!element.isObject() || !element.path("name").isTextual()) {
        return false;
      }
      names.add(element.path("name").asText());
    }
    return list.isArray() && !list.isEmpty() && names.size() == list.size();
  }
}
