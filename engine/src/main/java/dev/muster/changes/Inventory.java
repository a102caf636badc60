package dev.muster.changes;

import dev.muster.topology.ClusterDeclaration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What muster remembers of a topology on its host: the clusters, and the fields and objects it has
 * taken charge of in them. Never a secret.
 *
 * @param entries by the cluster's name
 */
public record Inventory(Map<String, InventoryEntry> entries) {
  public Inventory {
    entries = Collections.unmodifiableMap(new LinkedHashMap<>(new TreeMap<>(entries)));
  }

  public static Inventory empty() {
    return new Inventory(Map.of());
  }

  public Optional<InventoryEntry> entry(String cluster) {
    return Optional.ofNullable(entries.get(cluster));
  }

  /** The members, by name. */
  public List<InventoryEntry> members() {
    return entries.values().stream().filter(entry -> !entry.host()).toList();
  }

  public Inventory with(InventoryEntry entry) {
    Map<String, InventoryEntry> all = new LinkedHashMap<>(entries);
    all.put(entry.name(), entry);
    return new Inventory(all);
  }

  public Inventory without(String cluster) {
    Map<String, InventoryEntry> all = new LinkedHashMap<>(entries);
    all.remove(cluster);
    return new Inventory(all);
  }

  /**
   * The same, with what is remembered of a member under its former name known under its new one:
   * what it owns on the member itself. What is about it elsewhere is taken out with the old name.
   */
  Inventory inherited(ClusterDeclaration member) {
    Optional<InventoryEntry> former = entry(member.formerName());
    if (former.isEmpty() || entries.containsKey(member.name())) {
      return this;
    }
    return with(former.get().renamed(member.name()));
  }
}
