package dev.muster.testbed;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** A field's path as plans print it, for example {@code spec.containers[name=agent].image}. */
record FieldPlace(List<String> segments) {
  static FieldPlace of(String text) {
    List<String> segments = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      char first = text.charAt(at);
      if (first == '.') {
        at++;
      } else if (text.startsWith("['", at)) {
        int end = text.indexOf("']", at);
        segments.add(text.substring(at + 2, end).replace("\\'", "'"));
        at = end + 2;
      } else if (first == '[') {
        int end = text.indexOf(']', at);
        segments.add(text.substring(at, end + 1));
        at = end + 1;
      } else {
        int end = at;
        while (end < text.length() && text.charAt(end) != '.' && text.charAt(end) != '[') {
          end++;
        }
        segments.add(text.substring(at, end));
        at = end;
      }
    }
    return new FieldPlace(segments);
  }

  FieldPlace withoutFirst() {
    return new FieldPlace(segments.subList(1, segments.size()));
  }

  JsonNode in(JsonNode object) {
    JsonNode at = object;
    for (String segment : segments) {
      at = step(at, segment);
    }
    return at;
  }

  private static JsonNode step(JsonNode node, String segment) {
    if (!segment.startsWith("[")) {
      return node.path(segment);
    }
    String inner = segment.substring(1, segment.length() - 1);
    if (inner.matches("\\d+")) {
      return node.path(Integer.parseInt(inner));
    }
    for (JsonNode element : node) {
      if (selects(inner, element)) {
        return element;
      }
    }
    return node.path(Integer.MAX_VALUE);
  }

  private static boolean selects(String keys, JsonNode element) {
    for (String pair : keys.split(",")) {
      String[] parts = pair.split("=", 2);
      if (parts.length < 2 || !element.path(parts[0]).asText().equals(parts[1])) {
        return false;
      }
    }
    return true;
  }

  /** Whether the JSON pointer leads to this place or into it. */
  boolean covers(String pointer) {
    List<String> keys = keys(pointer);
    if (keys.size() < segments.size()) {
      return false;
    }
    return agrees(keys, segments.size());
  }

  /** Whether the way to this place goes through the list element there, chosen by this key. */
  boolean passes(String pointer, String key) {
    List<String> keys = keys(pointer);
    return !keys.isEmpty()
        && keys.size() <= segments.size()
        && agrees(keys, keys.size())
        && segments.get(keys.size() - 1).matches("\\[(.*,)?" + key + "=.*");
  }

  /** Whether this is one element, told by its position, of the list that the pointer leads to. */
  boolean isElementOf(String pointer) {
    List<String> keys = keys(pointer);
    return keys.size() + 1 == segments.size()
        && agrees(keys, keys.size())
        && segments.get(keys.size()).matches("\\[\\d+]");
  }

  private boolean agrees(List<String> keys, int count) {
    for (int i = 0; i < count; i++) {
      String segment = segments.get(i);
      String key = keys.get(i);
      boolean same =
          segment.contains("=") && segment.startsWith("[")
              ? key.matches("\\d+")
              : segment.equals(key) || segment.equals("[" + key + "]");
      if (!same) {
        return false;
      }
    }
    return true;
  }

  private static List<String> keys(String pointer) {
    List<String> keys = new ArrayList<>();
    if (pointer.isEmpty()) {
      return keys;
    }
    for (String key : pointer.substring(1).split("/", -1)) {
      keys.add(key.replace("~1", "/").replace("~0", "~"));
    }
    return keys;
  }
}
