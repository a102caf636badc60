package dev.muster.apply;

import dev.muster.changes.LiveReader;
import dev.muster.changes.Planner;
import dev.muster.changes.Snapshot;
import dev.muster.changes.StepPlan;
import dev.muster.desired.Need;
import dev.muster.diff.Change;
import dev.muster.live.Cluster;
import dev.muster.live.Failure;
import dev.muster.live.FieldManagers;
import dev.muster.live.LiveObject;
import dev.muster.live.Reading;
import dev.muster.plan.Step;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Looks what became of a write whose answer does not say it. Nothing is sent again: what is there
 * is read, and for that no lock is needed.
 */
final class Unanswered {
  private final Planner planner;
  private final LiveReader reader;
  private final RunLock lock;
  private final Predicate<String> settled;

  /**
   * @param settled whether a step has really happened
   */
  Unanswered(Planner planner, LiveReader reader, RunLock lock, Predicate<String> settled) {
    this.planner = planner;
    this.reader = reader;
    this.lock = lock;
    this.settled = settled;
  }

  /** What there is to say about it. */
  sealed interface Look {
    /** It took effect, and while the lock is held nobody else does this. */
    record Done(LiveObject object) implements Look {}

    /**
     * It did not, or that cannot be told.
     *
     * @param told for people, to be read after the failure; may be empty
     */
    record Open(String told) implements Look {}
  }

  /**
   * Reads the object and compares it with what was to be written.
   *
   * @param failure one after which that is not known
   */
  Look look(Step step, Cluster cluster, Change change, Failure failure, Snapshot snapshot) {
    Optional<Need> need = planner.needOf(step, change.ref());
    Reading reading =
        need.map(named -> reader.readOne(named, snapshot))
            .orElseGet(() -> cluster.read(change.ref()));
    if (reading.failed().isPresent()) {
      return new Look.Open("; whether it took effect is not known" + lost());
    }
    need.ifPresent(named -> snapshot.put(named, reading));
    Optional<Boolean> there = isThere(step, change, reading, snapshot);
    if (there.isEmpty()) {
      return new Look.Open("; whether it took effect is not known" + lost());
    }
    if (!there.get()) {
      // An answer that says what is wrong needs no such proof.
      boolean said = failure.kind() == Failure.Kind.SERVER_ERROR;
      return new Look.Open(
          (said ? "" : "; it had not taken effect when muster looked afterwards") + lost());
    }
    if (!lock.held()) {
      String now = change instanceof Change.Delete ? "gone" : "as declared";
      return new Look.Open(
          "; it is " + now + " now, and whether this run did that is not known" + lost());
    }
    return new Look.Done(
        change instanceof Change.Delete delete
            ? remaining(reading, delete)
            : reading.found().orElseThrow());
  }

  private String lost() {
    return lock.held() ? "" : "; " + lock.why();
  }

  /** Whether what was to be written is there; empty where that cannot be told. */
  private Optional<Boolean> isThere(Step step, Change change, Reading reading, Snapshot snapshot) {
    Optional<LiveObject> found = reading.found();
    if (change instanceof Change.Delete delete) {
      return Optional.of(found.filter(o -> is(o, delete) && !isBeingDeleted(o)).isEmpty());
    }
    if (found.isEmpty()) {
      return Optional.of(false);
    }
    StepPlan now = planner.replan(step, snapshot, settled);
    boolean judged =
        now.decision() == StepPlan.Decision.RUN || now.decision() == StepPlan.Decision.DONE;
    if (!judged) {
      return Optional.empty();
    }
    boolean there = now.effective().stream().noneMatch(c -> c.ref().equals(change.ref()));
    // What a run has made it may delete one day, so one that somebody else has made is not its own.
    boolean foreign = there && change instanceof Change.Create && !byMuster(found.get());
    return foreign ? Optional.empty() : Optional.of(there);
  }

  private static boolean byMuster(LiveObject object) {
    return FieldManagers.of(object).oldestFirst().stream().anyMatch(FieldManagers.Entry::muster);
  }

  /** What a deletion has left: another object may have the name by now. */
  private static LiveObject remaining(Reading reading, Change.Delete delete) {
    return reading
        .found()
        .filter(object -> is(object, delete))
        .orElseGet(() -> LiveObject.remains(delete.ref(), delete.uid()));
  }

  private static boolean is(LiveObject object, Change.Delete delete) {
    return object.uid().equals(delete.uid());
  }

  /** Finalizers keep an object until other controllers have done their part. */
  static boolean isBeingDeleted(LiveObject object) {
    return !object.tree().at("/metadata/deletionTimestamp").isMissingNode();
  }
}
