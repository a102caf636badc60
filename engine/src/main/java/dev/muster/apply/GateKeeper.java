package dev.muster.apply;

import dev.muster.changes.Snapshot;
import dev.muster.plan.GateSpec;
import dev.muster.plan.Step;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** Decides how a run waits at gates. */
public interface GateKeeper {
  /** Whether a gate that was passed is really open, so that what stands behind it is there. */
  boolean real();

  /**
   * Waits until the gate is open.
   *
   * @param wrote what this run wrote in the step: names of the plan's objects, of others their
   *     references; empty when it wrote nothing
   * @param since the cluster's own time of the step's first write, or of its beginning; older log
   *     lines and states prove nothing
   * @return how the step ended because of the gate; empty when the gate is open
   */
  Optional<StepOutcome> pass(
      Step step, GateSpec gate, Snapshot snapshot, Set<String> wrote, Instant since)
      throws InterruptedException;
}
