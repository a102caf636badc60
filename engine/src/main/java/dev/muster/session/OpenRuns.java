package dev.muster.session;

import dev.muster.apply.InventoryKeeper;
import dev.muster.changes.InventoryEntry;
import dev.muster.topology.ClusterDeclaration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The runs that began and have not ended, where no git history keeps them: the inventory of the
 * host does, until they end.
 */
public final class OpenRuns {
  private final Session session;
  private final ClusterDeclaration host;

  public OpenRuns(Session session) {
    this.session = session;
    this.host = session.topology().host();
  }

  /** Whether there are any; of a run that does not work any more if the caller has the lock. */
  public boolean any() {
    return !open().isEmpty();
  }

  private Map<String, String> open() {
    return session
        .snapshot()
        .inventory()
        .entry(host.name())
        .map(InventoryEntry::openRuns)
        .orElse(Map.of());
  }

  /** Remembers a run on the host, before anything else is written. */
  public void begin(String runId, InventoryKeeper keeper) {
    String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    keeper
        .remember(
            host,
            entry -> {
              Map<String, String> runs = new LinkedHashMap<>(entry.openRuns());
              runs.put(runId, now);
              return entry.withOpenRuns(runs);
            })
        .ifPresent(
            failure -> {
              throw Books.cannot("write", failure);
            });
  }

  /**
   * Forgets all of them, with the next write of the inventory. The caller has the lock.
   *
   * @return what to tell of those that never ended
   */
  public List<String> close(InventoryKeeper keeper) {
    List<String> told = new ArrayList<>();
    open()
        .forEach(
            (run, began) ->
                told.add(
                    "the run "
                        + run
                        + " of "
                        + began
                        + " never ended; what it did is in no history"));
    end(keeper);
    return told;
  }

  /** The run has ended, and so have all before it. */
  public void end(InventoryKeeper keeper) {
    if (any()) {
      keeper.note(host, entry -> entry.withOpenRuns(Map.of()));
    }
  }
}
