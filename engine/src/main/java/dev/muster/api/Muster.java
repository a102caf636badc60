package dev.muster.api;

import dev.muster.changes.ChangeSet;
import dev.muster.changes.Expectation;
import dev.muster.changes.Selection;
import dev.muster.diff.Fingerprint;
import dev.muster.drift.DriftReport;
import dev.muster.problem.MusterException;
import dev.muster.resource.Redactor;
import dev.muster.session.Loader;
import dev.muster.session.Pruning;
import dev.muster.session.SavedChangeSet;
import dev.muster.session.SecretSources;
import dev.muster.session.Session;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One topology, worked with from Java. Holds no connections itself; each method reads the files and
 * the clusters anew. Safe for use by several threads; of two applies at once one gets {@link
 * RunResult.Locked}.
 */
public final class Muster {
  private final Path file;
  private final boolean isSaved;
  private final MusterOptions options;
  private final Redactor redactor = new Redactor();

  private Muster(Path file, boolean isSaved, MusterOptions options) {
    this.file = file;
    this.isSaved = isSaved;
    this.options = options;
  }

  /** The topology in a file; it is read when a method needs it. */
  public static Muster of(Path topology) {
    return new Muster(topology, false, MusterOptions.standard());
  }

  /**
   * A change set that {@link Planned#save} or {@code muster plan --out} saved: planning it anew
   * expects what was saved, and applying it stops at what has changed since.
   */
  public static Muster saved(Path changeSet) {
    return new Muster(changeSet, true, MusterOptions.standard());
  }

  /** The same with other options. */
  public Muster with(MusterOptions other) {
    return new Muster(file, isSaved, other);
  }

  /** Checks topology and plan; asks no cluster and starts no program. */
  public Validation validate() {
    try {
      Loader.Loaded loaded = load(SecretSources.Extent.WITHOUT_PROGRAMS);
      return new Validation(List.of(), loaded.notes());
    } catch (MusterException e) {
      return new Validation(e.problems(), List.of());
    }
  }

  /**
   * Reads the clusters and computes what is to be done.
   *
   * @return to be closed; clusters that cannot be reached are in its change set as deferred
   * @throws MusterException when a file is invalid, with all problems
   * @throws dev.muster.changes.RefusedException when a cluster is not the one that is meant
   */
  public Planned plan() {
    Optional<SavedChangeSet> saved =
        isSaved ? Optional.of(SavedChangeSet.read(file)) : Optional.empty();
    Loader.Loaded named = load(SecretSources.Extent.ALL);
    boolean prune = options.prune() || saved.map(SavedChangeSet::prune).orElse(false);
    Loader.Loaded loaded = prune ? Pruning.pruned(named, redactor) : named;
    Session session = Session.open(loaded, redactor);
    try {
      ChangeSet changeSet =
          session.plan(
              selection(loaded),
              options.maxRemove().or(() -> saved.flatMap(SavedChangeSet::maxRemove)));
      saved.ifPresent(s -> s.checkClusters(changeSet));
      Fingerprint fingerprint =
          saved
              .map(SavedChangeSet::fingerprint)
              .orElseGet(() -> Fingerprint.withNewKey(new SecureRandom()));
      Expectation expectation =
          saved
              .map(SavedChangeSet::expectation)
              .orElseGet(() -> Expectation.of(changeSet, fingerprint));
      return new Planned(session, options, changeSet, fingerprint, expectation);
    } catch (RuntimeException e) {
      session.close();
      throw e;
    }
  }

  /**
   * Compares live with declared; writes nothing.
   *
   * @param expiring credentials that run out within this time are told too
   * @throws MusterException when a file is invalid, with all problems
   */
  public DriftReport drift(Duration expiring) {
    Loader.Loaded loaded = load(SecretSources.Extent.ALL);
    try (Session session = Session.open(loaded, redactor)) {
      return session.drift(session.plan(selection(loaded)), expiring);
    }
  }

  private Selection selection(Loader.Loaded loaded) {
    return options.selectors().selection(loaded.topology(), loaded.plan());
  }

  private Loader.Loaded load(SecretSources.Extent extent) {
    SecretSources secrets = new SecretSources(extent, redactor);
    Loader.Loaded loaded =
        isSaved ? SavedChangeSet.read(file).load(secrets) : Loader.load(file, secrets);
    return options.stopAfter().map(loaded::withStopAfter).orElse(loaded);
  }
}
