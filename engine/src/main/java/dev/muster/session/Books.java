package dev.muster.session;

import dev.muster.apply.InventoryKeeper;
import dev.muster.apply.RunEvent;
import dev.muster.apply.RunListener;
import dev.muster.apply.RunLock;
import dev.muster.apply.RunReport;
import dev.muster.apply.StepOutcome;
import dev.muster.changes.CarriedBack;
import dev.muster.changes.ChangeSet;
import dev.muster.changes.InventoryObjects;
import dev.muster.changes.RefusedException;
import dev.muster.changes.StepPlan;
import dev.muster.live.Failure;
import dev.muster.live.Permit;
import dev.muster.problem.MusterException;
import dev.muster.problem.Problem;
import dev.muster.problem.Where;
import dev.muster.topology.ClusterDeclaration;
import java.util.List;
import java.util.Optional;

/** What a run has to do with the inventory on the host. */
public final class Books {
  private final Session session;
  private final ChangeSet changeSet;

  public Books(Session session, ChangeSet changeSet) {
    this.session = session;
    this.changeSet = changeSet;
  }

  /** Whether the inventory says something else than what a change set without work has found. */
  public boolean due() {
    return begun("", RunLock.none()).due(this::settled);
  }

  /**
   * The keeper of a run that holds the lock, over what is on the host now.
   *
   * @throws RefusedException when the host refuses
   */
  public InventoryKeeper keeper(String runId, RunLock lock) {
    Optional<Failure> failure =
        session
            .reader()
            .readInventory(
                session.topology().host(), session.topology().name(), session.snapshot());
    failure.ifPresent(
        f -> {
          throw cannot("read", f);
        });
    return begun(runId, lock);
  }

  private InventoryKeeper begun(String runId, RunLock lock) {
    InventoryKeeper keeper =
        new InventoryKeeper(session.host(), session.topology(), session.snapshot(), runId, lock);
    for (ClusterDeclaration member : session.topology().members()) {
      if (!member.absent()) {
        session
            .clusters()
            .carriedBack(member)
            .flatMap(CarriedBack::inventory)
            .ifPresent(back -> keeper.note(member, entry -> entry.withThose(back)));
      }
    }
    keeper.begin(changeSet);
    return keeper;
  }

  private boolean settled(String stepId) {
    return changeSet.step(stepId).map(StepPlan::settled).orElse(true);
  }

  /** Writes what is due, and tells what was adopted. */
  public Optional<String> write(InventoryKeeper keeper) {
    keeper
        .finish(this::settled)
        .ifPresent(
            f -> {
              throw cannot("write", f);
            });
    return keeper.adopted();
  }

  /**
   * The end of a run that wrote. An entry that could not be written says too much rather than too
   * little: the next run puts it right, and until then the run is not all done. A run that failed
   * may never have asked again for its lock, and whoever took that over explains what it found.
   */
  public static RunReport finish(
      InventoryKeeper keeper, RunLock lock, RunReport report, RunListener listener) {
    Optional<Failure> failure =
        keeper.finish(
            id ->
                Optional.ofNullable(report.outcomes().get(id)).map(StepOutcome::done).orElse(true));
    RunReport end = failure.map(f -> report.with(behind(f))).orElse(report);
    lost(end, lock)
        .or(() -> failure.isPresent() ? Optional.empty() : keeper.adopted())
        .ifPresent(text -> listener.on(new RunEvent.Notice("note: " + text)));
    return end;
  }

  private static RunReport.Behind behind(Failure failure) {
    String again = "run the same command again, which writes it down";
    return new RunReport.Behind(
        failure.message(),
        failure.kind().refused() ? InventoryObjects.RIGHTS + "; then " + again : again);
  }

  /** What became of the lock of a run that did not do everything; once is enough. */
  static Optional<String> lost(RunReport end, Permit lock) {
    return end.complete()
        ? Optional.empty()
        : lock.refusal()
            .map(Failure::message)
            .filter(why -> end.behind().filter(behind -> behind.why().equals(why)).isEmpty());
  }

  static RuntimeException cannot(String verb, Failure failure) {
    String message = "cannot " + verb + " the inventory on the host: " + failure.message();
    return failure.kind().refused()
        ? new RefusedException(
            List.of(Problem.error(Where.nowhere(), message, InventoryObjects.RIGHTS)))
        : MusterException.of(message, "run the same command again");
  }
}
