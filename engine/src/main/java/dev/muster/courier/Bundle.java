package dev.muster.courier;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.problem.MusterException;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What one member needs where only it can be reached.
 *
 * @param id tells this bundle from others
 * @param topologyText the topology with this member alone, and without any access
 * @param files what the topology names besides, by name
 * @param host what the member's steps need to know of the host
 */
public record Bundle(
    String id,
    String topology,
    String member,
    Instant made,
    Instant expires,
    String topologyText,
    String planText,
    Map<String, String> files,
    Recording host) {
  static final String KIND = "Bundle";
  private static final ObjectMapper JSON = new ObjectMapper();

  public Bundle {
    files = Map.copyOf(files);
  }

  public String sealed(Seal seal) {
    ObjectNode root = JSON.createObjectNode();
    root.put("id", id).put("topology", topology).put("member", member);
    root.put("made", made.toString()).put("expires", expires.toString());
    root.put("topologyText", topologyText).put("planText", planText);
    ObjectNode named = root.putObject("files");
    files.forEach(named::put);
    root.set("host", host.json());
    return seal.close(KIND, root.toString());
  }

  /**
   * @throws MusterException when it cannot be opened
   */
  public static Bundle open(String label, String text, Seal seal) {
    try {
      JsonNode root = JSON.readTree(seal.open(label, KIND, text));
      Map<String, String> files = new LinkedHashMap<>();
      root.path("files")
          .fields()
          .forEachRemaining(file -> files.put(file.getKey(), file.getValue().asText()));
      return new Bundle(
          root.path("id").asText(),
          root.path("topology").asText(),
          root.path("member").asText(),
          Instant.parse(root.path("made").asText()),
          Instant.parse(root.path("expires").asText()),
          root.path("topologyText").asText(),
          root.path("planText").asText(),
          files,
          Recording.read(root.path("host")));
    } catch (IOException | DateTimeParseException e) {
      throw MusterException.of(label + " is broken", "have it made anew");
    }
  }

  /** Keeps what it holds out of messages. */
  @Override
  public String toString() {
    return "bundle " + id + " for " + member;
  }
}
