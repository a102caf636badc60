package dev.muster.session;

import dev.muster.apply.Apply;
import dev.muster.apply.AssumingGateKeeper;
import dev.muster.apply.Bookkeeper;
import dev.muster.apply.GateKeeper;
import dev.muster.apply.Holder;
import dev.muster.apply.InventoryKeeper;
import dev.muster.apply.LeaseLock;
import dev.muster.apply.RunEvent;
import dev.muster.apply.RunListener;
import dev.muster.apply.RunLock;
import dev.muster.apply.RunRecorder;
import dev.muster.apply.RunReport;
import dev.muster.apply.StepRunner;
import dev.muster.apply.WatchingGateKeeper;
import dev.muster.changes.ChangeSet;
import dev.muster.changes.Expectation;
import dev.muster.changes.StepPlan;
import dev.muster.history.GitHistory;
import dev.muster.topology.Topology;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/** Doing what was planned and agreed to: under the lock, recorded, told as it goes. */
public final class Execution {
  private final String runId;
  private final int parallel;
  private final RunListener listener;
  private final Consumer<String> notes;
  private boolean interrupted;
  private Optional<Apply> atWork = Optional.empty();

  /**
   * @param parallel how many steps may work at once
   * @param notes is told what is worth knowing before the first step and after the last
   */
  public Execution(String runId, int parallel, RunListener listener, Consumer<String> notes) {
    this.runId = runId;
    this.parallel = parallel;
    this.listener = listener;
    this.notes = notes;
  }

  /** A new one, sorted by time: {@code 20261126-021530-9f3c}. */
  public static String newRunId() {
    String time =
        DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss")
            .withZone(ZoneOffset.UTC)
            .format(Clock.systemUTC().instant());
    return time + "-" + String.format("%04x", ThreadLocalRandom.current().nextInt(0x10000));
  }

  /**
   * What is about to be done.
   *
   * @param limits the topology with the time limits of the gates
   * @param rollback for going back to what a run declared
   * @param whole whether no member and no step was left out
   * @param dry whether nothing of it really happens
   */
  public record Job(
      Session session,
      ChangeSet changeSet,
      Expectation expectation,
      Topology limits,
      Optional<GitHistory> history,
      Optional<RotationRun> rotation,
      Optional<Rollback> rollback,
      boolean whole,
      boolean dry) {
    public Rotations rotations() {
      return new Rotations(session);
    }

    /** Whether nothing is left behind that a rotation would have to be kept open for. */
    boolean leavesNothing() {
      return whole && changeSet.leavesNothing();
    }
  }

  /** How it ended. */
  public sealed interface End {
    /** Nothing was done: another run holds the lock. */
    record Locked(LeaseLock.Held holder) implements End {}

    /**
     * The run has ended and is recorded.
     *
     * @param told what to know afterwards
     */
    record Done(RunReport report, List<String> told) implements End {
      public Done {
        told = List.copyOf(told);
      }
    }
  }

  /** Ends the run after what is under way; may be called from another thread, at any time. */
  public synchronized void interrupt() {
    interrupted = true;
    atWork.ifPresent(Apply::interrupt);
  }

  private synchronized void work(Apply apply) {
    atWork = Optional.of(apply);
    if (interrupted) {
      apply.interrupt();
    }
  }

  /** Takes the lock, closes what earlier runs left open, and runs. */
  public End run(Job job) {
    if (job.dry()) {
      return perform(job, RunLock.none());
    }
    LeaseLock.Attempt attempt = take(job.session());
    if (attempt instanceof LeaseLock.Attempt.Busy busy) {
      return new End.Locked(busy.holder());
    }
    LeaseLock.Attempt.Taken taken = (LeaseLock.Attempt.Taken) attempt;
    try (LeaseLock lock = taken.lock()) {
      taken
          .from()
          .ifPresent(
              holder ->
                  notes.accept(
                      "took over the lock of run "
                          + holder.runId()
                          + (holder.by().gone()
                              ? ", whose process is gone"
                              : ", which nobody renewed any more")));
      job.history().ifPresent(h -> closeInterrupted(h, job.session()));
      return perform(job, lock);
    }
  }

  /**
   * Bookkeeping without a change: an open record of a run that is gone, an inventory that does not
   * say yet what is there. Only the holder of the lock does it; a run at work does it itself.
   */
  public void tidy(Job job) {
    Session session = job.session();
    Books books = new Books(session, job.changeSet());
    boolean open = job.history().filter(h -> !h.interrupted().isEmpty()).isPresent();
    boolean over = job.leavesNothing() && !job.rotations().open().isEmpty();
    boolean unended = new OpenRuns(session).any();
    if (!open && !over && !unended && !books.due()) {
      job.rotations().told().forEach(notes);
      return;
    }
    LeaseLock.Attempt attempt = take(session);
    if (attempt instanceof LeaseLock.Attempt.Busy busy) {
      notes.accept(
          busy.holder().run()
              + " holds the lock since "
              + busy.holder().since()
              + ", so what earlier runs have left to be written down is left to the next apply");
      return;
    }
    try (LeaseLock lock = ((LeaseLock.Attempt.Taken) attempt).lock()) {
      job.history().ifPresent(h -> closeInterrupted(h, session));
      InventoryKeeper keeper = books.keeper(runId, lock);
      new OpenRuns(session).close(keeper).forEach(notes);
      List<String> told = job.rotations().end(keeper, job.leavesNothing());
      books.write(keeper).ifPresent(notes);
      told.forEach(notes);
      share(job, notes);
    }
  }

  /** Brings the record to the other runners; that it could not be brought stops nothing. */
  private static void share(Job job, Consumer<String> told) {
    job.history()
        .flatMap(GitHistory::push)
        .ifPresent(why -> told.accept(why + "; the next run tries again"));
    job.history().ifPresent(history -> history.notes().forEach(told));
  }

  private LeaseLock.Attempt take(Session session) {
    LeaseLock.Claimant claimant =
        new LeaseLock.Claimant(runId, Holder.here(), Clock.systemUTC(), this::isInterrupted, notes);
    return LeaseLock.take(session.host(), session.topology().name(), claimant);
  }

  private synchronized boolean isInterrupted() {
    return interrupted;
  }

  private void closeInterrupted(GitHistory history, Session session) {
    for (RunRecorder.Interrupted run : history.interrupted()) {
      history.closeInterrupted(
          run, session.topology().name() + ": run " + run.runId() + " was interrupted");
      notes.accept(
          "the run "
              + run.runId()
              + " of "
              + run.begun()
              + " never ended; its record is closed now");
    }
  }

  /** What has to be on the host before the first write of a run. */
  private void begin(Job job, InventoryKeeper keeper) {
    OpenRuns runs = new OpenRuns(job.session());
    runs.close(keeper).forEach(notes);
    if (job.history().isEmpty()) {
      runs.begin(runId, keeper);
    }
    job.rotation().ifPresent(r -> r.begin(job.rotations(), keeper));
  }

  private End.Done perform(Job job, RunLock lock) {
    Session session = job.session();
    ChangeSet changeSet = job.changeSet();
    RunRecord record = new RunRecord(session, changeSet, runId, job.rotation(), job.rollback());
    Optional<RunRecorder.OpenRun> open =
        job.history().map(h -> h.begin(runId, record.intent(), record.files(), record.trailers()));
    share(job, text -> listener.on(new RunEvent.Notice("warning: " + text)));
    if (!job.dry()) {
      job.rollback().flatMap(Rollback::write).ifPresent(notes);
    }
    Optional<InventoryKeeper> keeper =
        job.dry()
            ? Optional.empty()
            : Optional.of(new Books(session, changeSet).keeper(runId, lock));
    keeper.ifPresent(k -> begin(job, k));
    StepRunner runner =
        new StepRunner(
            session.planFile(),
            session.planner(),
            session.reader(),
            session.clusters(),
            job.expectation(),
            gates(job),
            lock,
            keeper.<Bookkeeper>map(k -> k).orElseGet(Bookkeeper::none),
            listener);
    Apply apply = new Apply(runner, listener, parallel);
    listener.on(
        new RunEvent.RunStarted(
            runId,
            (int)
                changeSet.steps().stream()
                    .filter(s -> s.decision() == StepPlan.Decision.RUN)
                    .count(),
            changeSet.changes().size()));
    work(apply);
    RunReport played = apply.run(runId, changeSet, session.snapshot());
    List<String> told = new ArrayList<>();
    RunReport report = keeper.map(k -> end(job, lock, k, played, told)).orElse(played);
    open.ifPresent(
        run -> run.finish(record.summary(report), record.files(report), record.trailers(report)));
    share(job, text -> listener.on(new RunEvent.Notice("warning: " + text)));
    return new End.Done(report, told);
  }

  private RunReport end(
      Job job, RunLock lock, InventoryKeeper keeper, RunReport report, List<String> told) {
    told.addAll(job.rotations().end(keeper, report.complete() && job.leavesNothing()));
    new OpenRuns(job.session()).end(keeper);
    return Books.finish(keeper, lock, report, listener);
  }

  private GateKeeper gates(Job job) {
    Session session = job.session();
    return job.dry()
        ? new AssumingGateKeeper(listener)
        : new WatchingGateKeeper(
            session.planFile(),
            job.limits(),
            session.clusters(),
            session.reader(),
            listener,
            Duration.ofSeconds(1));
  }
}
