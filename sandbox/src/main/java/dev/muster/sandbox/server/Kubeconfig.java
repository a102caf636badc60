package dev.muster.sandbox.server;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** Writes the kubeconfig of a server. */
final class Kubeconfig {
  private Kubeconfig() {}

  static String of(ApiServer server, List<String> names, Optional<String> certificate) {
    StringBuilder clusters = new StringBuilder();
    StringBuilder contexts = new StringBuilder();
    StringBuilder users = new StringBuilder();
    for (String name : names) {
      clusters.append("- name: \"").append(name).append("\"\n  cluster:\n    server: ");
      clusters.append(server.baseUrl(name)).append('\n');
      certificate.ifPresent(
          pem ->
              clusters
                  .append("    certificate-authority-data: ")
                  .append(
                      Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.US_ASCII)))
                  .append('\n'));
      contexts.append("- name: \"").append(name).append("\"\n  context:\n    cluster: \"");
      contexts.append(name).append("\"\n    user: \"admin-").append(name).append("\"\n");
      users.append("- name: \"admin-").append(name).append("\"\n  user:\n    token: \"");
      users.append(server.token(name)).append("\"\n");
    }
    return "# Simulated clusters of the muster sandbox.\napiVersion: v1\nkind: Config\n"
        + section("clusters", clusters)
        + section("contexts", contexts)
        + section("users", users)
        + "current-context: "
        + (names.isEmpty() ? "\"\"" : "\"" + names.get(0) + "\"")
        + "\n";
  }

  private static String section(String name, StringBuilder entries) {
    return entries.length() == 0 ? name + ": []\n" : name + ":\n" + entries;
  }
}
