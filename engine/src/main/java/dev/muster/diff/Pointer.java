package dev.muster.diff;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * A place in a live tree, by keys and positions.
 *
 * @param tokens unescaped
 * @param guards what must still stand in list elements on the way, since positions can shift
 */
record Pointer(List<String> tokens, List<Guard> guards) {
  /** A value that identifies a list element. */
  record Guard(Pointer at, JsonNode value) {}

  /** Behind the last element of a list. */
  static final String END = "-";

  Pointer {
    tokens = List.copyOf(tokens);
    guards = List.copyOf(guards);
  }

  static Pointer root() {
    return new Pointer(List.of(), List.of());
  }

  static Pointer of(List<String> tokens) {
    return new Pointer(tokens, List.of());
  }

  /** As in RFC 6901. */
  static Pointer parse(String text) {
    List<String> tokens = new ArrayList<>();
    if (!text.isEmpty()) {
      for (String token : text.substring(1).split("/", -1)) {
        tokens.add(token.replace("~1", "/").replace("~0", "~"));
      }
    }
    return of(tokens);
  }

  Pointer child(String token) {
    List<String> longer = new ArrayList<>(tokens);
    longer.add(token);
    return new Pointer(longer, guards);
  }

  /** A list element that the given keys identify. */
  Pointer element(int index, JsonNode element, List<String> keys) {
    Pointer at = child(Integer.toString(index));
    List<Guard> more = new ArrayList<>(guards);
    if (keys.isEmpty()) {
      more.add(new Guard(new Pointer(at.tokens, List.of()), element));
    }
    for (String key : keys) {
      if (element.has(key)) {
        more.add(new Guard(new Pointer(at.child(key).tokens, List.of()), element.get(key)));
      }
    }
    return new Pointer(at.tokens, more);
  }

  Pointer parent() {
    return new Pointer(tokens.subList(0, tokens.size() - 1), List.of());
  }

  boolean isRoot() {
    return tokens.isEmpty();
  }

  String last() {
    return tokens.get(tokens.size() - 1);
  }

  boolean startsWith(Pointer prefix) {
    return tokens.size() >= prefix.tokens.size()
        && tokens.subList(0, prefix.tokens.size()).equals(prefix.tokens);
  }

  JsonNode in(JsonNode tree) {
    JsonNode node = tree;
    for (String token : tokens) {
      node =
          node.isArray() && token.matches("[0-9]{1,9}")
              ? node.path(Integer.parseInt(token))
              : node.path(token);
    }
    return node;
  }

  /** As in RFC 6901. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (String token : tokens) {
      text.append('/').append(token.replace("~", "~0").replace("/", "~1"));
    }
    return text.toString();
  }
}
