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
import dev.muster.apply.StepRunner;
import dev.muster.apply.WatchingGateKeeper;
import dev.muster.changes.ChangeSet;
import dev.muster.changes.Expectation;
import dev.muster.changes.Selection;
import dev.muster.courier.Seal;
import dev.muster.diff.Fingerprint;
import dev.muster.history.GitHistory;
import dev.muster.kube.KubeClusters;
import dev.muster.problem.MusterException;
import dev.muster.report.RunJson;
import dev.muster.report.RunText;
import dev.muster.topology.Rollout;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.UnaryOperator;

/** What {@code apply} does: plan, show, ask, lock, record, run, tell. */
final class ApplyFlow {
  private final MusterCommand top;
  private final PrintWriter out;
  private final PrintWriter err;
  private final ApplyOptions options;
  private final String runId = newRunId();
  private final UnaryOperator<Expectation> expecting;

  /**
   * @param expecting adds to what a run expects of its steps
   */
  ApplyFlow(
      MusterCommand top,
      PrintWriter out,
      PrintWriter err,
      ApplyOptions options,
      UnaryOperator<Expectation> expecting) {
    this.top = top;
    this.out = out;
    this.err = err;
    this.options = options;
    this.expecting = expecting;
  }

  /** Runs on clusters that are not those of the topology. */
  ExitCode run(Session session, SelectionOptions selectors) {
    return run(session, Optional.empty(), selectors);
  }

  ExitCode run(Path file, SelectionOptions selectors) {
    Optional<String> bundle =
        options.saved().map(path -> Loader.read(path, "change set")).filter(Seal::isSealed);
    if (bundle.isPresent()) {
      if (options.dryRun().isPresent() || options.events() || options.receipt().isPresent()) {
        throw MusterException.of(
            "a bundle is applied without --dry-run, --events and --receipt",
            "it shows what it would do before it asks; say no to leave it at that");
      }
      return new CourierFlow(top, out, options.courier())
          .run(options.saved().get(), bundle.get(), this::consent);
    }
    Optional<SavedChangeSet> saved = options.saved().map(SavedChangeSet::read);
    Loader.Loaded waved =
        inWaves(saved.map(s -> s.load(secrets())).orElseGet(() -> Loader.load(file, secrets())));
    boolean prune = options.prune() || saved.map(SavedChangeSet::prune).orElse(false);
    Loader.Loaded loaded = prune ? RemovalOptions.pruned(waved, top) : waved;
    options
        .receipt()
        .map(receipt -> Receipts.take(receipt, loaded.topology(), top.redactor()))
        .ifPresent(receipt -> notice(Packing.told(receipt)));
    KubeClusters.Writes writes =
        options.dryRun().orElse(null) == RunOptions.DryRun.server
            ? KubeClusters.Writes.SERVER_DRY_RUN
            : KubeClusters.Writes.REAL;
    try (Session real = Session.open(loaded, top.redactor(), writes)) {
      if (options.dryRun().isEmpty()) {
        return run(real, saved, selectors);
      }
      boolean askServers = options.dryRun().get() == RunOptions.DryRun.server;
      try (Session dry = real.through(clusters -> new DryRunClusters(clusters, askServers))) {
        return run(dry, saved, selectors);
      }
    }
  }

  private SecretSources secrets() {
    return new SecretSources(SecretSources.Extent.ALL, top.redactor());
  }

  /** A rotation goes in waves even where the topology has none. */
  private Loader.Loaded inWaves(Loader.Loaded loaded) {
    boolean canary = options.rotation().isPresent() && loaded.topology().rollout().isEmpty();
    return options
        .stopAfter()
        .or(() -> canary ? Optional.of(Rollout.canary().stopAfter()) : Optional.empty())
        .map(loaded::withStopAfter)
        .orElse(loaded);
  }

  /** Only shows what a rotation would do. */
  ExitCode show(Path file, PlanRendering format) {
    try (Session session = Session.open(inWaves(Loader.load(file, secrets())), top.redactor())) {
      Optional<RotationRun> rotation = prepareRotation(session);
      ChangeSet changeSet = session.plan(Selection.everything());
      if (format == PlanRendering.text) {
        rotation.ifPresent(r -> out.print(r.told(session, changeSet, top.style())));
      }
      Fingerprint fingerprint = Fingerprint.withNewKey(new java.security.SecureRandom());
      out.print(format.of(session, changeSet, fingerprint, top.style()));
      out.flush();
      return PlanCommand.exitCode(changeSet, false);
    }
  }

  private Optional<RotationRun> prepareRotation(Session session) {
    return options.rotation().flatMap(request -> RotationRun.prepare(session, request, runId));
  }

  private ExitCode run(
      Session session, Optional<SavedChangeSet> saved, SelectionOptions selectors) {
    boolean dry = options.dryRun().isPresent();
    Selection selection = selectors.selection(session.topology(), session.planFile());
    Optional<RotationRun> rotation = prepareRotation(session);
    ChangeSet changeSet =
        session.plan(
            selection, options.maxRemove().or(() -> saved.flatMap(SavedChangeSet::maxRemove)));
    Fingerprint fingerprint =
        saved
            .map(SavedChangeSet::fingerprint)
            .orElseGet(() -> Fingerprint.withNewKey(new java.security.SecureRandom()));
    Expectation expectation =
        expecting.apply(
            saved
                .map(SavedChangeSet::expectation)
                .orElseGet(() -> Expectation.of(changeSet, fingerprint)));
    saved.ifPresent(file -> file.checkClusters(changeSet));
    session.loaded().notes().forEach(note -> notice(session.clean().line(note)));
    if (!options.events()) {
      if (dry) {
        out.println("dry run: nothing is written to any cluster");
      }
      rotation.ifPresent(r -> out.print(r.told(session, changeSet, top.style())));
      out.print(PlanRendering.text.of(session, changeSet, fingerprint, top.style()));
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
    Job job = new Job(session, changeSet, expectation, history, rotation, selectors.all(), dry);
    try {
      if (!changeSet.hasWork()) {
        return dry ? planned : tidy(job, planned);
      }
      if (!dry && !consent()) {
        return ExitCode.REFUSED;
      }
      return dry ? perform(job, RunLock.none()) : locked(job);
    } finally {
      history.ifPresent(GitHistory::close);
    }
  }

  /**
   * What one command is about to do.
   *
   * @param whole whether no member and no step was left out
   * @param dry whether nothing of it really happens
   */
  private record Job(
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

  private boolean consent() {
    return options.yes()
        || new Consent(top, out, err).given(options.rotation().map(r -> r.toString()).orElse(""));
  }

  private ExitCode locked(Job job) {
    LeaseLock.Attempt attempt =
        LeaseLock.take(
            job.session().host(),
            job.session().topology().name(),
            runId,
            Holder.here(),
            Clock.systemUTC());
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
  private ExitCode tidy(Job job, ExitCode planned) {
    Session session = job.session();
    Books books = new Books(session, job.changeSet());
    boolean open = job.history().filter(h -> !h.interrupted().isEmpty()).isPresent();
    boolean over = job.leavesNothing() && !job.rotations().open().isEmpty();
    if (!open && !over && !books.due()) {
      job.rotations().told().forEach(this::notice);
      return planned;
    }
    LeaseLock.Attempt attempt =
        LeaseLock.take(
            session.host(), session.topology().name(), runId, Holder.here(), Clock.systemUTC());
    if (!(attempt instanceof LeaseLock.Attempt.Taken taken)) {
      return planned;
    }
    try (LeaseLock lock = taken.lock()) {
      job.history().ifPresent(h -> closeInterrupted(h, session));
      InventoryKeeper keeper = books.keeper(runId, lock);
      List<String> told = job.rotations().end(keeper, job.leavesNothing());
      books.write(keeper).ifPresent(this::notice);
      told.forEach(this::notice);
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

  private ExitCode perform(Job job, RunLock lock) {
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
                session.topology(),
                session.clusters(),
                session.reader(),
                listener,
                Duration.ofSeconds(1));
    Optional<InventoryKeeper> keeper =
        dry ? Optional.empty() : Optional.of(new Books(session, changeSet).keeper(runId, lock));
    keeper.ifPresent(k -> job.rotation().ifPresent(r -> r.begin(job.rotations(), k)));
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
      keeper.ifPresent(k -> Books.finish(k, report, listener));
      open.ifPresent(
          run -> run.finish(record.summary(report), record.files(report), record.trailers(report)));
      if (!options.events()) {
        text.summary(report);
        told.forEach(this::notice);
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

  static String newRunId() {
    String time =
        DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss")
            .withZone(ZoneOffset.UTC)
            .format(Clock.systemUTC().instant());
    return time + "-" + String.format("%04x", ThreadLocalRandom.current().nextInt(0x10000));
  }
}
