package dev.muster.session;

import dev.muster.changes.ChangeSet;
import dev.muster.changes.RefusedException;
import dev.muster.changes.Selection;
import dev.muster.diff.Fingerprint;
import dev.muster.drift.ClusterReport;
import dev.muster.drift.DriftReport;
import dev.muster.drift.Movement;
import dev.muster.drift.Standing;
import dev.muster.live.Failure;
import dev.muster.plan.Step;
import dev.muster.problem.MusterException;
import dev.muster.problem.Problem;
import dev.muster.resource.Redactor;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Looks for drift once, and from then on whenever something has changed that the plan reads. A
 * change is looked at for those whom it is about first of all at once, and for everybody else as
 * soon as looking at everybody is not most of what there is to do.
 */
public final class Vigil implements AutoCloseable {
  /** A look at everybody may take this part of the time. */
  private static final int SHARE = 10;

  private final Loader.Loaded loaded;
  private final Selection selection;
  private final Duration within;
  private final Fingerprint fingerprint = Fingerprint.withNewKey(new SecureRandom());
  private final Happenings happenings = new Happenings();
  private final Session session;
  private final Concern concern;
  private final Standing standing;
  private final Map<String, Failure> away = new LinkedHashMap<>();
  private boolean everybody;
  private Instant next = Instant.EPOCH;

  /** Hears what a vigil sees, in order, on the thread that keeps it. */
  public interface Listener {
    /** Something has moved. */
    void moved(Instant at, List<Movement> movements);

    /** A cluster has not answered for some time. */
    void lost(Instant at, String cluster, Failure why);

    /** It answers again. */
    void back(Instant at, String cluster);

    /** A look could not be taken; the next one may. */
    void troubled(Instant at, List<Problem> problems);
  }

  /**
   * @param within what runs out within this time is told too
   * @param before what stood when another one ended, or nothing
   */
  public Vigil(
      Loader.Loaded loaded,
      Redactor redactor,
      Selection selection,
      Duration within,
      Standing before) {
    this.loaded = loaded;
    this.selection = selection;
    this.within = within;
    this.standing = before;
    this.session = Session.held(loaded, redactor, happenings);
    this.concern =
        new Concern(
            session.planner(),
            loaded.plan().expand(loaded.topology()),
            loaded.topology(),
            selection);
  }

  /** What there was to see at first, and what of it is new. */
  public record First(DriftReport report, List<Movement> moved) {}

  /**
   * Takes the first look, which reads what {@code drift} reads.
   *
   * @throws MusterException when the host cannot be worked with, or a cluster is not the pinned one
   */
  public First begin() {
    Session all = session.again();
    ChangeSet changeSet = all.plan(selection);
    DriftReport report = all.drift(changeSet, within, fingerprint);
    report.unreachable().forEach(c -> away.put(c.name(), c.failure().orElseThrow()));
    return new First(report, standing.update(changeSet, report, true));
  }

  /**
   * Waits until something happens, and takes another look if need be.
   *
   * @param until when to return in any case
   * @return whether to go on; not after {@link #stop}
   */
  public boolean step(Instant until, Listener listener) {
    Instant wanted = everybody && next.isBefore(until) ? next : until;
    Happenings.Batch batch = happenings.await(wanted);
    if (batch.stopped()) {
      return false;
    }
    Set<String> members = new LinkedHashSet<>();
    batch
        .changed()
        .forEach(
            each -> {
              Concern.About about = concern.of(each.cluster(), each.ref());
              members.addAll(about.members());
              everybody |= about.all();
            });
    batch.lost().forEach((cluster, why) -> lost(cluster, why, listener));
    for (String cluster : batch.back()) {
      if (away.remove(cluster) != null) {
        listener.back(Instant.now(), cluster);
      }
      members.add(cluster);
      everybody |= loaded.topology().host().name().equals(cluster);
    }
    if (everybody && !Instant.now().isBefore(next)) {
      all(listener);
    } else if (!members.isEmpty()) {
      look(only(members), false, listener);
    }
    return true;
  }

  private void lost(String cluster, Failure why, Listener listener) {
    away.put(cluster, why);
    listener.lost(Instant.now(), cluster, why);
  }

  /** Asks anew what cannot be watched, and looks at everything. */
  public void renew(Listener listener) {
    session.forget();
    all(listener);
  }

  private void all(Listener listener) {
    everybody = false;
    Instant began = Instant.now();
    look(selection, true, listener);
    Instant ended = Instant.now();
    next = ended.plus(Duration.between(began, ended).multipliedBy(SHARE - 1));
  }

  /** The steps of the host stay in, since those of members follow from them. */
  private Selection only(Set<String> members) {
    return new Selection() {
      @Override
      public boolean includes(Step step) {
        return (step.subject().host() || members.contains(step.subject().name()))
            && selection.includes(step);
      }

      @Override
      public Set<String> leftOut() {
        return selection.leftOut();
      }
    };
  }

  private void look(Selection at, boolean whole, Listener listener) {
    try {
      Session now = session.again();
      ChangeSet changeSet = now.plan(at);
      DriftReport report = now.drift(changeSet, within, fingerprint);
      List<Movement> moved = standing.update(changeSet, report, whole);
      if (!moved.isEmpty()) {
        listener.moved(report.at(), moved);
      }
    } catch (MusterException e) {
      listener.troubled(Instant.now(), e.problems());
    } catch (RefusedException e) {
      listener.troubled(Instant.now(), e.problems());
    }
  }

  /** All that stands now. */
  public DriftReport report() {
    DriftReport report = standing.report(loaded.topology().name(), Instant.now());
    return new DriftReport(
        report.topology(),
        report.at(),
        report.clusters().stream().map(this::seen).toList(),
        report.fields(),
        report.closedGates(),
        report.problems(),
        report.unmanaged(),
        report.expiring());
  }

  private ClusterReport seen(ClusterReport cluster) {
    return new ClusterReport(
        cluster.name(),
        cluster.host(),
        cluster.connection(),
        cluster.labels(),
        Optional.ofNullable(away.get(cluster.name())),
        cluster.lastApplied());
  }

  public Loader.Loaded loaded() {
    return loaded;
  }

  /** What stands, for the one that comes after. */
  public Standing standing() {
    return standing;
  }

  /** Ends {@link #step} now and for good; from any thread. */
  public void stop() {
    happenings.stop();
  }

  @Override
  public void close() {
    session.close();
  }
}
