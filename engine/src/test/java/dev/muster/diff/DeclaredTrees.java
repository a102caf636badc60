package dev.muster.diff;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.muster.resource.Declared;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Short ways to write trees and declarations in tests. */
final class DeclaredTrees {
  private DeclaredTrees() {}

  static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** Fields as {@link RandomTrees} writes them. */
  static Declared.Fields declared(String text) {
    return (Declared.Fields) RandomTrees.declaration(json(text));
  }

  static Declared.Fields fields(String key, Declared value) {
    return new Declared.Fields(Map.of(key, value));
  }

  static Declared.Fields fields(String key, Declared value, String key2, Declared value2) {
    Map<String, Declared> entries = new LinkedHashMap<>();
    entries.put(key, value);
    entries.put(key2, value2);
    return new Declared.Fields(entries);
  }

  static Declared known(String text) {
    return new Declared.Known(json(text), false);
  }

  static Declared secret(String text) {
    return new Declared.Known(json("'" + text + "'"), true);
  }

  static Declared unknown(String step) {
    return new Declared.Unknown(List.of(step), false);
  }
}
