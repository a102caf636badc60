package dev.muster.api;

import dev.muster.session.Selectors;
import java.util.List;
import java.util.Optional;

/**
 * What the options of the command line of the same names say; immutable.
 *
 * @param selectors which members and steps
 * @param parallel how many steps may work at once, at least 1
 * @param prune take out members that were joined and that the topology does not name any more
 * @param maxRemove refuse to take out more members than this; the default guard when empty
 * @param stopAfter end a rollout after so many failed members; as the topology says when empty
 * @param history whether runs are recorded in the git repository of the topology file
 * @param forward go forward again to what the last run rolled back
 * @param acceptPlan the digest of a plan from elsewhere that may be used although no run has used
 *     it
 */
public record MusterOptions(
    Selectors selectors,
    int parallel,
    boolean prune,
    Optional<Integer> maxRemove,
    Optional<Integer> stopAfter,
    boolean history,
    boolean forward,
    Optional<String> acceptPlan) {
  private static final int PARALLEL = 8;

  public MusterOptions {
    if (parallel < 1) {
      throw new IllegalArgumentException("parallel is at least 1, not " + parallel);
    }
  }

  /** What commands do when nothing is said. */
  public static MusterOptions standard() {
    return new MusterOptions(
        Selectors.everything(),
        PARALLEL,
        false,
        Optional.empty(),
        Optional.empty(),
        true,
        false,
        Optional.empty());
  }

  /** Only these members, steps or labels ({@code key=value}); steps of the host stay in. */
  public MusterOptions only(String... names) {
    return new MusterOptions(
        new Selectors(List.of(names), selectors.exclude()),
        parallel,
        prune,
        maxRemove,
        stopAfter,
        history,
        forward,
        acceptPlan);
  }

  /** All but these members, steps or labels. */
  public MusterOptions exclude(String... names) {
    return new MusterOptions(
        new Selectors(selectors.only(), List.of(names)),
        parallel,
        prune,
        maxRemove,
        stopAfter,
        history,
        forward,
        acceptPlan);
  }

  /** With another number of steps at once. */
  public MusterOptions parallel(int steps) {
    return new MusterOptions(
        selectors, steps, prune, maxRemove, stopAfter, history, forward, acceptPlan);
  }

  /** Takes out members that vanished from the topology. */
  public MusterOptions pruning() {
    return new MusterOptions(
        selectors, parallel, true, maxRemove, stopAfter, history, forward, acceptPlan);
  }

  /** Refuses to take out more members. */
  public MusterOptions maxRemove(int members) {
    return new MusterOptions(
        selectors, parallel, prune, Optional.of(members), stopAfter, history, forward, acceptPlan);
  }

  /** Ends a rollout after so many failed members. */
  public MusterOptions stopAfter(int members) {
    return new MusterOptions(
        selectors, parallel, prune, maxRemove, Optional.of(members), history, forward, acceptPlan);
  }

  /** Keeps no record of runs. */
  public MusterOptions withoutHistory() {
    return new MusterOptions(
        selectors, parallel, prune, maxRemove, stopAfter, false, forward, acceptPlan);
  }

  /** Goes forward again to what the last run rolled back. */
  public MusterOptions goingForward() {
    return new MusterOptions(
        selectors, parallel, prune, maxRemove, stopAfter, history, true, acceptPlan);
  }

  /** Uses the plan of this digest, which comes from elsewhere, for the first time. */
  public MusterOptions acceptingPlan(String digest) {
    return new MusterOptions(
        selectors, parallel, prune, maxRemove, stopAfter, history, forward, Optional.of(digest));
  }
}
