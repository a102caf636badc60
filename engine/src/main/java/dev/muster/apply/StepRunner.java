package dev.muster.apply;

import dev.muster.changes.Clusters;
import dev.muster.changes.Expectation;
import dev.muster.changes.InventoryObjects;
import dev.muster.changes.LiveReader;
import dev.muster.changes.Planner;
import dev.muster.changes.Snapshot;
import dev.muster.changes.StepPlan;
import dev.muster.desired.Lookup;
import dev.muster.desired.Need;
import dev.muster.diff.Change;
import dev.muster.diff.FieldChange;
import dev.muster.live.Cluster;
import dev.muster.live.Failure;
import dev.muster.live.FieldManagers;
import dev.muster.live.LiveObject;
import dev.muster.live.Reading;
import dev.muster.live.Written;
import dev.muster.plan.GateSpec;
import dev.muster.plan.Plan;
import dev.muster.plan.Step;
import dev.muster.resource.ObjectRef;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Does one step: reads again what it will write, compares with what was planned, writes, and waits
 * at the gate.
 */
public final class StepRunner implements StepWork {
  /** How often a step is planned anew because somebody else wrote at the same time. */
  private static final int ATTEMPTS = 5;

  private final Plan plan;
  private final Planner planner;
  private final LiveReader reader;
  private final Clusters clusters;
  private final Expectation expectation;
  private final GateKeeper gates;
  private final RunLock lock;
  private final Bookkeeper books;
  private final AtomicInteger writes = new AtomicInteger();
  private final RunListener listener;
  private final TokenDesk tokens;
  private ChangeWriter writer;
  private final Unanswered unanswered;
  private final Set<Thread> working = ConcurrentHashMap.newKeySet();
  private volatile boolean interrupted;

  public StepRunner(
      Plan plan,
      Planner planner,
      LiveReader reader,
      Clusters clusters,
      Expectation expectation,
      GateKeeper gates,
      RunLock lock,
      Bookkeeper books,
      RunListener listener) {
    this.plan = plan;
    this.planner = planner;
    this.reader = reader;
    this.clusters = clusters;
    this.expectation = expectation;
    this.gates = gates;
    this.lock = lock;
    this.books = books;
    this.listener = listener;
    this.tokens = new TokenDesk(planner, clusters, lock);
    this.writer = new ChangeWriter(tokens, new SecureRandom());
    this.unanswered = new Unanswered(planner, reader, lock, id -> gates.real());
  }

  /** The same with values made from another source; for clusters that are no real ones. */
  public StepRunner generating(RandomGenerator source) {
    writer = new ChangeWriter(tokens, source);
    return this;
  }

  @Override
  public void interrupt() {
    interrupted = true;
    working.forEach(Thread::interrupt);
  }

  @Override
  public int writes() {
    return writes.get();
  }

  @Override
  public StepOutcome run(StepPlan planned, Snapshot snapshot) {
    try {
      return perform(planned, snapshot);
    } finally {
      books.ended(planned);
    }
  }

  private StepOutcome perform(StepPlan planned, Snapshot snapshot) {
    Step step = planned.step();
    long began = System.nanoTime();
    listener.on(new RunEvent.StepStarted(step.id(), step.spec().title(), step.cluster().name()));
    Progress progress = new Progress();
    Optional<StepOutcome> stopped = write(step, snapshot, progress);
    if (stopped.isPresent()) {
      return stopped.get();
    }
    Optional<GateSpec> gate = plan.gate(step.spec());
    if (gate.isPresent()) {
      Optional<StepOutcome> closed = pass(step, gate.get(), snapshot, progress);
      if (closed.isPresent()) {
        return closed.get();
      }
    }
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    return progress.changes == 0
        ? new StepOutcome.Unchanged(took)
        : new StepOutcome.Applied(progress.changes, took);
  }

  /** What the step has done so far. */
  private static final class Progress {
    private int changes;
    private final Set<String> wrote = new LinkedHashSet<>();
    private Optional<Instant> since = Optional.empty();
    private final Map<ObjectRef, String> made = new LinkedHashMap<>();
  }

  private Optional<StepOutcome> pass(
      Step step, GateSpec gate, Snapshot snapshot, Progress progress) {
    working.add(Thread.currentThread());
    try {
      if (interrupted && !step.spec().always()) {
        return Optional.of(new StepOutcome.Interrupted());
      }
      Instant since = progress.since.orElseGet(() -> Instant.now().minusSeconds(5));
      return gates.pass(step, gate, snapshot, progress.wrote, since);
    } catch (InterruptedException e) {
      return Optional.of(new StepOutcome.Interrupted());
    } finally {
      working.remove(Thread.currentThread());
    }
  }

  private Optional<StepOutcome> write(Step step, Snapshot snapshot, Progress progress) {
    String last = "";
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      reader.read(planner.needs(step), snapshot);
      StepPlan now = planner.replan(step, snapshot, id -> gates.real());
      Optional<StepOutcome> impossible = impossible(now);
      if (impossible.isPresent()) {
        return impossible;
      }
      Optional<String> deviation = expectation.deviation(now);
      if (deviation.isPresent()) {
        return Optional.of(new StepOutcome.Stale(deviation.get()));
      }
      if (attempt == 0) {
        Optional<Unwritten> denied = whatIsDone(step, now, snapshot, progress);
        if (denied.isPresent()) {
          return Optional.of(denied.get().outcome(step));
        }
      }
      Optional<Failure> unrecorded =
          now.effective().isEmpty() ? Optional.empty() : books.before(now);
      if (unrecorded.isPresent()) {
        return Optional.of(unrecorded(unrecorded.get()));
      }
      Optional<Unwritten> unwritten = writeAll(step, now, now.effective(), snapshot, progress);
      if (unwritten.isEmpty()) {
        if (!interrupted) {
          books.after(now, progress.made);
        }
        return Optional.empty();
      }
      Failure.Kind kind = unwritten.get().failure().kind();
      if (kind != Failure.Kind.STALE && kind != Failure.Kind.ALREADY_EXISTS) {
        return Optional.of(unwritten.get().outcome(step));
      }
      last = unwritten.get().failure().message();
      readManifest(step, unwritten.get().change().ref(), snapshot);
    }
    return Optional.of(
        new StepOutcome.Stale(
            "somebody else writes the objects of this step all the time; tried "
                + ATTEMPTS
                + " times, at last: "
                + last));
  }

  /** One of the topology's manifests is read once; somebody may have made it since. */
  private void readManifest(Step step, ObjectRef ref, Snapshot snapshot) {
    if (snapshot.manifest(step.cluster(), ref).isPresent()) {
      reader.readManifests(step.cluster(), List.of(ref), snapshot);
    }
  }

  private static StepOutcome unrecorded(Failure failure) {
    String why =
        "cannot write the inventory (a ConfigMap in kube-system of the host): " + failure.message();
    return failure.kind().refused()
        ? new StepOutcome.Refused(why, InventoryObjects.RIGHTS)
        : new StepOutcome.Failed(why, "when the host answers again, run the same command again");
  }

  private static Optional<StepOutcome> impossible(StepPlan now) {
    String next = now.problems().stream().flatMap(p -> p.hints().stream()).findFirst().orElse("");
    return switch (now.decision()) {
      case REFUSED -> Optional.of(new StepOutcome.Refused(now.reason(), next));
      case FAILED ->
          Optional.of(
              new StepOutcome.Failed(
                  now.problems().isEmpty() ? now.reason() : now.problems().get(0).message(), next));
      case NOT_NEEDED -> Optional.of(new StepOutcome.NotNeeded());
      default -> {
        List<String> unknown =
            now.effective().stream()
                .filter(Change.Pending.class::isInstance)
                .flatMap(change -> dev.muster.changes.Changes.waitsFor(change).stream())
                .distinct()
                .toList();
        yield unknown.isEmpty()
            ? Optional.empty()
            : Optional.of(new StepOutcome.Pending(String.join(", ", unknown)));
      }
    };
  }

  /**
   * Tells what was planned and is done by now. What was to be deleted and is said not to be there
   * is deleted all the same: a read can be wrong, an object that stays would be remembered by
   * nobody, and no other one than the planned one can be hit.
   */
  private Optional<Unwritten> whatIsDone(
      Step step, StepPlan now, Snapshot snapshot, Progress progress) {
    Set<ObjectRef> still = now.effective().stream().map(Change::ref).collect(Collectors.toSet());
    for (ObjectRef planned : expectation.refs(step.id())) {
      if (still.contains(planned)) {
        continue;
      }
      boolean gone =
          planner
              .needOf(step, planned)
              .filter(need -> snapshot.object(need) instanceof Lookup.Absent)
              .isPresent();
      Optional<String> uid = gone ? expectation.deleted(step.id(), planned) : Optional.empty();
      if (uid.isEmpty()) {
        listener.on(new RunEvent.AlreadyDone(step.id(), step.cluster().name(), planned, gone));
        continue;
      }
      Change delete = new Change.Delete(planned, "it was planned", uid.get());
      Optional<Unwritten> unwritten = writeAll(step, now, List.of(delete), snapshot, progress);
      if (unwritten.filter(u -> u.failure().kind() != Failure.Kind.STALE).isPresent()) {
        return unwritten;
      }
      if (unwritten.isPresent()) {
        // The name belongs to another object by now, so the planned one is gone.
        listener.on(new RunEvent.AlreadyDone(step.id(), step.cluster().name(), planned, true));
      }
    }
    return Optional.empty();
  }

  private Optional<Unwritten> writeAll(
      Step step, StepPlan now, List<Change> changes, Snapshot snapshot, Progress progress) {
    Cluster cluster = clusters.open(step.cluster()).under(lock);
    for (Change change : changes) {
      if (interrupted && !step.spec().always()) {
        return Optional.empty();
      }
      long began = System.nanoTime();
      Written written;
      try {
        written = writer.write(cluster, change, snapshot.redactor());
      } catch (TokenDesk.Refused e) {
        return Optional.of(Unwritten.without(e.token(), change, e.failure()));
      }
      if (written instanceof Written.Failed failed) {
        Unanswered.Look look = look(step, cluster, change, failed.failure(), snapshot);
        if (!(look instanceof Unanswered.Look.Done seen)) {
          String told = ((Unanswered.Look.Open) look).told();
          return Optional.of(new Unwritten(change, failed.failure(), told));
        }
        written = new Written.Done(seen.object());
      }
      Optional<Need> need = planner.needOf(step, change.ref());
      if (!(written instanceof Written.Done done)) {
        // Whether that is true is for the gate to see, which reads for itself.
        listener.on(new RunEvent.AlreadyDone(step.id(), step.cluster().name(), change.ref(), true));
        continue;
      }
      LiveObject object = done.object();
      Reading after =
          change instanceof Change.Delete && !Unanswered.isBeingDeleted(object)
              ? new Reading.Absent()
              : new Reading.Found(object);
      need.ifPresent(named -> snapshot.put(named, after));
      snapshot.updateManifest(step.cluster(), change.ref(), after);
      progress.wrote.add(
          need.map(named -> named.object().name()).orElseGet(() -> change.ref().toString()));
      if (change instanceof Change.Create) {
        progress.made.put(change.ref(), object.uid());
      }
      progress.changes++;
      writes.incrementAndGet();
      if (progress.since.isEmpty()) {
        progress.since = Optional.of(timeOf(cluster, change, object, began));
      }
      listener.on(
          new RunEvent.Changed(
              step.id(),
              step.cluster().name(),
              change.ref(),
              action(change),
              now.fields(change).stream().map(FieldChange::path).map(Object::toString).toList()));
    }
    return Optional.empty();
  }

  private static String action(Change change) {
    return change instanceof Change.Create
        ? "created"
        : change instanceof Change.Delete ? "deleted" : "patched";
  }

  private Unanswered.Look look(
      Step step, Cluster cluster, Change change, Failure failure, Snapshot snapshot) {
    if (!gates.real() || !failure.kind().unknown()) {
      return new Unanswered.Look.Open("");
    }
    Unanswered.Look look = unanswered.look(step, cluster, change, failure, snapshot);
    if (look instanceof Unanswered.Look.Done) {
      String text =
          "note: the answer to a write of %s on %s was lost (%s), but it took effect"
              .formatted(change.ref(), step.cluster().name(), failure.message());
      listener.on(new RunEvent.Notice(text));
    }
    return look;
  }

  /**
   * When the server took the write in, or a little earlier, by its own clock, which may differ from
   * the runner's: what it noted for our field manager. Of what only takes something away it notes
   * nothing, so it is asked for the time; what it noted before may be years old.
   *
   * @param began when the write was begun, by {@link System#nanoTime}
   */
  private static Instant timeOf(Cluster cluster, Change change, LiveObject object, long began) {
    Optional<Instant> noted =
        takesOnly(change)
            ? Optional.empty()
            : FieldManagers.of(object).oldestFirst().stream()
                .filter(FieldManagers.Entry::muster)
                .flatMap(entry -> entry.time().stream())
                .max(Comparator.naturalOrder());
    return noted
        .or(() -> cluster.clock().map(now -> now.minusNanos(System.nanoTime() - began)))
        .orElseGet(() -> Instant.now().minusNanos(System.nanoTime() - began).minusSeconds(5));
  }

  private static boolean takesOnly(Change change) {
    return change.fields().stream().allMatch(field -> field.kind() == FieldChange.Kind.REMOVE);
  }
}
