package dev.muster.cli;

import dev.muster.changes.InventoryEntry;
import dev.muster.changes.RemovalGuard;
import dev.muster.problem.Problems;
import dev.muster.topology.ClusterDeclaration;
import dev.muster.topology.TopologyReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How many members a run may take out, and whether those that the topology no longer names. */
final class RemovalOptions {
  @Option(
      names = "--prune",
      description =
          "Take out members that were joined and that the topology does not name any more.")
  private boolean prune;

  @Option(
      names = "--max-remove",
      paramLabel = "N",
      description =
          "Refuse to take out more members than this (default: one, or a tenth of the fleet if that is more).")
  private Optional<Integer> max = Optional.empty();

  boolean prune() {
    return prune;
  }

  Optional<Integer> max() {
    return max;
  }

  /** The topology with the members that are to be pruned, as if it said that they are absent. */
  static Loader.Loaded pruned(Loader.Loaded loaded, MusterCommand top) {
    return pruned(loaded, Session.open(loaded, top.redactor()));
  }

  /**
   * The same over clusters that are asked in another way.
   *
   * @param asking is closed here
   */
  static Loader.Loaded pruned(Loader.Loaded loaded, Session asking) {
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
