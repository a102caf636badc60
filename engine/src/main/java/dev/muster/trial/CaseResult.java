package dev.muster.trial;

import java.util.List;

/**
 * How a case ended.
 *
 * @param nanos what it took
 */
public record CaseResult(CaseFile file, List<Ran> stages, long nanos) {
  public CaseResult {
    stages = List.copyOf(stages);
  }

  /** A stage, what it has shown, and where that is not what was expected. */
  record Ran(Stage stage, Seen seen, List<Mismatch> mismatches) {
    Ran {
      mismatches = List.copyOf(mismatches);
    }
  }

  public boolean passed() {
    return stages.stream().allMatch(ran -> ran.mismatches().isEmpty());
  }

  /** All that is not as expected, stage by stage. */
  public List<Mismatch> mismatches() {
    return stages.stream().flatMap(ran -> ran.mismatches().stream()).toList();
  }
}
