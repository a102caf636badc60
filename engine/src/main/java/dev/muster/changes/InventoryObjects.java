package dev.muster.changes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.live.Cluster;
import dev.muster.live.Failure;
import dev.muster.live.Listing;
import dev.muster.live.LiveObject;
import dev.muster.resource.ObjectRef;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How the inventory lies on the host: one ConfigMap for each cluster of a topology, in namespace
 * kube-system.
 */
public final class InventoryObjects {
  public static final String TOPOLOGY_LABEL = "muster.dev/topology";
  public static final String CLUSTER_LABEL = "muster.dev/cluster";

  /** What to tell a runner whose rights do not reach so far. */
  public static final String RIGHTS =
      "muster needs list, get, create, update and delete of configmaps in namespace kube-system of the host";

  private static final String KEY = "inventory.json";

  private InventoryObjects() {}

  public static ObjectRef refOf(String topology, String cluster) {
    return ObjectRef.of("v1", "ConfigMap", "kube-system", "muster-" + topology + "-" + cluster);
  }

  /**
   * Reads what is remembered of a topology.
   *
   * @return why it cannot be read
   */
  static Optional<Failure> read(Cluster host, String topology, Snapshot snapshot) {
    Listing listing = host.list(refOf(topology, ""), TOPOLOGY_LABEL + "=" + topology);
    if (listing instanceof Listing.Failed failed) {
      return Optional.of(failed.failure());
    }
    Map<String, InventoryEntry> entries = new LinkedHashMap<>();
    Map<String, LiveObject> objects = new LinkedHashMap<>();
    for (LiveObject object : ((Listing.Listed) listing).objects()) {
      InventoryEntry entry = entry(object);
      entries.put(entry.name(), entry);
      objects.put(entry.name(), object);
    }
    snapshot.putInventory(new Inventory(entries), objects);
    return Optional.empty();
  }

  public static InventoryEntry entry(LiveObject object) {
    String text = object.tree().path("data").path(KEY).asText("");
    return InventoryText.read(object.ref() + " on the host", text);
  }

  /** Whether the object holds the entry of this cluster of this topology. */
  public static boolean holds(LiveObject object, String topology, String cluster) {
    JsonNode labels = object.tree().at("/metadata/labels");
    return labels.path(TOPOLOGY_LABEL).asText().equals(topology)
        && labels.path(CLUSTER_LABEL).asText().equals(cluster);
  }

  /**
   * The object that holds an entry.
   *
   * @param before the one that it replaces, whose resourceVersion guards it
   */
  public static ObjectNode manifest(
      String topology, InventoryEntry entry, Optional<LiveObject> before) {
    ObjectRef ref = refOf(topology, entry.name());
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    object.put("apiVersion", ref.apiVersion()).put("kind", ref.kind());
    ObjectNode metadata = object.putObject("metadata");
    metadata.put("name", ref.name()).put("namespace", ref.namespace());
    before.ifPresent(there -> metadata.put("resourceVersion", there.resourceVersion()));
    metadata.putObject("labels").put(TOPOLOGY_LABEL, topology).put(CLUSTER_LABEL, entry.name());
    object.putObject("data").put(KEY, InventoryText.write(entry));
    return object;
  }
}
