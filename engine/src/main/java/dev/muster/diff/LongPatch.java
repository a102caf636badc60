package dev.muster.diff;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;

/**
 * Applies a patch of many operations on one copy of the tree. The library makes a copy for each
 * operation, so that a patch of thousands of them takes minutes.
 */
final class LongPatch {
  /** Shorter ones are the library's. */
  private static final int LONG = 200;

  /** All that is ever written by us. */
  private static final Set<String> OPERATIONS = Set.of("test", "add", "replace", "remove");

  private LongPatch() {}

  static boolean isOne(JsonNode patch) {
    if (patch.size() < LONG) {
      return false;
    }
    for (JsonNode operation : patch) {
      boolean root = operation.path("path").asText().isEmpty();
      if (root || !OPERATIONS.contains(operation.path("op").asText())) {
        return false;
      }
    }
    return true;
  }

  /**
   * The tree after the patch.
   *
   * @throws IllegalArgumentException when it does not fit the tree
   */
  static JsonNode apply(JsonNode patch, JsonNode tree) {
    JsonNode result = tree.deepCopy();
    for (JsonNode operation : patch) {
      Pointer at = Pointer.parse(operation.path("path").asText());
      JsonNode parent = at.parent().in(result);
      JsonNode value = operation.path("value").deepCopy();
      boolean fits =
          switch (operation.path("op").asText()) {
            case "test" -> Values.equal(at.in(result), value);
            case "remove" -> remove(parent, at.last());
            case "replace" -> !at.in(result).isMissingNode() && set(parent, at.last(), value);
            default -> add(parent, at.last(), value);
          };
      if (!fits) {
        throw new IllegalArgumentException("the patch does not fit the object");
      }
    }
    return result;
  }

  private static boolean add(JsonNode parent, String token, JsonNode value) {
    if (!(parent instanceof ArrayNode array)) {
      return set(parent, token, value);
    }
    int index = token.equals(Pointer.END) ? array.size() : position(token);
    if (index < 0 || index > array.size() || value.isMissingNode()) {
      return false;
    }
    array.insert(index, value);
    return true;
  }

  private static boolean set(JsonNode parent, String token, JsonNode value) {
    if (value.isMissingNode()) {
      return false;
    }
    if (parent instanceof ArrayNode array) {
      array.set(position(token), value);
      return true;
    }
    if (parent instanceof ObjectNode object) {
      object.set(token, value);
      return true;
    }
    return false;
  }

  private static boolean remove(JsonNode parent, String token) {
    if (parent instanceof ArrayNode array) {
      int index = position(token);
      return index >= 0 && index < array.size() && array.remove(index) != null;
    }
    return parent instanceof ObjectNode object && object.remove(token) != null;
  }

  /** -1 for what is none. */
  private static int position(String token) {
    return token.matches("0|[1-9][0-9]{0,8}") ? Integer.parseInt(token) : -1;
  }
}
