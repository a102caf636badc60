package dev.muster.cli;

import dev.muster.apply.Apply;
import dev.muster.apply.AssumingGateKeeper;
import dev.muster.apply.Bookkeeper;
import dev.muster.apply.DryRunClusters;
import dev.muster.apply.GateKeeper;
import dev.muster.apply.Holder;
import dev.muster.apply.InventoryKeeper;
import dev.muster.apply.LeaseLock;
import dev.muster.apply.RunEvent;
import dev.muster.apply.RunListener;
import dev.muster.apply.RunLock;
import dev.muster.apply.RunRecorder;
import dev.muster.apply.RunReport;
import dev.muster.apply.StepOutcome;
import dev.muster.apply.StepRunner;
import dev.muster.apply.WatchingGateKeeper;
import dev.muster.changes.ChangeSet;
import dev.muster.changes.Expectation;
import dev.muster.changes.Selection;
import dev.muster.diff.Fingerprint;
import dev.muster.history.GitHistory;
import dev.muster.kube.KubeClusters;
import dev.muster.problem.MusterException;
import dev.muster.report.PlanText;
import dev.muster.report.RunJson;
import dev.muster.report.RunText;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/** What {@code apply} does: plan, show, ask, lock, record, run, tell. */
final class ApplyFlow {
  /** The options of the command. */
  record Options(
      Optional<Path> saved,
      boolean yes,
      Optional<ApplyCommand.DryRun> dryRun,
      int parallel,
      Optional<Integer> stopAfter,
      boolean prune,
      Optional<Integer> maxRemove,
      boolean history,
      boolean events) {}

  private final MusterCommand top;
  private final PrintWriter out;
  private final PrintWriter err;
  private final Options options;

  ApplyFlow(MusterCommand top, PrintWriter out, PrintWriter err, Options options) {
    this.top = top;
    this.out = out;
    this.err = err;
    this.options = options;
  }

  ExitCode run(Path file, SelectionOptions selectors) {
    Optional<SavedChangeSet> saved = options.saved().map(SavedChangeSet::read);
    SecretSources secrets = new SecretSources(SecretSources.Extent.ALL, top.redactor());
    Loader.Loaded read =
        saved.map(s -> s.load(secrets)).orElseGet(() -> Loader.load(file, secrets));
    Loader.Loaded budgeted = options.stopAfter().map(read::withStopAfter).orElse(read);
    boolean prune = options.prune() || saved.map(SavedChangeSet::prune).orElse(false);
    Loader.Loaded loaded = prune ? RemovalOptions.pruned(budgeted, top) : budgeted;
    KubeClusters.Writes writes =
        options.dryRun().orElse(null) == ApplyCommand.DryRun.server
            ? KubeClusters.Writes.SERVER_DRY_RUN
            : KubeClusters.Writes.REAL;
    try (Session real = Session.open(loaded, top.redactor(), writes)) {
      if (options.dryRun().isEmpty()) {
        return run(real, saved, selectors);
      }
      boolean askServers = options.dryRun().get() == ApplyCommand.DryRun.server;
      try (Session dry = real.through(clusters -> new DryRunClusters(clusters, askServers))) {
        return run(dry, saved, selectors);
      }
    }
  }

  private ExitCode run(
      Session session, Optional<SavedChangeSet> saved, SelectionOptions selectors) {
    boolean dry = options.dryRun().isPresent();
    Selection selection = selectors.selection(session.topology(), session.planFile());
    ChangeSet changeSet =
        session.plan(
            selection, options.maxRemove().or(() -> saved.flatMap(SavedChangeSet::maxRemove)));
    Fingerprint fingerprint =
        saved
            .map(SavedChangeSet::fingerprint)
            .orElseGet(() -> Fingerprint.withNewKey(new java.security.SecureRandom()));
    Expectation expectation =
        saved
            .map(SavedChangeSet::expectation)
            .orElseGet(() -> Expectation.of(changeSet, fingerprint));
    saved.ifPresent(file -> file.checkClusters(changeSet));
    session.loaded().notes().forEach(note -> notice(session.clean().line(note)));
    if (!options.events()) {
      if (dry) {
        out.println("dry run: nothing is written to any cluster");
      }
      out.print(
          new PlanText(
                  session.planFile(), session.topology(), fingerprint, session.clean(), top.style())
              .render(changeSet));
      out.flush();
    }
    ExitCode planned = PlanCommand.exitCode(changeSet, false);
    if (planned == ExitCode.REFUSED || planned == ExitCode.ERROR && !hostWorks(changeSet)) {
      if (options.events()) {
        changeSet.refusals().forEach(problem -> err.print(top.clean(problem.text())));
      }
      return planned;
    }
    Optional<GitHistory> history = dry ? Optional.empty() : history(session);
    try {
      if (!changeSet.hasWork()) {
        return dry ? planned : tidy(session, changeSet, history, planned);
      }
      if (!dry && !agreed()) {
        return ExitCode.REFUSED;
      }
      return locked(session, changeSet, expectation, history, dry);
    } finally {
      history.ifPresent(GitHistory::close);
    }
  }

  private static boolean hostWorks(ChangeSet changeSet) {
    return changeSet.clusters().stream()
        .filter(state -> state.cluster().host())
        .allMatch(state -> state.failure().isEmpty());
  }

  private Optional<GitHistory> history(Session session) {
    if (!options.history()) {
      notice("no history is kept of this run (--no-history)");
      return Optional.empty();
    }
    Optional<GitHistory> found =
        GitHistory.find(session.loaded().file(), session.topology().name());
    if (found.isEmpty()) {
      notice("no history is kept: " + session.loaded().file() + " is in no git repository");
    }
    found.ifPresent(history -> history.warnings().forEach(p -> err.print(top.clean(p.text()))));
    return found;
  }

  private void notice(String text) {
    if (!options.events()) {
      out.println("note: " + text);
    }
  }

  private boolean agreed() {
    if (options.yes()) {
      return true;
    }
    if (!top.terminal()) {
      err.println("error: nobody can be asked here whether to apply this");
      err.println("  hint: look at it with `muster plan`, then run `muster apply --yes`");
      return false;
    }
    out.print("Apply this? Only \"yes\" is taken for a yes: ");
    out.flush();
    try {
      String answer =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
      if ("yes".equals(answer)) {
        return true;
      }
    } catch (IOException e) {
      throw MusterException.of("the answer cannot be read: " + e.getMessage());
    }
    out.println("nothing was written");
    return false;
  }

  private ExitCode locked(
      Session session,
      ChangeSet changeSet,
      Expectation expectation,
      Optional<GitHistory> history,
      boolean dry) {
    String runId = runId();
    if (dry) {
      return perform(
          session, changeSet, expectation, RunLock.none(), Optional.empty(), runId, true);
    }
    LeaseLock.Attempt attempt =
        LeaseLock.take(
            session.host(), session.topology().name(), runId, Holder.here(), Clock.systemUTC());
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
      history.ifPresent(h -> closeInterrupted(h, session));
      return perform(session, changeSet, expectation, lock, history, runId, false);
    }
  }

  /**
   * Bookkeeping without a change: an open record of a run that is gone, an inventory that does not
   * say yet what is there. Only the holder of the lock does it; a run at work does it itself.
   */
  private ExitCode tidy(
      Session session, ChangeSet changeSet, Optional<GitHistory> history, ExitCode planned) {
    Books books = new Books(session, changeSet);
    boolean open = history.filter(h -> !h.interrupted().isEmpty()).isPresent();
    if (!open && !books.due()) {
      return planned;
    }
    String runId = runId();
    LeaseLock.Attempt attempt =
        LeaseLock.take(
            session.host(), session.topology().name(), runId, Holder.here(), Clock.systemUTC());
    if (!(attempt instanceof LeaseLock.Attempt.Taken taken)) {
      return planned;
    }
    try (LeaseLock lock = taken.lock()) {
      history.ifPresent(h -> closeInterrupted(h, session));
      books.write(runId, lock).ifPresent(this::notice);
      return planned;
    }
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

  private ExitCode perform(
      Session session,
      ChangeSet changeSet,
      Expectation expectation,
      RunLock lock,
      Optional<GitHistory> history,
      String runId,
      boolean dry) {
    RunText text = new RunText(out, session.clean(), top.style(), dry);
    RunListener listener = options.events() ? new RunJson(out, session.clean()) : text;
    RunRecord record = new RunRecord(session, changeSet, runId);
    Optional<RunRecorder.OpenRun> open =
        history.map(h -> h.begin(runId, record.intent(), record.files(), record.trailers()));
    GateKeeper gates =
        dry
            ? new AssumingGateKeeper(listener)
            : new WatchingGateKeeper(
                session.planFile(),
                session.topology(),
                session.clusters(),
                session.reader(),
                listener,
                Duration.ofSeconds(1));
    Optional<InventoryKeeper> keeper =
        dry ? Optional.empty() : Optional.of(new Books(session, changeSet).keeper(runId, lock));
    StepRunner runner =
        new StepRunner(
            session.planFile(),
            session.planner(),
            session.reader(),
            session.clusters(),
            expectation,
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
      keeper.ifPresent(k -> Books.finish(k, report, listener));
      open.ifPresent(
          run -> run.finish(record.summary(report), record.files(report), record.trailers(report)));
      if (!options.events()) {
        text.summary(report);
        history.ifPresent(
            h -> out.println("recorded on branch " + h.branch() + ": muster show " + runId));
      }
      lock.close();
      return exitCode(report, changeSet);
    } finally {
      interruption.done();
    }
  }

  static ExitCode exitCode(RunReport report, ChangeSet changeSet) {
    if (report.interrupted()) {
      return ExitCode.INTERRUPTED;
    }
    if (report.stopped().isPresent()) {
      // That the rollout stopped as it was told to is more than how one of its members failed.
      return ExitCode.PARTIAL;
    }
    Set<ExitCode> causes = EnumSet.noneOf(ExitCode.class);
    if (report.any(StepOutcome.Refused.class)) {
      causes.add(ExitCode.REFUSED);
    }
    if (report.any(StepOutcome.Stale.class)) {
      causes.add(ExitCode.STALE);
    }
    if (report.any(StepOutcome.GateFailed.class) || report.any(StepOutcome.TimedOut.class)) {
      causes.add(ExitCode.GATE);
    }
    if (report.any(StepOutcome.Failed.class)) {
      causes.add(ExitCode.PARTIAL);
    }
    if (!changeSet.deferred().isEmpty() || report.any(StepOutcome.Deferred.class)) {
      causes.add(ExitCode.DEFERRED);
    }
    return ExitCode.first(causes);
  }

  private static String runId() {
    String time =
        DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss")
            .withZone(ZoneOffset.UTC)
            .format(Clock.systemUTC().instant());
    return time + "-" + String.format("%04x", ThreadLocalRandom.current().nextInt(0x10000));
  }
}
