package dev.muster.drift;

import dev.muster.live.Failure;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One cluster in a report on drift.
 *
 * @param labels as the topology gives them
 * @param connection how the host reaches it, as the topology says; empty for the host itself
 * @param failure why nothing is known of it, when it could not be worked with
 * @param lastApplied when a run last settled a step about it, as the inventory says; a run that
 *     finds nothing to do leaves no trace there
 */
public record ClusterReport(
    String name,
    boolean host,
    String connection,
    Map<String, String> labels,
    Optional<Failure> failure,
    Optional<Instant> lastApplied) {
  public ClusterReport {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(connection, "connection");
    Objects.requireNonNull(failure, "failure");
    Objects.requireNonNull(lastApplied, "lastApplied");
    labels = Collections.unmodifiableMap(new TreeMap<>(labels));
  }
}
