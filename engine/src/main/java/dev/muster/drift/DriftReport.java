package dev.muster.drift;

import dev.muster.changes.Expiring;
import dev.muster.changes.Unmanaged;
import dev.muster.problem.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * Live against declared.
 *
 * @param at when it was looked at, by this machine's clock
 * @param clusters all that were looked at, those that could not be reached among them
 * @param fields what differs, whichever side has moved
 * @param closedGates what is as declared and yet does not work, as "step: why"
 * @param problems why something could not be compared
 * @param unmanaged members of the host that the topology does not name; they are no drift
 * @param expiring what has run out or does soon
 */
public record DriftReport(
    String topology,
    Instant at,
    List<ClusterReport> clusters,
    List<DriftedField> fields,
    List<String> closedGates,
    List<Problem> problems,
    Unmanaged unmanaged,
    List<Expiring> expiring) {
  public DriftReport {
    Objects.requireNonNull(at, "at");
    clusters = List.copyOf(clusters);
    fields = List.copyOf(fields);
    closedGates = List.copyOf(closedGates);
    problems = List.copyOf(problems);
    expiring = List.copyOf(expiring);
  }

  /** Whether there is something for a person to see to. */
  public boolean calls() {
    return !fields.isEmpty() || !closedGates.isEmpty() || !expiring.isEmpty();
  }

  /** The same, with what runs out within a time only; what has run out is kept. */
  public DriftReport within(Duration time) {
    return new DriftReport(
        topology,
        at,
        clusters,
        fields,
        closedGates,
        problems,
        unmanaged,
        expiring.stream().filter(each -> each.left().compareTo(time) < 0).toList());
  }

  /** The fields of one kind. */
  public List<DriftedField> fields(DriftedField.Kind kind) {
    return fields.stream().filter(field -> field.kind() == kind).toList();
  }

  /** The clusters of which nothing is known. */
  public List<ClusterReport> unreachable() {
    return clusters.stream().filter(cluster -> cluster.failure().isPresent()).toList();
  }
}
