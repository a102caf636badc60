package dev.muster.session;

import dev.muster.changes.InventoryEntry;
import dev.muster.changes.RemovalGuard;
import dev.muster.problem.Problems;
import dev.muster.resource.Redactor;
import dev.muster.topology.ClusterDeclaration;
import dev.muster.topology.TopologyReader;
import java.nio.file.Path;
import java.util.List;

/** Members that were joined and that the topology does not name any more, when they are to go. */
public final class Pruning {
  private Pruning() {}

  /** The topology with the members that are to be pruned, as if it said that they are absent. */
  public static Loader.Loaded pruned(Loader.Loaded loaded, Redactor redactor) {
    return pruned(loaded, Session.open(loaded, redactor));
  }

  /**
   * The same over clusters that are asked in another way.
   *
   * @param asking is closed here
   */
  public static Loader.Loaded pruned(Loader.Loaded loaded, Session asking) {
    List<InventoryEntry> vanished;
    try (Session session = asking) {
      boolean read =
          session
              .reader()
              .readInventory(loaded.topology().host(), loaded.topology().name(), session.snapshot())
              .isEmpty();
      if (!read) {
        return loaded; // Whatever keeps it from being read, the plan is going to tell.
      }
      vanished = RemovalGuard.vanished(loaded.topology(), session.snapshot().inventory());
    }
    if (vanished.isEmpty()) {
      return loaded;
    }
    Path folder = loaded.file().toAbsolutePath().normalize().resolveSibling("");
    TopologyReader reader =
        TopologyReader.open(loaded.file().toString(), loaded.topologyText(), folder, new Problems())
            .orElseThrow();
    List<ClusterDeclaration> members =
        vanished.stream()
            .map(
                entry ->
                    reader.removed(
                        Data.schema("topology"),
                        loaded.plan().inputs(),
                        entry.name(),
                        entry.context().isEmpty() ? entry.name() : entry.context(),
                        entry.connection(),
                        entry.uid(),
                        entry.courier()))
            .toList();
    return loaded.withMembers(members);
  }
}
