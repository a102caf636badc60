package dev.muster.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.problem.MusterException;
import java.util.List;

/** Trees with one field changed; the trees given stay as they are. */
final class TreePath {
  private TreePath() {}

  static JsonNode with(JsonNode tree, List<String> path, JsonNode value) {
    if (path.isEmpty()) {
      return value;
    }
    String segment = path.get(0);
    List<String> rest = path.subList(1, path.size());
    if (tree instanceof ArrayNode array) {
      int index = index(array, segment);
      if (index < 0) {
        throw MusterException.of("embedded document: there is no list element " + segment);
      }
      ArrayNode copy = array.deepCopy();
      copy.set(index, with(array.get(index), rest, value));
      return copy;
    }
    if (!tree.isObject() && !tree.isNull()) {
      throw MusterException.of("embedded document: " + segment + " lies below a scalar");
    }
    ObjectNode copy =
        tree instanceof ObjectNode object
            ? object.deepCopy()
            : JsonNodeFactory.instance.objectNode();
    JsonNode child = copy.has(segment) ? copy.get(segment) : JsonNodeFactory.instance.nullNode();
    copy.set(segment, with(child, rest, value));
    return copy;
  }

  static JsonNode without(JsonNode tree, List<String> path) {
    if (path.isEmpty()) {
      return JsonNodeFactory.instance.objectNode();
    }
    String segment = path.get(0);
    List<String> rest = path.subList(1, path.size());
    if (tree instanceof ArrayNode array) {
      int index = index(array, segment);
      if (index < 0) {
        return tree;
      }
      ArrayNode copy = array.deepCopy();
      if (rest.isEmpty()) {
        copy.remove(index);
      } else {
        copy.set(index, without(array.get(index), rest));
      }
      return copy;
    }
    if (!(tree instanceof ObjectNode object) || !object.has(segment)) {
      return tree;
    }
    ObjectNode copy = object.deepCopy();
    if (rest.isEmpty()) {
      copy.remove(segment);
    } else {
      copy.set(segment, without(object.get(segment), rest));
    }
    return copy;
  }

  private static int index(ArrayNode array, String segment) {
    if (!segment.startsWith("[") || !segment.endsWith("]")) {
      return -1;
    }
    String inner = segment.substring(1, segment.length() - 1);
    if (inner.matches("[0-9]{1,9}")) {
      int index = Integer.parseInt(inner);
      return index < array.size() ? index : -1;
    }
    int equals = inner.indexOf('=');
    for (int i = 0; equals > 0 && i < array.size(); i++) {
      JsonNode value = array.get(i).path(inner.substring(0, equals));
      if (value.isValueNode() && value.asText().equals(inner.substring(equals + 1))) {
        return i;
      }
    }
    return -1;
  }
}
