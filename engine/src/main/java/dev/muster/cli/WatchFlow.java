package dev.muster.cli;

import dev.muster.changes.RefusedException;
import dev.muster.drift.DriftReport;
import dev.muster.drift.Movement;
import dev.muster.drift.Standing;
import dev.muster.live.Failure;
import dev.muster.problem.MusterException;
import dev.muster.problem.Problem;
import dev.muster.session.FileStamp;
import dev.muster.session.Loader;
import dev.muster.session.Vigil;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A watch from its first look to its end. */
final class WatchFlow implements Vigil.Listener {
  /** How often it is looked whether the topology has changed. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final MusterCommand top;
  private final FileOptions files;
  private final SelectionOptions selection;
  private final Duration within;
  private final Duration resync;
  private final Optional<Instant> end;
  private final WatchOutlets outlets;
  private volatile Optional<Vigil> kept = Optional.empty();
  private volatile boolean stopped;
  private boolean moved;
  private FileStamp stamp = FileStamp.none();

  WatchFlow(
      MusterCommand top,
      FileOptions files,
      SelectionOptions selection,
      Duration within,
      Duration resync,
      Optional<Duration> length,
      WatchOutlets outlets) {
    this.top = top;
    this.files = files;
    this.selection = selection;
    this.within = within;
    this.resync = resync;
    this.end = length.map(time -> Instant.now().plus(time));
    this.outlets = outlets;
  }

  ExitCode run() {
    Interruption interruption = Interruption.install(this::stop);
    try {
      Loader.Loaded loaded = files.load();
      stamp = FileStamp.of(loaded);
      Vigil vigil = open(loaded, new Standing());
      try {
        Vigil.First first = vigil.begin();
        outlets.update(first.report(), exit(vigil, first.report()));
        tell(outlets.rendering().opening(first.report()));
        return keep(vigil);
      } finally {
        kept.ifPresent(Vigil::close);
      }
    } finally {
      interruption.done();
    }
  }

  private Vigil open(Loader.Loaded loaded, Standing before) {
    Vigil vigil =
        new Vigil(
            loaded,
            top.redactor(),
            selection.selection(loaded.topology(), loaded.plan()),
            within,
            before);
    kept = Optional.of(vigil);
    if (stopped) {
      vigil.stop();
    }
    return vigil;
  }

  private void stop() {
    stopped = true;
    kept.ifPresent(Vigil::stop);
  }

  private ExitCode keep(Vigil first) {
    Vigil vigil = first;
    Instant renewal = Instant.now().plus(resync);
    while (true) {
      Instant now = Instant.now();
      boolean over = end.filter(at -> !now.isBefore(at)).isPresent();
      if (over || !vigil.step(earliest(now), this) || stopped) {
        return finish(vigil, over);
      }
      if (!files.committed() && stamp.changed()) {
        stamp = stamp.renewed();
        vigil = reread(vigil);
      }
      if (!Instant.now().isBefore(renewal)) {
        vigil.renew(this);
        renewal = Instant.now().plus(resync);
      }
      if (moved) {
        moved = false;
        DriftReport report = vigil.report();
        outlets.update(report, exit(vigil, report));
      }
    }
  }

  /**
   * The one to go on with: the old one where the files are broken, or nobody can work with them.
   */
  private Vigil reread(Vigil before) {
    try {
      Loader.Loaded loaded = files.load();
      stamp = FileStamp.of(loaded);
      Vigil next = open(loaded, before.standing());
      boolean begun = false;
      try {
        Vigil.First first = next.begin();
        begun = true;
        before.close();
        tell(outlets.rendering().reread(first.report().at()));
        moved = true;
        if (!first.moved().isEmpty()) {
          tell(outlets.rendering().moved(first.report().at(), first.moved()));
        }
        return next;
      } finally {
        if (!begun) {
          next.close();
          kept = Optional.of(before);
        }
      }
    } catch (MusterException e) {
      troubled(Instant.now(), e.problems());
    } catch (RefusedException e) {
      troubled(Instant.now(), e.problems());
    }
    return before;
  }

  private ExitCode finish(Vigil vigil, boolean over) {
    DriftReport report = vigil.report();
    ExitCode exit = over ? exit(vigil, report) : ExitCode.INTERRUPTED;
    tell(outlets.rendering().closing(report, exit.code()));
    return exit;
  }

  /** What {@code drift} would end with now. */
  private static ExitCode exit(Vigil vigil, DriftReport report) {
    Set<ExitCode> causes = EnumSet.noneOf(ExitCode.class);
    if (vigil.standing().refused()) {
      causes.add(ExitCode.REFUSED);
    }
    if (vigil.standing().uncompared()) {
      causes.add(ExitCode.ERROR);
    }
    if (report.calls()) {
      causes.add(ExitCode.CHANGES);
    }
    if (!report.unreachable().isEmpty()) {
      causes.add(ExitCode.DEFERRED);
    }
    return ExitCode.first(causes);
  }

  private void tell(String text) {
    if (!outlets.print(text)) {
      stop();
    }
  }

  @Override
  public void moved(Instant at, List<Movement> movements) {
    moved = true;
    tell(outlets.rendering().moved(at, movements));
  }

  @Override
  public void lost(Instant at, String cluster, Failure why) {
    moved = true;
    tell(outlets.rendering().lost(at, cluster, why));
  }

  @Override
  public void back(Instant at, String cluster) {
    moved = true;
    tell(outlets.rendering().back(at, cluster));
  }

  @Override
  public void troubled(Instant at, List<Problem> problems) {
    tell(outlets.rendering().troubled(at, problems));
  }

  private Instant earliest(Instant now) {
    Instant look = now.plus(LOOK);
    return end.filter(at -> at.isBefore(look)).orElse(look);
  }
}
