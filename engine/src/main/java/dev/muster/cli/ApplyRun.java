package dev.muster.cli;

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
import dev.muster.history.GitHistory;
import dev.muster.report.RunJson;
import dev.muster.report.RunText;
import dev.muster.session.Books;
import dev.muster.session.OpenRuns;
import dev.muster.session.RotationRun;
import dev.muster.session.Rotations;
import dev.muster.session.RunRecord;
import dev.muster.session.Session;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Doing what was planned and agreed to: under the lock, recorded, told as it goes. */
final class ApplyRun {
  private final MusterCommand top;
  private final PrintWriter out;
  private final PrintWriter err;
  private final ApplyOptions options;
  private final String runId;

  ApplyRun(
      MusterCommand top, PrintWriter out, PrintWriter err, ApplyOptions options, String runId) {
    this.top = top;
    this.out = out;
    this.err = err;
    this.options = options;
    this.runId = runId;
  }

  /**
   * What one command is about to do.
   *
   * @param whole whether no member and no step was left out
   * @param dry whether nothing of it really happens
   */
  record Job(
      Session session,
      ChangeSet changeSet,
      Expectation expectation,
      Optional<GitHistory> history,
      Optional<RotationRun> rotation,
      boolean whole,
      boolean dry) {
    Rotations rotations() {
      return new Rotations(session);
    }

    /** Whether nothing is left behind that a rotation would have to be kept open for. */
    boolean leavesNothing() {
      return whole
          && changeSet.deferred().isEmpty()
          && changeSet.failures().isEmpty()
          && changeSet.refusals().isEmpty();
    }
  }

  ExitCode locked(Job job) {
    LeaseLock.Attempt attempt = take(job.session());
    if (attempt instanceof LeaseLock.Attempt.Busy busy) {
      err.println(
          top.clean(
              "error: run "
                  + busy.holder().runId()
                  + " of "
                  + busy.holder().by().who()
                  + " holds the lock of this topology since "
                  + busy.holder().since()
                  + "\n  hint: wait for it; if it is gone for good, `muster lock release`"));
      return ExitCode.LOCKED;
    }
    LeaseLock.Attempt.Taken taken = (LeaseLock.Attempt.Taken) attempt;
    try (LeaseLock lock = taken.lock()) {
      taken
          .from()
          .ifPresent(
              holder ->
                  notice(
                      "took over the lock of run "
                          + holder.runId()
                          + (holder.expired() ? ", which ran out" : ", whose process is gone")));
      job.history().ifPresent(h -> closeInterrupted(h, job.session()));
      return perform(job, lock);
    }
  }

  /**
   * Bookkeeping without a change: an open record of a run that is gone, an inventory that does not
   * say yet what is there. Only the holder of the lock does it; a run at work does it itself.
   */
  ExitCode tidy(Job job, ExitCode planned) {
    Session session = job.session();
    Books books = new Books(session, job.changeSet());
    boolean open = job.history().filter(h -> !h.interrupted().isEmpty()).isPresent();
    boolean over = job.leavesNothing() && !job.rotations().open().isEmpty();
    boolean unended = new OpenRuns(session).any();
    if (!open && !over && !unended && !books.due()) {
      job.rotations().told().forEach(this::notice);
      return planned;
    }
    if (!(take(session) instanceof LeaseLock.Attempt.Taken taken)) {
      return planned;
    }
    try (LeaseLock lock = taken.lock()) {
      job.history().ifPresent(h -> closeInterrupted(h, session));
      InventoryKeeper keeper = books.keeper(runId, lock);
      new OpenRuns(session).close(keeper).forEach(this::notice);
      List<String> told = job.rotations().end(keeper, job.leavesNothing());
      books.write(keeper).ifPresent(this::notice);
      told.forEach(this::notice);
      return planned;
    }
  }

  private LeaseLock.Attempt take(Session session) {
    return LeaseLock.take(
        session.host(), session.topology().name(), runId, Holder.here(), Clock.systemUTC());
  }

  private void closeInterrupted(GitHistory history, Session session) {
    for (RunRecorder.Interrupted run : history.interrupted()) {
      history.closeInterrupted(
          run, session.topology().name() + ": run " + run.runId() + " was interrupted");
      notice(
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
    runs.close(keeper).forEach(this::notice);
    if (job.history().isEmpty()) {
      runs.begin(runId, keeper);
    }
    job.rotation().ifPresent(r -> r.begin(job.rotations(), keeper));
  }

  ExitCode perform(Job job, RunLock lock) {
    Session session = job.session();
    ChangeSet changeSet = job.changeSet();
    boolean dry = job.dry();
    RunText text = new RunText(out, session.clean(), top.style(), dry);
    RunListener listener = options.events() ? new RunJson(out, session.clean()) : text;
    RunRecord record = new RunRecord(session, changeSet, runId, job.rotation());
    Optional<RunRecorder.OpenRun> open =
        job.history().map(h -> h.begin(runId, record.intent(), record.files(), record.trailers()));
    GateKeeper gates =
        dry
            ? new AssumingGateKeeper(listener)
            : new WatchingGateKeeper(
                session.planFile(),
                options.simulated()
                    ? RehearsalFlow.capped(session.planFile(), session.topology())
                    : session.topology(),
                session.clusters(),
                session.reader(),
                listener,
                Duration.ofSeconds(1));
    Optional<InventoryKeeper> keeper =
        dry ? Optional.empty() : Optional.of(new Books(session, changeSet).keeper(runId, lock));
    keeper.ifPresent(k -> begin(job, k));
    StepRunner runner =
        new StepRunner(
            session.planFile(),
            session.planner(),
            session.reader(),
            session.clusters(),
            job.expectation(),
            gates,
            lock,
            keeper.<Bookkeeper>map(k -> k).orElseGet(Bookkeeper::none),
            listener);
    Apply apply = new Apply(runner, listener, options.parallel());
    listener.on(
        new RunEvent.RunStarted(
            runId,
            (int)
                changeSet.steps().stream()
                    .filter(s -> s.decision() == dev.muster.changes.StepPlan.Decision.RUN)
                    .count(),
            changeSet.changes().size()));
    Interruption interruption = Interruption.install(apply::interrupt);
    try {
      RunReport report = apply.run(runId, changeSet, session.snapshot());
      boolean nothingLeft = report.complete() && job.leavesNothing();
      List<String> told = keeper.map(k -> job.rotations().end(k, nothingLeft)).orElseGet(List::of);
      keeper.ifPresent(
          k -> {
            new OpenRuns(session).end(k);
            Books.finish(k, report, listener);
          });
      open.ifPresent(
          run -> run.finish(record.summary(report), record.files(report), record.trailers(report)));
      if (!options.events()) {
        text.summary(report);
        told.forEach(this::notice);
        CourierNotes.left(changeSet, options.prune()).forEach(this::notice);
        job.history()
            .ifPresent(
                h -> out.println("recorded on branch " + h.branch() + ": muster show " + runId));
      }
      lock.close();
      return RunExit.of(report, changeSet);
    } finally {
      interruption.done();
    }
  }

  private void notice(String text) {
    if (!options.events()) {
      out.println("note: " + text);
    }
  }
}
