package dev.muster.testbed;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.sandbox.controller.env.Manifest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Expected objects as files: the fields they name have to be there with these values. */
final class Expected {
  private Expected() {}

  /** The file with {@code ${name}} replaced by values that only the run knows. */
  static JsonNode read(String file, Map<String, String> values) {
    String text = text(file);
    for (Map.Entry<String, String> value : values.entrySet()) {
      text = text.replace("${" + value.getKey() + "}", value.getValue());
    }
    return Manifest.yaml(text);
  }

  static String text(String file) {
    try (InputStream in = Expected.class.getResourceAsStream("/" + file)) {
      byte[] bytes = Objects.requireNonNull(in, file).readAllBytes();
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where the live object is not as expected, a line for each place. */
  static List<String> differences(JsonNode expected, JsonNode live) {
    List<String> found = new ArrayList<>();
    compare("", expected, live, found);
    return found;
  }

  private static void compare(String at, JsonNode expected, JsonNode live, List<String> found) {
    if (expected.isObject() && live.isObject()) {
      expected
          .fields()
          .forEachRemaining(
              field ->
                  compare(
                      at + "." + field.getKey(),
                      field.getValue(),
                      live.path(field.getKey()),
                      found));
    } else if (expected.isArray() && live.isArray() && expected.size() == live.size()) {
      for (int i = 0; i < expected.size(); i++) {
        compare(at + "[" + i + "]", expected.get(i), live.get(i), found);
      }
    } else if (!expected.equals(live)) {
      found.add(at + ": expected " + expected + ", is " + (live.isMissingNode() ? "absent" : live));
    }
  }
}
