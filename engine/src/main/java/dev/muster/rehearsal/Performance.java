package dev.muster.rehearsal;

import dev.muster.changes.StepPlan;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Sees each step of a run as it is right before its writes, in the order in which they begin; of a
 * step that had to be computed again the last state counts. Stops nothing.
 */
public final class Performance implements Function<StepPlan, Optional<String>> {
  private final Map<String, StepPlan> steps = new LinkedHashMap<>();

  @Override
  public synchronized Optional<String> apply(StepPlan step) {
    if (!step.effective().isEmpty()) {
      steps.put(step.step().id(), step);
    }
    return Optional.empty();
  }

  /** The steps that wrote something, or tried to. */
  public synchronized List<StepPlan> steps() {
    return new ArrayList<>(steps.values());
  }
}
