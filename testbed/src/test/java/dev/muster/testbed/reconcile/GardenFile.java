package dev.muster.testbed.reconcile;

import java.util.List;
import java.util.Map;

/** The topology file of a garden. */
final class GardenFile extends TopologyFile {
  @Override
  String text() {
    StringBuilder text =
        new StringBuilder(
            """
            apiVersion: muster.dev/v1alpha1
            kind: Topology
            metadata: {name: garden}
            spec:
              plan: plan.yaml
              defaults:
                access: {kubeconfig: {file: kubeconfig.yaml}}
            """);
    text.append("  host: {name: host");
    host()
        .forEach(
            (key, value) -> text.append(", ").append(key).append(": \"").append(value).append('"'));
    text.append("}\n  members:\n");
    members().forEach((cluster, entry) -> text.append(line(cluster, entry)));
    if (members().isEmpty()) {
      text.append("    []\n");
    }
    return text.toString();
  }

  private static String line(String cluster, Entry entry) {
    StringBuilder line = new StringBuilder();
    for (Map.Entry<String, String> key : entry.keys().entrySet()) {
      String value = key.getValue();
      boolean secret = key.getKey().equals("sesame");
      line.append(", ").append(key.getKey()).append(": ");
      line.append(secret ? "{file: sesame-" + value + "}" : "\"" + value + "\"");
    }
    return entry.text(cluster, line.toString());
  }

  static final List<String> LABELS = List.of("tier", "zone", "cost");
}
