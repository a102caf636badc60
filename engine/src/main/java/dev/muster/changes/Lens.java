package dev.muster.changes;

/** Through which a planner shows each step; what it leaves out is neither told nor written. */
public interface Lens {
  /** All of it. */
  Lens CLEAR = (step, snapshot) -> step;

  /**
   * A step as it is seen through this.
   *
   * @param snapshot what was read for it
   */
  StepPlan seen(StepPlan step, Snapshot snapshot);
}
