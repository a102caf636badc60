package dev.muster.sandbox.server.kind;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Function;

/** A check of one field of a kind that has no schema; an absent field is never checked. */
public record FieldRule(String path, Function<JsonNode, Optional<String>> objection) {

  /** Format byte of a CRD: base64 text, and never the empty string. */
  public static FieldRule bytes(String path) {
    return new FieldRule(
        path,
        value ->
            value.isTextual() && Formats.isBytes(value.textValue())
                ? Optional.empty()
                : Optional.of(path + " in body must be of type byte: " + value));
  }

  Optional<FieldError> check(JsonNode object) {
    JsonNode at = object;
    for (String name : path.split("\\.", -1)) {
      at = at.path(name);
    }
    if (at.isMissingNode()) {
      return Optional.empty();
    }
    String value = at.toString();
    return objection.apply(at).map(why -> FieldError.invalid(path, value, why));
  }

  /** Formats that structural schemas check. */
  static final class Formats {
    private Formats() {}

    static boolean isBytes(String text) {
      if (text.isEmpty()) {
        return false;
      }
      try {
        Base64.getDecoder().decode(text);
        return true;
      } catch (IllegalArgumentException e) {
        return false;
      }
    }
  }
}
