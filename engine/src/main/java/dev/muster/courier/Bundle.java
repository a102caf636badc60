package dev.muster.courier;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.changes.InventoryEntry;
import dev.muster.problem.MusterException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one member needs where only it can be reached.
 *
 * @param id tells this bundle from others
 * @param topologyText the topology with this member alone, and without any access
 * @param manifests the objects of what the topology names by file or address, by the entry that
 *     names it
 * @param host what the member's steps need to know of the host
 * @param inventory what is remembered of the member
 */
public record Bundle(
    String id,
    String topology,
    String member,
    Instant made,
    Instant expires,
    String topologyText,
    String planText,
    Map<JsonNode, List<JsonNode>> manifests,
    Recording host,
    Optional<InventoryEntry> inventory) {
  static final String KIND = "Bundle";

  public Bundle {
    manifests = Collections.unmodifiableMap(new LinkedHashMap<>(manifests));
  }

  public String sealed(Seal seal) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("id", id).put("topology", topology).put("member", member);
    root.put("made", made.toString()).put("expires", expires.toString());
    root.put("topologyText", topologyText).put("planText", planText);
    var named = root.putArray("manifests");
    manifests.forEach(
        (source, objects) -> {
          ObjectNode entry = named.addObject();
          entry.set("source", source);
          entry.putArray("objects").addAll(objects);
        });
    root.set("host", host.json());
    Carried.put(root, inventory);
    return seal.close(KIND, root);
  }

  /**
   * @throws MusterException when it cannot be opened
   */
  public static Bundle open(String label, String text, Seal seal) {
    return seal.open(label, KIND, text, root -> read(label, root));
  }

  static Bundle read(String label, JsonNode root) {
    Map<JsonNode, List<JsonNode>> manifests = new LinkedHashMap<>();
    for (JsonNode entry : root.path("manifests")) {
      List<JsonNode> objects = new ArrayList<>();
      entry.path("objects").forEach(objects::add);
      manifests.put(entry.path("source"), objects);
    }
    return new Bundle(
        root.path("id").asText(),
        root.path("topology").asText(),
        root.path("member").asText(),
        Instant.parse(root.path("made").asText()),
        Instant.parse(root.path("expires").asText()),
        root.path("topologyText").asText(),
        root.path("planText").asText(),
        manifests,
        Recording.read(root.path("host")),
        Carried.inventory(label, root));
  }

  /** Keeps what it holds out of messages. */
  @Override
  public String toString() {
    return "bundle " + id + " for " + member;
  }
}
