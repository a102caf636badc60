package dev.muster.changes;

import dev.muster.plan.Step;

/** Which steps a command is about. */
public interface Selection {
  boolean includes(Step step);

  static Selection everything() {
    return step -> true;
  }
}
