package dev.muster.sandbox.server.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Applies Kubernetes' strategic merge patches with their {@code $patch}, {@code $retainKeys},
 * {@code $setElementOrder} and {@code $deleteFromPrimitiveList} directives.
 */
public final class StrategicMerge {
  private static final String PATCH = "$patch";
  private static final String RETAIN = "$retainKeys";
  private static final String ORDER = "$setElementOrder/";
  private static final String DELETE_VALUES = "$deleteFromPrimitiveList/";

  private StrategicMerge() {}

  /** The patched document; the one given is left as it is. */
  public static ObjectNode apply(ObjectNode document, ObjectNode patch) throws PatchFailure {
    return object(document.deepCopy(), patch);
  }

  private static ObjectNode object(ObjectNode live, ObjectNode patch) throws PatchFailure {
    String directive = patch.path(PATCH).asText("");
    if (directive.equals("replace")) {
      ObjectNode replaced = patch.deepCopy();
      replaced.remove(PATCH);
      return replaced;
    }
    if (directive.equals("delete")) {
      return Json.object();
    }
    if (!directive.isEmpty() && !directive.equals("merge")) {
      throw PatchFailure.malformed("unrecognized $patch directive: " + directive);
    }
    retain(live, patch);
    for (var fields = patch.fields(); fields.hasNext(); ) {
      var field = fields.next();
      String name = field.getKey();
      JsonNode value = field.getValue();
      if (name.startsWith(DELETE_VALUES)) {
        deleteValues(live, name.substring(DELETE_VALUES.length()), value);
      } else if (name.startsWith("$")) {
        continue;
      } else if (value.isNull()) {
        live.remove(name);
      } else if (value instanceof ObjectNode below) {
        ObjectNode base = live.get(name) instanceof ObjectNode child ? child : Json.object();
        live.set(name, object(base, below));
      } else if (value instanceof ArrayNode below) {
        ArrayNode base = live.get(name) instanceof ArrayNode child ? child : Json.array();
        live.set(name, list(name, base, below));
      } else {
        live.set(name, value);
      }
    }
    for (var fields = patch.fields(); fields.hasNext(); ) {
      var field = fields.next();
      if (field.getKey().startsWith(ORDER)) {
        String name = field.getKey().substring(ORDER.length());
        if (live.get(name) instanceof ArrayNode list) {
          live.set(name, ordered(name, list, field.getValue()));
        }
      }
    }
    return live;
  }

  private static void retain(ObjectNode live, ObjectNode patch) {
    JsonNode retained = patch.path(RETAIN);
    if (retained.isArray()) {
      List<String> names = new ArrayList<>();
      retained.forEach(name -> names.add(name.asText()));
      live.retain(names);
    }
  }

  private static void deleteValues(ObjectNode live, String name, JsonNode values) {
    if (live.get(name) instanceof ArrayNode list) {
      ArrayNode kept = Json.array();
      for (JsonNode element : list) {
        if (!contains(values, element)) {
          kept.add(element);
        }
      }
      live.set(name, kept);
    }
  }

  private static ArrayNode list(String name, ArrayNode live, ArrayNode patch) throws PatchFailure {
    if (ListKeys.isSet(name)) {
      ArrayNode union = live.deepCopy();
      for (JsonNode element : patch) {
        if (!contains(union, element)) {
          union.add(element);
        }
      }
      return union;
    }
    String key = ListKeys.mergeKey(name, patch, live);
    if (key == null || !allObjects(patch)) {
      return patch.deepCopy();
    }
    ArrayNode result = live.deepCopy();
    for (JsonNode element : patch) {
      if (element.path(PATCH).asText("").equals("replace") && !element.has(key)) {
        ArrayNode replaced = Json.array();
        patch.forEach(
            e -> {
              if (!e.has(PATCH)) {
                replaced.add(e.deepCopy());
              }
            });
        return replaced;
      }
    }
    for (JsonNode element : patch) {
      merge(result, (ObjectNode) element, key, name);
    }
    return result;
  }

  private static void merge(ArrayNode result, ObjectNode element, String key, String name)
      throws PatchFailure {
    JsonNode identity = element.get(key);
    if (identity == null) {
      throw PatchFailure.malformed(
          "map: "
              + element
              + " does not contain declared merge key: "
              + key
              + " (in "
              + name
              + ")");
    }
    int at = find(result, key, identity);
    if (element.path(PATCH).asText("").equals("delete")) {
      if (at >= 0) {
        result.remove(at);
      }
    } else if (at >= 0 && result.get(at) instanceof ObjectNode existing) {
      result.set(at, object(existing, element));
    } else {
      result.add(object(Json.object(), element));
    }
  }

  /** The elements that the order names come first, in that order; the others keep theirs behind. */
  private static ArrayNode ordered(String name, ArrayNode list, JsonNode order) {
    @Nullable String key = ListKeys.mergeKey(name, list, order);
    List<JsonNode> rest = new ArrayList<>();
    list.forEach(rest::add);
    ArrayNode result = Json.array();
    for (JsonNode wanted : order) {
      for (JsonNode element : List.copyOf(rest)) {
        boolean match =
            key != null && wanted.isObject()
                ? Json.same(element.path(key), wanted.path(key))
                : Json.same(element, wanted);
        if (match) {
          result.add(element);
          rest.remove(element);
          break;
        }
      }
    }
    rest.forEach(result::add);
    return result;
  }

  private static int find(ArrayNode list, String key, JsonNode identity) {
    for (int i = 0; i < list.size(); i++) {
      if (Json.same(list.get(i).path(key), identity)) {
        return i;
      }
    }
    return -1;
  }

  private static boolean contains(JsonNode list, JsonNode wanted) {
    for (JsonNode element : list) {
      if (Json.same(element, wanted)) {
        return true;
      }
    }
    return false;
  }

  private static boolean allObjects(ArrayNode list) {
    for (JsonNode element : list) {
      if (!element.isObject()) {
        return false;
      }
    }
    return true;
  }
}
