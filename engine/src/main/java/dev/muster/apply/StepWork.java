package dev.muster.apply;

import dev.muster.changes.Snapshot;
import dev.muster.changes.StepPlan;

/** Does the steps of a run; called by several threads, each with a step of its own. */
public interface StepWork {
  /** Does a step to its end, the wait at its gate included. */
  StepOutcome run(StepPlan planned, Snapshot snapshot);

  /** How many writes of all steps took effect so far, also of steps that failed after them. */
  int writes();

  /** Wakes every step that waits; a write under way is finished first. */
  void interrupt();
}
