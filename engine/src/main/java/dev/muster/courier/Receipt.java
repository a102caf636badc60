package dev.muster.courier;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.changes.InventoryEntry;
import dev.muster.problem.MusterException;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What was done with a bundle, and how the member is since.
 *
 * @param bundle the id of the bundle
 * @param made by the clock of the machine on which the bundle was applied
 * @param steps by id, what became of each; empty when the run there has not ended
 * @param state what the expressions about the member need to know of it
 * @param inventory what is to be remembered of the member
 */
public record Receipt(
    String bundle,
    String topology,
    String member,
    Instant made,
    Map<String, String> steps,
    Recording state,
    Optional<InventoryEntry> inventory) {
  static final String KIND = "Receipt";

  public Receipt {
    steps = Collections.unmodifiableMap(new LinkedHashMap<>(steps));
  }

  public String sealed(Seal seal) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("bundle", bundle).put("topology", topology).put("member", member);
    root.put("made", made.toString());
    ObjectNode all = root.putObject("steps");
    steps.forEach(all::put);
    root.set("state", state.json());
    Carried.put(root, inventory);
    return seal.close(KIND, root);
  }

  /**
   * @throws MusterException when it cannot be opened
   */
  public static Receipt open(String label, String text, Seal seal) {
    return seal.open(label, KIND, text, root -> read(label, root));
  }

  static Receipt read(String label, JsonNode root) {
    Map<String, String> steps = new LinkedHashMap<>();
    root.path("steps")
        .properties()
        .forEach(step -> steps.put(step.getKey(), step.getValue().asText()));
    return new Receipt(
        root.path("bundle").asText(),
        root.path("topology").asText(),
        root.path("member").asText(),
        Instant.parse(root.path("made").asText()),
        steps,
        Recording.read(root.path("state")),
        Carried.inventory(label, root));
  }

  /** Keeps what it holds out of messages. */
  @Override
  public String toString() {
    return "receipt of bundle " + bundle + " for " + member;
  }
}
