package dev.muster.courier;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.problem.MusterException;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What was done with a bundle, and how the member is since.
 *
 * @param bundle the id of the bundle
 * @param steps by id, what became of each
 * @param state what the expressions about the member need to know of it
 */
public record Receipt(
    String bundle,
    String topology,
    String member,
    Instant made,
    Map<String, String> steps,
    Recording state) {
  static final String KIND = "Receipt";
  private static final ObjectMapper JSON = new ObjectMapper();

  public Receipt {
    steps = Collections.unmodifiableMap(new LinkedHashMap<>(steps));
  }

  public String sealed(Seal seal) {
    ObjectNode root = JSON.createObjectNode();
    root.put("bundle", bundle).put("topology", topology).put("member", member);
    root.put("made", made.toString());
    ObjectNode all = root.putObject("steps");
    steps.forEach(all::put);
    root.set("state", state.json());
    return seal.close(KIND, root.toString());
  }

  /**
   * @throws MusterException when it cannot be opened
   */
  public static Receipt open(String label, String text, Seal seal) {
    try {
      JsonNode root = JSON.readTree(seal.open(label, KIND, text));
      Map<String, String> steps = new LinkedHashMap<>();
      root.path("steps")
          .fields()
          .forEachRemaining(step -> steps.put(step.getKey(), step.getValue().asText()));
      return new Receipt(
          root.path("bundle").asText(),
          root.path("topology").asText(),
          root.path("member").asText(),
          Instant.parse(root.path("made").asText()),
          steps,
          Recording.read(root.path("state")));
    } catch (IOException | DateTimeParseException e) {
      throw MusterException.of(label + " is broken", "have it made anew");
    }
  }

  /** Keeps what it holds out of messages. */
  @Override
  public String toString() {
    return "receipt of bundle " + bundle + " for " + member;
  }
}
