package dev.muster.testbed;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;

/** The text of a kubeconfig; the first cluster is the current context. */
final class Kubeconfig {
  private Kubeconfig() {}

  static String render(
      List<TestCluster> clusters, String certificatePem, Function<TestCluster, String> token) {
    String ca = Base64.getEncoder().encodeToString(certificatePem.getBytes(StandardCharsets.UTF_8));
    StringBuilder head = new StringBuilder("apiVersion: v1\nkind: Config\n");
    StringBuilder servers = new StringBuilder("clusters:\n");
    StringBuilder users = new StringBuilder("users:\n");
    StringBuilder contexts = new StringBuilder("contexts:\n");
    head.append("current-context: ").append(clusters.get(0).name()).append('\n');
    for (TestCluster cluster : clusters) {
      String name = cluster.name();
      servers.append(
          "- {name: %s, cluster: {server: '%s', certificate-authority-data: %s}}\n"
              .formatted(name, cluster.url(), ca));
      users.append("- {name: %s, user: {token: %s}}\n".formatted(name, token.apply(cluster)));
      contexts.append(
          "- {name: %s, context: {cluster: %s, user: %s}}\n".formatted(name, name, name));
    }
    return head.append(servers).append(users).append(contexts).toString();
  }
}
