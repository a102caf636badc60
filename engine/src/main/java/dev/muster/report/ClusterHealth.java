package dev.muster.report;

import dev.muster.drift.ClusterReport;
import dev.muster.drift.DriftedField;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** The one word for a cluster, the worst that holds. */
enum ClusterHealth {
  ok("as declared", "ok"),
  pending("pending", "..."),
  drift("drift", "!"),
  unreachable("unreachable", "x");

  final String words;

  /** What stands in its shape, so that nobody needs to see colours. */
  final String sign;

  ClusterHealth(String words, String sign) {
    this.words = words;
    this.sign = sign;
  }

  static ClusterHealth of(ClusterReport cluster, Map<String, List<DriftedField>> objects) {
    if (cluster.failure().isPresent()) {
      return unreachable;
    }
    List<DriftedField> fields = objects.values().stream().flatMap(Collection::stream).toList();
    return fields.isEmpty()
        ? ok
        : fields.stream().allMatch(DriftedField::pending) ? pending : drift;
  }
}
