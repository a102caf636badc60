package dev.muster.sandbox.server.store;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Predicate;

/** The selector language of the fieldSelector parameter. */
public final class FieldSelector {
  private FieldSelector() {}

  /** A test of an object's fields; custom kinds know only metadata.name and metadata.namespace. */
  public static Predicate<JsonNode> parse(String text, boolean builtIn) {
    Predicate<JsonNode> all = object -> true;
    for (String part : text.split(",", -1)) {
      if (part.isBlank()) {
        continue;
      }
      int operator = part.indexOf('=');
      if (operator <= 0) {
        throw new IllegalArgumentException(
            "invalid selector: '" + text + "'; can't understand '" + part + "'");
      }
      boolean equal = part.charAt(operator - 1) != '!';
      String path = part.substring(0, equal ? operator : operator - 1).strip();
      String value = part.substring(operator + 1);
      String wanted = (value.startsWith("=") ? value.substring(1) : value).strip();
      if (!builtIn && !path.equals("metadata.name") && !path.equals("metadata.namespace")) {
        throw new IllegalArgumentException("field label not supported: " + path);
      }
      all = all.and(object -> equal == field(object, path).equals(wanted));
    }
    return all;
  }

  private static String field(JsonNode object, String path) {
    JsonNode at = object;
    for (String name : path.split("\\.", -1)) {
      at = at.path(name);
    }
    return at.asText("");
  }
}
