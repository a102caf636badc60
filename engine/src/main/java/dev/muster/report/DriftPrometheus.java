package dev.muster.report;

import dev.muster.changes.Expiring;
import dev.muster.drift.ClusterReport;
import dev.muster.drift.DriftReport;
import dev.muster.drift.DriftedField;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Drift as a textfile for Prometheus' node exporter. */
final class DriftPrometheus {
  private static final String COMPARED = "muster_cluster_compared_timestamp_seconds";

  private final DriftOutcome outcome;
  private final Clean clean;
  private final Map<String, String> former;
  private final StringBuilder text = new StringBuilder();

  /**
   * @param former what the file has held until now, from which it is known when a cluster was last
   *     compared that cannot be reached now; may be empty or any text
   */
  DriftPrometheus(DriftOutcome outcome, Clean clean, String former) {
    this.outcome = outcome;
    this.clean = clean;
    this.former = compared(former);
  }

  String render() {
    DriftReport report = outcome.report();
    run(report);
    Map<String, Map<DriftedField.Kind, Integer>> counts = new HashMap<>();
    for (DriftedField field : report.fields()) {
      counts
          .computeIfAbsent(field.cluster(), cluster -> new HashMap<>())
          .merge(field.kind(), 1, Integer::sum);
    }
    metric("muster_drift_fields", "Declared fields that are not as declared, by kind.");
    for (ClusterReport cluster : report.clusters()) {
      for (DriftedField.Kind kind : DriftedField.Kind.values()) {
        int count = counts.getOrDefault(cluster.name(), Map.of()).getOrDefault(kind, 0);
        String word = kind.name().toLowerCase(Locale.ROOT);
        sample("muster_drift_fields", labels(cluster.name(), "kind", word), count);
      }
    }
    metric("muster_cluster_reachable", "Whether the cluster could be worked with.");
    for (ClusterReport cluster : report.clusters()) {
      sample(
          "muster_cluster_reachable",
          labels(cluster.name(), "role", cluster.host() ? "host" : "member"),
          cluster.failure().isEmpty() ? 1 : 0);
    }
    metric(COMPARED, "When the cluster was last compared with its declaration.");
    boolean hostThere =
        report.clusters().stream().noneMatch(c -> c.host() && c.failure().isPresent());
    for (ClusterReport cluster : report.clusters()) {
      String labels = labels(cluster.name());
      if (hostThere && cluster.failure().isEmpty()) {
        sample(COMPARED, labels, seconds(report.at()));
      } else if (former.containsKey(labels)) {
        text.append(COMPARED).append(labels).append(' ').append(former.get(labels)).append('\n');
      }
    }
    metric("muster_cluster_applied_timestamp_seconds", "When a run last settled a step about it.");
    for (ClusterReport cluster : report.clusters()) {
      cluster
          .lastApplied()
          .ifPresent(
              at ->
                  sample(
                      "muster_cluster_applied_timestamp_seconds",
                      labels(cluster.name()),
                      seconds(at)));
    }
    credentials();
    return text.toString();
  }

  private void run(DriftReport report) {
    String topology = topology();
    metric("muster_drift_run_timestamp_seconds", "When muster last looked for drift.");
    sample("muster_drift_run_timestamp_seconds", topology, seconds(report.at()));
    metric("muster_drift_exit_code", "The exit code of muster drift; 0 for no drift.");
    sample("muster_drift_exit_code", topology, outcome.exitCode());
    metric("muster_drift_closed_gates", "Steps that are as declared and yet do not work.");
    sample("muster_drift_closed_gates", topology, report.closedGates().size());
    metric("muster_drift_problems", "Reasons why something could not be compared.");
    sample("muster_drift_problems", topology, report.problems().size());
    if (report.unmanaged().unknown().isEmpty()) {
      metric("muster_unmanaged_members", "Registered members that the topology does not name.");
      sample("muster_unmanaged_members", topology, report.unmanaged().members().size());
    }
  }

  private void credentials() {
    each(
        "muster_credential_expiry_timestamp_seconds",
        "When a credential runs out.",
        each ->
            sample(
                "muster_credential_expiry_timestamp_seconds",
                labels(each.cluster(), "credential", clean.line(each.what())),
                seconds(each.at())));
    each(
        "muster_credential_expiry_seconds",
        "Seconds until a credential runs out, as of the last run; negative when it has.",
        each ->
            sample(
                "muster_credential_expiry_seconds",
                labels(each.cluster(), "credential", clean.line(each.what())),
                each.left().toSeconds()));
  }

  /** A series can be there once only: of two with one name, the one that runs out first counts. */
  private void each(String name, String help, Consumer<Expiring> sample) {
    List<Expiring> sorted =
        outcome.credentials().stream()
            .sorted(java.util.Comparator.comparing(Expiring::at))
            .toList();
    Set<String> seen = new HashSet<>();
    metric(name, help);
    for (Expiring each : sorted) {
      if (seen.add(each.cluster() + "\n" + clean.line(each.what()))) {
        sample.accept(each);
      }
    }
  }

  private void metric(String name, String help) {
    text.append("# HELP ").append(name).append(' ').append(help).append('\n');
    text.append("# TYPE ").append(name).append(" gauge\n");
  }

  private void sample(String name, String labels, long value) {
    text.append(name).append(labels).append(' ').append(value).append('\n');
  }

  private String topology() {
    return "{topology=\"" + escape(outcome.report().topology()) + "\"}";
  }

  private String labels(String cluster) {
    return "{topology=\""
        + escape(outcome.report().topology())
        + "\",cluster=\""
        + escape(cluster)
        + "\"}";
  }

  private String labels(String cluster, String name, String value) {
    String labels = labels(cluster);
    return labels.substring(0, labels.length() - 1) + "," + name + "=\"" + escape(value) + "\"}";
  }

  private static String escape(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }

  private static long seconds(Instant time) {
    return time.getEpochSecond();
  }

  /** Label sets of the former file's samples, with their values. */
  private static Map<String, String> compared(String former) {
    Map<String, String> values = new HashMap<>();
    former
        .lines()
        .filter(line -> line.startsWith(COMPARED + "{"))
        .forEach(
            line -> {
              int end = line.lastIndexOf("} ");
              String value = end < 0 ? "" : line.substring(end + 2);
              if (value.matches("[0-9]{1,12}")) {
                values.put(line.substring(COMPARED.length(), end + 1), value);
              }
            });
    return values;
  }
}
