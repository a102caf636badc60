package dev.muster.sandbox.server.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.muster.sandbox.server.json.JsonPaths;
import java.util.List;
import java.util.function.Function;

/** One column of what {@code kubectl get} prints; priority 1 shows only with {@code -o wide}. */
public record Column(String name, String type, int priority, Function<JsonNode, JsonNode> cell) {

  /** A column as a CRD declares it; type date is printed as an age. */
  public static Column jsonPath(String name, String type, int priority, String path) {
    return new Column(
        name,
        type,
        priority,
        object -> {
          List<JsonNode> found = JsonPaths.find(object, path);
          if (found.isEmpty()) {
            return JsonNodeFactory.instance.nullNode();
          }
          JsonNode first = found.get(0);
          return first.isValueNode() ? first : JsonNodeFactory.instance.textNode(first.toString());
        });
  }

  static Column text(String name, Function<JsonNode, String> cell) {
    return new Column(
        name, "string", 0, object -> JsonNodeFactory.instance.textNode(cell.apply(object)));
  }

  static Column wide(String name, Function<JsonNode, String> cell) {
    return new Column(
        name, "string", 1, object -> JsonNodeFactory.instance.textNode(cell.apply(object)));
  }
}
