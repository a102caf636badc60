package dev.muster.report;

import dev.muster.changes.Expiring;
import dev.muster.drift.DriftReport;
import dev.muster.drift.DriftedField;
import dev.muster.drift.ShardReport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What a look for drift came to.
 *
 * @param exitCode what the command ends with
 * @param credentials all that runs out some day, whether or not it is soon
 * @param shard the same with what it needs to be merged, when it is about a part of a fleet
 */
public record DriftOutcome(
    DriftReport report, int exitCode, List<Expiring> credentials, Optional<ShardReport> shard) {
  public DriftOutcome {
    credentials = List.copyOf(credentials);
    Objects.requireNonNull(shard, "shard");
  }

  /** About a whole fleet. */
  public DriftOutcome(DriftReport report, int exitCode, List<Expiring> credentials) {
    this(report, exitCode, credentials, Optional.empty());
  }

  /** All differing objects by cluster, found in one pass. */
  Map<String, Map<String, List<DriftedField>>> byCluster() {
    Map<String, Map<String, List<DriftedField>>> all = new LinkedHashMap<>();
    for (DriftedField field : report.fields()) {
      all.computeIfAbsent(field.cluster(), cluster -> new LinkedHashMap<>())
          .computeIfAbsent(field.ref().toString(), ref -> new ArrayList<>())
          .add(field);
    }
    return all;
  }

  long count(DriftedField.Kind kind) {
    return report.fields().stream().filter(field -> field.kind() == kind).count();
  }
}
