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
    if (need.isPresent()) {
      snapshot.put(need.get(), reading);
    } else {
      // One of a list, which the step is planned from, or of the topology's manifests.
      reader.read(planner.needs(step), snapshot);
      snapshot.updateManifest(step.cluster(), change.ref(), reading);
    }
    Optional<Boolean> there = isThere(step, change, reading, snapshot);
    if (there.isEmpty()) {
      return new Look.Open("; whether it took effect is not known" + lost());
    }
    if (!there.get()) {
      // An answer that says what is wrong needs no such proof.
      boolean said = failure.kind() == Failure.Kind.SERVER_ERROR;
      String seen = "; it was " + otherwise(change, reading) + " when muster looked afterwards";
      return new Look.Open((said ? "" : seen) + lost());
    }
    if (!lock.held()) {
      return new Look.Open(
          "; it is " + done(change) + " now, and whether this run did that is not known" + lost());
    }
    return new Look.Done(
        change instanceof Change.Delete delete
            ? remaining(reading, delete)
            : reading.found().orElseThrow());
  }

  private static String done(Change change) {
    return change instanceof Change.Delete
        ? "gone"
        : change instanceof Change.Create ? "there" : "as declared";
  }

  private static String otherwise(Change change, Reading reading) {
    return change instanceof Change.Delete
        ? "still there"
        : reading.found().isEmpty() ? "not there" : "not as declared";
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
    boolean creates = change instanceof Change.Create;
    if (creates && byMuster(found.get())) {
      return Optional.of(true);
    }
    // What the plan has made it may delete one day, so one that somebody else has made is not its
    // own. Objects of the topology's manifests never are.
    if (creates && snapshot.manifest(step.cluster(), change.ref()).isEmpty()) {
      return Optional.empty();
    }
    StepPlan now = planner.replan(step, snapshot, settled);
    boolean judged =
        now.decision() == StepPlan.Decision.RUN || now.decision() == StepPlan.Decision.DONE;
    boolean asDeclared = now.effective().stream().noneMatch(c -> c.ref().equals(change.ref()));
    return judged && (asDeclared || !creates) ? Optional.of(asDeclared) : Optional.empty();
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
