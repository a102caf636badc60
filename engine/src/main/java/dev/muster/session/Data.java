package dev.muster.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Properties;

/** What is packed into the program: plans, schemas, its version. */
public final class Data {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Data() {}

  public static JsonNode schema(String name) {
    try {
      return JSON.readTree(text("/muster/schemas/" + name + ".schema.json").orElseThrow());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static Optional<String> plan(String name) {
    return name.matches("[a-z0-9-]+") ? text("/muster/plans/" + name + ".yaml") : Optional.empty();
  }

  /** The names of the plans that are built in, the default one first. */
  public static List<String> plans() {
    return text("/muster/plans/built-in").orElseThrow().lines().toList();
  }

  public static String defaultPlan() {
    return plans().get(0);
  }

  /** The program's version, as the build wrote it down. */
  public static String version() {
    Properties properties = new Properties();
    text("/muster/version.properties")
        .ifPresent(
            text -> {
              try {
                properties.load(new StringReader(text));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    return properties.getProperty("version", "unknown");
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
