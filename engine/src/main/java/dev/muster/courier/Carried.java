package dev.muster.courier;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.changes.InventoryEntry;
import dev.muster.changes.InventoryObjects;
import dev.muster.changes.InventoryText;
import dev.muster.live.Failure;
import dev.muster.live.Listing;
import dev.muster.live.LiveObject;
import dev.muster.live.Reading;
import dev.muster.live.Written;
import dev.muster.resource.ObjectRef;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What is remembered of a member, taken along to where it is: it stands for the one object of the
 * host's inventory, the only thing of the host that can be written there. Safe for threads.
 */
public final class Carried {
  private static final String FIELD = "inventory";

  private final String topology;
  private final ObjectRef ref;
  private final Consumer<Optional<InventoryEntry>> changed;
  private Optional<LiveObject> object = Optional.empty();
  private int version;

  /**
   * @param changed is told after each write, before the writer goes on
   */
  public Carried(
      String topology,
      String member,
      Optional<InventoryEntry> entry,
      Consumer<Optional<InventoryEntry>> changed) {
    this.topology = topology;
    this.ref = InventoryObjects.refOf(topology, member);
    this.changed = changed;
    entry.ifPresent(e -> keep(InventoryObjects.manifest(topology, e, Optional.empty())));
  }

  private LiveObject keep(JsonNode manifest) {
    ObjectNode tree = manifest.deepCopy();
    ObjectNode metadata = (ObjectNode) tree.path("metadata");
    metadata.put("uid", "carried").put("resourceVersion", String.valueOf(++version));
    LiveObject kept = new LiveObject(ref, tree);
    object = Optional.of(kept);
    return kept;
  }

  boolean is(ObjectRef other) {
    return other.path().equals(ref.path());
  }

  /** Whether a list with this selector asks for the inventory. */
  boolean selects(String labelSelector) {
    return labelSelector.equals(InventoryObjects.TOPOLOGY_LABEL + "=" + topology);
  }

  synchronized Listing list() {
    return new Listing.Listed(object.map(List::of).orElseGet(List::of), String.valueOf(version));
  }

  synchronized Reading read() {
    return object.<Reading>map(Reading.Found::new).orElseGet(Reading.Absent::new);
  }

  synchronized Written create(JsonNode manifest) {
    return object.isPresent()
        ? new Written.Failed(new Failure(Failure.Kind.ALREADY_EXISTS, ref + " is there already"))
        : written(manifest);
  }

  synchronized Written replace(JsonNode manifest) {
    String expected = manifest.at("/metadata/resourceVersion").asText();
    return object.filter(o -> o.resourceVersion().equals(expected)).isEmpty()
        ? new Written.Failed(new Failure(Failure.Kind.STALE, ref + " has changed"))
        : written(manifest);
  }

  private Written written(JsonNode manifest) {
    LiveObject kept = keep(manifest);
    changed.accept(entry());
    return new Written.Done(kept);
  }

  /** As it is by now. */
  public synchronized Optional<InventoryEntry> entry() {
    return object.map(InventoryObjects::entry);
  }

  static void put(ObjectNode root, Optional<InventoryEntry> entry) {
    entry.ifPresent(e -> root.put(FIELD, InventoryText.write(e)));
  }

  static Optional<InventoryEntry> inventory(String label, JsonNode root) {
    return root.has(FIELD)
        ? Optional.of(InventoryText.read("the inventory in " + label, root.path(FIELD).asText()))
        : Optional.empty();
  }
}
