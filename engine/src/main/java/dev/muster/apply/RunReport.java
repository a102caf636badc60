package dev.muster.apply;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * How a run ended.
 *
 * @param outcomes step id to outcome, in the order of the plan
 * @param changes how many writes took effect, also in steps that failed after them
 * @param stopped what became of the members, when the rollout was stopped before its last wave
 * @param behind why the inventory does not tell what the run has done, when it could not be written
 */
public record RunReport(
    String runId,
    Map<String, StepOutcome> outcomes,
    int changes,
    boolean interrupted,
    Duration took,
    Optional<Stop> stopped,
    Optional<Behind> behind) {
  public RunReport {
    outcomes = Collections.unmodifiableMap(new LinkedHashMap<>(outcomes));
  }

  /**
   * Members by what became of them, in the order of the waves.
   *
   * @param stopAfter the budget: so many had to fail
   * @param failed more than the budget when several failed in the last wave
   * @param leftAlone whose turn never came
   */
  public record Stop(
      int stopAfter, List<String> done, List<String> failed, List<String> leftAlone) {
    public Stop {
      done = List.copyOf(done);
      failed = List.copyOf(failed);
      leftAlone = List.copyOf(leftAlone);
    }
  }

  /**
   * The inventory could not be written at the end.
   *
   * @param next what to do about it
   */
  public record Behind(String why, String next) {}

  public RunReport with(Behind inventory) {
    return new RunReport(
        runId, outcomes, changes, interrupted, took, stopped, Optional.of(inventory));
  }

  public boolean any(Class<? extends StepOutcome> kind) {
    return outcomes.values().stream().anyMatch(kind::isInstance);
  }

  public long count(Predicate<StepOutcome> which) {
    return outcomes.values().stream().filter(which).count();
  }

  public List<String> stepsThat(Predicate<StepOutcome> which) {
    return outcomes.entrySet().stream()
        .filter(entry -> which.test(entry.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Whether everything that the change set asked for is done, and written down on the host. */
  public boolean complete() {
    return !interrupted
        && behind.isEmpty()
        && outcomes.values().stream().allMatch(StepOutcome::done);
  }
}
