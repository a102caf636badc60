package dev.muster.sandbox.server.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** Applies RFC 6902 patches; the document given is left as it is. */
public final class JsonPatchApply {
  private JsonPatchApply() {}

  /** The patched document; a failing operation leaves nothing applied. */
  public static JsonNode apply(JsonNode document, JsonNode patch) throws PatchFailure {
    if (!patch.isArray()) {
      throw PatchFailure.malformed("a JSON patch is a list of operations");
    }
    JsonNode result = document.deepCopy();
    for (JsonNode operation : patch) {
      result = step(result, operation);
    }
    return result;
  }

  private static JsonNode step(JsonNode root, JsonNode operation) throws PatchFailure {
    List<String> path = pointer(operation, "path");
    String op = operation.path("op").asText();
    switch (op) {
      case "add":
        return add(root, path, value(operation));
      case "remove":
        get(root, path);
        return remove(root, path);
      case "replace":
        get(root, path);
        if (path.isEmpty()) {
          return value(operation);
        }
        return replace(root, path, value(operation));
      case "move":
        {
          List<String> from = pointer(operation, "from");
          if (path.size() > from.size() && path.subList(0, from.size()).equals(from)) {
            throw PatchFailure.unfit("cannot move a value into itself");
          }
          JsonNode moved = get(root, from);
          return add(remove(root, from), path, moved);
        }
      case "copy":
        return add(root, path, get(root, pointer(operation, "from")).deepCopy());
      case "test":
        if (!Json.same(get(root, path), value(operation))) {
          throw PatchFailure.unfit("testing value " + operation.path("path").asText() + " failed");
        }
        return root;
      default:
        throw PatchFailure.malformed("unknown operation \"" + op + "\"");
    }
  }

  private static JsonNode value(JsonNode operation) throws PatchFailure {
    JsonNode value = operation.get("value");
    if (value == null) {
      throw PatchFailure.malformed("operation without a value");
    }
    return value.deepCopy();
  }

  private static List<String> pointer(JsonNode operation, String field) throws PatchFailure {
    JsonNode text = operation.path(field);
    if (!text.isTextual()) {
      throw PatchFailure.malformed("operation without a " + field);
    }
    String pointer = text.textValue();
    List<String> tokens = new ArrayList<>();
    if (pointer.isEmpty()) {
      return tokens;
    }
    if (!pointer.startsWith("/")) {
      throw PatchFailure.malformed("a pointer starts with a slash: " + pointer);
    }
    for (String token : pointer.substring(1).split("/", -1)) {
      tokens.add(token.replace("~1", "/").replace("~0", "~"));
    }
    return tokens;
  }

  private static JsonNode get(JsonNode root, List<String> path) throws PatchFailure {
    JsonNode at = root;
    for (String token : path) {
      JsonNode next = at instanceof ArrayNode list ? list.get(index(list, token)) : at.get(token);
      if (next == null) {
        throw PatchFailure.unfit("missing path /" + String.join("/", path));
      }
      at = next;
    }
    return at;
  }

  private static JsonNode parent(JsonNode root, List<String> path) throws PatchFailure {
    return get(root, path.subList(0, path.size() - 1));
  }

  private static JsonNode add(JsonNode root, List<String> path, JsonNode value)
      throws PatchFailure {
    if (path.isEmpty()) {
      return value;
    }
    JsonNode parent = parent(root, path);
    String last = path.get(path.size() - 1);
    if (parent instanceof ObjectNode object) {
      object.set(last, value);
    } else if (parent instanceof ArrayNode list) {
      if (last.equals("-")) {
        list.add(value);
      } else {
        int index = number(last);
        if (index > list.size()) {
          throw PatchFailure.unfit("index " + last + " is beyond the end of the list");
        }
        list.insert(index, value);
      }
    } else {
      throw PatchFailure.unfit("cannot add below a scalar: /" + String.join("/", path));
    }
    return root;
  }

  private static JsonNode replace(JsonNode root, List<String> path, JsonNode value)
      throws PatchFailure {
    JsonNode parent = parent(root, path);
    String last = path.get(path.size() - 1);
    if (parent instanceof ObjectNode object) {
      object.set(last, value);
    } else if (parent instanceof ArrayNode list) {
      list.set(index(list, last), value);
    }
    return root;
  }

  private static JsonNode remove(JsonNode root, List<String> path) throws PatchFailure {
    if (path.isEmpty()) {
      throw PatchFailure.unfit("cannot remove the whole document");
    }
    JsonNode parent = parent(root, path);
    String last = path.get(path.size() - 1);
    if (parent instanceof ObjectNode object) {
      object.remove(last);
    } else if (parent instanceof ArrayNode list) {
      list.remove(index(list, last));
    }
    return root;
  }

  private static int index(ArrayNode list, String token) throws PatchFailure {
    int index = number(token);
    if (index >= list.size()) {
      throw PatchFailure.unfit("index " + token + " is beyond the end of the list");
    }
    return index;
  }

  private static int number(String token) throws PatchFailure {
    if (!token.matches("0|[1-9][0-9]{0,8}")) {
      throw PatchFailure.unfit("not an index: " + token);
    }
    return Integer.parseInt(token);
  }
}
