package dev.muster.changes;

import dev.muster.plan.Step;
import java.util.Set;

/** Which steps a command is about. */
public interface Selection {
  boolean includes(Step step);

  /** Names that it leaves out and that no member of the topology has: perhaps one that vanished. */
  default Set<String> leftOut() {
    return Set.of();
  }

  static Selection everything() {
    return step -> true;
  }
}
