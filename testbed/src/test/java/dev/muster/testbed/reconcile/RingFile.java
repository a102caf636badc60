package dev.muster.testbed.reconcile;

import java.util.List;

/** The topology file of a KubeSphere fleet. */
final class RingFile extends TopologyFile {
  static final String EXPLICIT = "http://203.0.113.20:8080";
  static final List<String> LABELS = List.of("tier", "zone");
  private static final List<String> TEXTS =
      List.of("region", "group", "visibility", "provider", "description");

  @Override
  String text() {
    StringBuilder text =
        new StringBuilder(
            """
            apiVersion: muster.dev/v1alpha1
            kind: Topology
            metadata: {name: ring}
            spec:
              plan: plan.yaml
              defaults:
                access: {kubeconfig: {file: kubeconfig.yaml}}
                timeouts: {installer: 20s, agent: 20s, removal: 10s, direct: 20s, loadBalancer: 10s}
            """);
    text.append(rollout());
    text.append("  host: {name: host, sharesLoopback: true");
    if (host().containsKey("address")) {
      text.append(", proxy: {address: \"").append(EXPLICIT).append("\"}");
    }
    text.append("}\n  members:\n");
    members().forEach((cluster, entry) -> text.append(line(cluster, entry)));
    if (members().isEmpty()) {
      text.append("    []\n");
    }
    return text.toString();
  }

  /** In what waves the members get their turn: as they stand there, or the last one first. */
  private String rollout() {
    List<Entry> entries = List.copyOf(members().values());
    if (entries.isEmpty() || !host().containsKey("rollout")) {
      return "";
    }
    return host().get("rollout").equals("last-first")
        ? "  rollout: {waves: [{where: {name: %s}}, {batch: 50%%}], stopAfter: 2}\n"
            .formatted(entries.get(entries.size() - 1).name())
        : "  rollout: {waves: [{batch: 1}]}\n";
  }

  static boolean direct(Entry entry) {
    return entry.keys().containsKey("direct");
  }

  private static String line(String cluster, Entry entry) {
    StringBuilder line = new StringBuilder();
    if (direct(entry)) {
      line.append(", connection: direct, kubeconfig: {file: ").append(cluster).append('-');
      line.append(entry.keys().get("direct")).append(".yaml}");
    }
    for (String key : TEXTS) {
      if (entry.keys().containsKey(key)) {
        line.append(", ").append(key).append(": \"").append(entry.keys().get(key)).append('"');
      }
    }
    if (entry.keys().containsKey("image")) {
      line.append(", agentPod: {image: \"").append(entry.keys().get("image")).append("\"}");
    }
    return entry.text(cluster, line.toString());
  }
}
