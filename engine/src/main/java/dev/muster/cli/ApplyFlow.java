package dev.muster.cli;

import dev.muster.apply.DryRunClusters;
import dev.muster.changes.ChangeSet;
import dev.muster.changes.Expectation;
import dev.muster.changes.Lens;
import dev.muster.changes.Selection;
import dev.muster.courier.Seal;
import dev.muster.diff.Fingerprint;
import dev.muster.drift.Healing;
import dev.muster.history.Checkouts;
import dev.muster.history.GitCheckout;
import dev.muster.history.GitHistory;
import dev.muster.kube.KubeClusters;
import dev.muster.problem.MusterException;
import dev.muster.problem.Problem;
import dev.muster.session.Execution;
import dev.muster.session.Loader;
import dev.muster.session.PlanRendering;
import dev.muster.session.Pruning;
import dev.muster.session.Receipts;
import dev.muster.session.Rollback;
import dev.muster.session.RotationRun;
import dev.muster.session.RotationStart;
import dev.muster.session.SavedChangeSet;
import dev.muster.session.SecretSources;
import dev.muster.session.Session;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What {@code apply} does: plan, show, ask, lock, record, run, tell. */
final class ApplyFlow {
  /** How many things that are left alone are named. */
  private static final int SHOWN = 10;

  private final MusterCommand top;
  private final PrintWriter out;
  private final PrintWriter err;
  private final ApplyOptions options;
  private final String runId = Execution.newRunId();
  private final UnaryOperator<Expectation> expecting;
  private final Notes notes;

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
    this.notes = new Notes(top::clean, out, !options.events());
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
          .run(options.saved().get(), bundle.get(), this::consentThere);
    }
    Optional<SavedChangeSet> saved = options.saved().map(SavedChangeSet::read);
    Loader.Loaded waved = inWaves(saved.map(s -> s.load(secrets())).orElseGet(() -> read(file)));
    boolean prune = options.prune() || saved.map(SavedChangeSet::prune).orElse(false);
    Loader.Loaded loaded = prune ? Pruning.pruned(waved, top.redactor()) : waved;
    options
        .receipt()
        .map(receipt -> Receipts.take(receipt, loaded.topology(), top.redactor()))
        .ifPresent(notes::tell);
    KubeClusters.Writes writes =
        options.dryRun().orElse(null) == RunOptions.DryRun.server
            ? KubeClusters.Writes.SERVER_DRY_RUN
            : KubeClusters.Writes.REAL;
    Lens lens = options.healing().<Lens>map(healing -> healing).orElse(Lens.CLEAR);
    try (Session real = Session.open(loaded, top.redactor(), writes, lens)) {
      if (options.dryRun().isEmpty()) {
        return run(real, saved, selectors);
      }
      boolean askServers = options.dryRun().get() == RunOptions.DryRun.server;
      try (Session dry = real.through(clusters -> new DryRunClusters(clusters, askServers))) {
        return run(dry, saved, selectors);
      }
    }
  }

  private Loader.Loaded read(Path file) {
    return options
        .rollback()
        .map(rollback -> rollback.load(secrets()))
        .orElseGet(() -> Loader.load(file, secrets()));
  }

  private SecretSources secrets() {
    return new SecretSources(SecretSources.Extent.ALL, top.redactor());
  }

  /**
   * What a run stops after is said on the command line, else by the topology; a rotation always has
   * it.
   */
  Loader.Loaded inWaves(Loader.Loaded loaded) {
    return options
        .stopAfter()
        .map(loaded::withStopAfter)
        .orElseGet(() -> options.rotation().isPresent() ? RotationRun.inWaves(loaded) : loaded);
  }

  /** Only shows what a rotation or a rollback would do. */
  ExitCode show(Path file, SelectionOptions selectors, PlanRendering format) {
    Loader.Loaded waved = inWaves(read(file));
    Loader.Loaded loaded = options.prune() ? Pruning.pruned(waved, top.redactor()) : waved;
    try (Session session = Session.open(loaded, top.redactor())) {
      RotationStart start = RotationRun.prepare(session, options.rotation(), runId, Instant.now());
      Selection selection = selectors.selection(session.topology(), session.planFile());
      ChangeSet changeSet = session.plan(selection, options.maxRemove());
      start.insist(changeSet);
      boolean text = format == PlanRendering.text;
      options.rollback().filter(r -> text).ifPresent(r -> out.print(top.clean(r.heading())));
      Fingerprint fingerprint = Fingerprint.withNewKey(new java.security.SecureRandom());
      out.print(
          start
              .rotation()
              .map(r -> r.rendered(session, changeSet, fingerprint, format, top.style()))
              .orElseGet(() -> format.of(session, changeSet, fingerprint, top.style())));
      options
          .rollback()
          .filter(r -> text)
          .ifPresent(r -> out.print("\n" + top.clean(r.limits(session.loaded()))));
      out.flush();
      return PlanCommand.exitCode(changeSet, false);
    }
  }

  private ExitCode run(
      Session session, Optional<SavedChangeSet> saved, SelectionOptions selectors) {
    boolean dry = options.dryRun().isPresent();
    Selection selection = selectors.selection(session.topology(), session.planFile());
    RotationStart start = RotationRun.prepare(session, options.rotation(), runId, Instant.now());
    ChangeSet changeSet =
        session.plan(
            selection, options.maxRemove().or(() -> saved.flatMap(SavedChangeSet::maxRemove)));
    start.insist(changeSet);
    Optional<RotationRun> rotation = start.rotation();
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
    session.loaded().notes().forEach(notes::tell);
    if (!options.events()) {
      if (dry) {
        out.println("dry run: nothing is written to any cluster");
      }
      rotation.ifPresent(r -> out.print(r.told(session, changeSet, top.style())));
      options.rollback().ifPresent(r -> out.print(top.clean(r.heading())));
      out.print(PlanRendering.text.of(session, changeSet, fingerprint, top.style()));
      options.rollback().ifPresent(r -> out.print("\n" + top.clean(r.limits(session.loaded()))));
      out.flush();
    }
    ExitCode planned = PlanCommand.exitCode(changeSet, false);
    if (planned == ExitCode.REFUSED || planned == ExitCode.ERROR && !changeSet.hostWorks()) {
      if (options.events()) {
        changeSet.refusals().forEach(problem -> err.print(top.clean(problem.text())));
      }
      return planned;
    }
    Optional<GitHistory> history = dry ? Optional.empty() : history(session);
    PlanConsent plan =
        PlanConsent.of(top, err, session.loaded(), history, options.records().accepted());
    if (!options.events()) {
      out.print(plan.told());
      out.flush();
    }
    ApplyRun run = new ApplyRun(top, out, err, options, runId, notes);
    Execution.Job job =
        new Execution.Job(
            session,
            changeSet,
            expectation,
            options.simulated()
                ? RehearsalFlow.capped(session.planFile(), session.topology())
                : session.topology(),
            history,
            rotation,
            options.rollback(),
            selectors.all(),
            dry);
    try {
      options.healing().ifPresent(this::left);
      if (!changeSet.hasWork()) {
        if (!dry) {
          run.tidy(job);
        }
        options.rollback().filter(r -> !dry).flatMap(Rollback::write).ifPresent(notes::tell);
        CourierNotes.left(changeSet, options.prune()).forEach(notes::tell);
        return planned;
      }
      if (!dry
          && (takenBack(history, session)
              || !plan.given(!options.yes() && top.terminal())
              || !consent())) {
        return ExitCode.REFUSED;
      }
      return run.run(job);
    } finally {
      history.ifPresent(GitHistory::close);
    }
  }

  /**
   * Whether the last run rolled back what this one would do, and nobody said that it is wanted
   * again: a person is told and asked, a program is refused.
   */
  private boolean takenBack(Optional<GitHistory> history, Session session) {
    Optional<Problem> problem =
        history
            .filter(h -> options.rollback().isEmpty() && !options.records().forward())
            .filter(h -> options.healing().isEmpty()) // what was rolled back is pending, not drift
            .flatMap(h -> Rollback.takenBack(h, session.loaded()));
    problem.ifPresent(
        p -> {
          if (options.yes()) {
            err.print(top.clean(p.text()));
          } else {
            notes.tell(p.message() + "; this goes forward to it again");
          }
        });
    return problem.isPresent() && options.yes();
  }

  private Optional<GitHistory> history(Session session) {
    if (options.simulated()) {
      return Optional.empty();
    }
    if (!options.records().keep()) {
      notes.tell("no history is kept of this run (--no-history)");
      return Optional.empty();
    }
    Optional<GitHistory> found =
        GitHistory.find(session.loaded().file(), session.topology().name());
    if (found.isEmpty()) {
      notes.tell("no history is kept: " + session.loaded().file() + " is in no git repository");
    }
    boolean copy = Checkouts.of(session.loaded().file()).filter(GitCheckout::fetched).isPresent();
    if (copy && found.filter(h -> h.share(options.records().push()).isPresent()).isEmpty()) {
      notes.tell(
          "no history is kept: the topology comes from elsewhere, and there is no --push origin");
      found.ifPresent(GitHistory::close);
      return Optional.empty();
    }
    found
        .filter(history -> history.share(options.records().push()).isPresent())
        .flatMap(GitHistory::fetch)
        .ifPresent(why -> err.print(top.clean("warning: " + why)));
    return found;
  }

  /** What a run that only heals leaves alone. */
  private void left(Healing healing) {
    List<String> left = List.copyOf(healing.left());
    if (left.isEmpty()) {
      return;
    }
    notes.tell(
        (left.size() == 1 ? "1 thing is" : left.size() + " things are")
            + " pending, not drifted, and left for muster apply:");
    left.stream().limit(SHOWN).forEach(each -> notes.tell("  " + each));
    if (left.size() > SHOWN) {
      notes.tell("  and " + (left.size() - SHOWN) + " more; muster drift tells all");
    }
  }

  private boolean consent() {
    return options.yes()
        || new Consent(top, out, err)
            .given(
                options
                    .rotation()
                    .map(r -> "look at it with `muster %1$s --plan`, then run `muster %1$s --yes`")
                    .or(
                        () ->
                            options
                                .rollback()
                                .map(r -> "look at it with --plan, then run it with --yes"))
                    .orElse(
                        options.healing().isPresent()
                            ? "look at it with `muster drift`, then run `muster drift --heal --yes`"
                            : "look at it with `muster plan`, then run `muster apply --yes`")
                    .formatted(options.rotation().map(r -> r.toString()).orElse("")));
  }

  private boolean consentThere() {
    return options.yes()
        || new Consent(top, out, err)
            .given(
                "the above is what it would do; to have it done, run the same command with --yes");
  }
}
