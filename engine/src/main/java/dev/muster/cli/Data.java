package dev.muster.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The plans and schemas that are packed into the program. */
final class Data {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Data() {}

  static JsonNode schema(String name) {
    try {
      return JSON.readTree(text("/muster/schemas/" + name + ".schema.json").orElseThrow());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Optional<String> plan(String name) {
    return name.matches("[a-z0-9-]+") ? text("/muster/plans/" + name + ".yaml") : Optional.empty();
  }

  static String defaultPlan() {
    return text("/muster/plans/default").orElseThrow().strip();
  }

  static Optional<String> text(String resource) {
    try (InputStream in = Data.class.getResourceAsStream(resource)) {
      return in == null
          ? Optional.empty()
          : Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
