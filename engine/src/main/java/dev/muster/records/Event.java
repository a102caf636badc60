package dev.muster.records;

import dev.muster.history.RunEntry;
import java.util.List;

/**
 * What one run did, or tried to do, with a field. Values are JSON texts, free of secrets.
 *
 * @param action {@code add}, {@code replace}, {@code remove}, or {@code found} for a value that was
 *     there as declared when muster first looked
 * @param before empty where there was none, or none that is told
 * @param after empty where there is none, or none that is told
 * @param step the step that wrote it; empty for a key of the topology
 * @param outcome how the step ended, in the word of its run; empty for a key of the topology
 */
public record Event(
    RunEntry run,
    FieldName field,
    String action,
    String before,
    String after,
    boolean sensitive,
    String step,
    String outcome,
    Certainty certainty) {

  /** Whether the field was written. */
  public enum Certainty {
    WRITTEN,
    /** The run was interrupted, or failed in this step: nobody knows how far it came. */
    MAYBE,
    /** The step was not done. */
    NOT
  }

  private static final List<String> WRITTEN =
      List.of("applied", "unchanged", "gate failed", "timed out");
  private static final List<String> MAYBE = List.of("failed", "interrupted", "stale", "");

  static Certainty certainty(String outcome) {
    return WRITTEN.contains(outcome)
        ? Certainty.WRITTEN
        : MAYBE.contains(outcome) ? Certainty.MAYBE : Certainty.NOT;
  }

  /** Whether the step was done and its gate opened. */
  boolean clean() {
    return outcome.isEmpty() || outcome.equals("applied") || outcome.equals("unchanged");
  }
}
