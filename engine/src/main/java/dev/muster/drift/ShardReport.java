package dev.muster.drift;

import java.util.List;
import java.util.Objects;

/**
 * What was found in one part of a fleet, with what is needed to put the parts together.
 *
 * @param source where the report comes from, for messages
 * @param declaration the same for all parts of one fleet: a digest of topology and plan
 * @param exitCode with which the part ended
 * @param clusters all of the topology, in its order
 * @param steps all of the plan, in its order
 * @param problems of each problem of the report, in its order
 */
public record ShardReport(
    String source,
    Shard shard,
    String declaration,
    int exitCode,
    List<String> clusters,
    List<String> steps,
    List<Origin> problems,
    DriftReport report) {
  public ShardReport {
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(declaration, "declaration");
    clusters = List.copyOf(clusters);
    steps = List.copyOf(steps);
    problems = List.copyOf(problems);
  }

  /**
   * Where a problem comes from.
   *
   * @param rank of the fleet as a whole (0), a step that is refused (1), one that failed (2)
   * @param step empty for the fleet as a whole
   */
  public record Origin(int rank, String step) {}
}
