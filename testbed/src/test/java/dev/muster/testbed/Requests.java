package dev.muster.testbed;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What muster has asked of the clusters of a fleet up to a moment; {@link #after} leaves the part
 * that came later than another such moment.
 */
record Requests(Map<String, List<Audit.Request>> byCluster) {
  /** Where muster keeps what it remembers; like its Lease no part of any plan. */
  static final String INVENTORY = "/api/v1/namespaces/kube-system/configmaps";

  static Requests of(List<TestCluster> clusters) {
    Map<String, List<Audit.Request>> all = new LinkedHashMap<>();
    clusters.forEach(cluster -> all.put(cluster.name(), cluster.audit().requests()));
    return new Requests(all);
  }

  Requests after(Requests earlier) {
    Map<String, List<Audit.Request>> later = new LinkedHashMap<>();
    byCluster.forEach(
        (cluster, all) -> later.put(cluster, all.subList(earlier.to(cluster).size(), all.size())));
    return new Requests(later);
  }

  List<Audit.Request> to(String cluster) {
    return byCluster.getOrDefault(cluster, List.of());
  }

  /** Those that would change something, as lines to read. */
  List<String> writes() {
    return lines(request -> request.writes() && !request.dryRun());
  }

  List<String> lines(Predicate<Audit.Request> which) {
    List<String> lines = new ArrayList<>();
    byCluster.forEach(
        (cluster, all) ->
            all.stream().filter(which).forEach(request -> lines.add(cluster + ": " + request)));
    return lines;
  }
}
