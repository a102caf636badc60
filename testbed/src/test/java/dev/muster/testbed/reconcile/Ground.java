package dev.muster.testbed.reconcile;

import dev.muster.sandbox.client.ApiClient;
import dev.muster.sandbox.client.Trust;
import dev.muster.sandbox.fault.FaultProxy;
import dev.muster.sandbox.fault.Upstream;
import dev.muster.sandbox.server.ApiServer;
import dev.muster.testbed.TestFleet;
import java.util.List;

/** The clusters in which a history takes place. */
interface Ground {
  Upstream upstream(String cluster);

  /** Somebody with all rights who is not muster. */
  ApiClient kubectl(String cluster);

  /** With a context for each cluster, by its name, through the proxy. */
  String kubeconfig(List<String> clusters, FaultProxy proxy);

  /** Simulated API servers. */
  record Simulated(ApiServer server) implements Ground {
    @Override
    public Upstream upstream(String cluster) {
      return new Upstream(server.baseUrl(cluster), Trust.jdk());
    }

    @Override
    public ApiClient kubectl(String cluster) {
      return named(ApiClient.of(server.baseUrl(cluster), server.controllerToken(), Trust.jdk()));
    }

    @Override
    public String kubeconfig(List<String> clusters, FaultProxy proxy) {
      String front = ":" + proxy.url(clusters.get(0)).getPort() + "/";
      return server.kubeconfig().replace(":" + server.port() + "/", front);
    }
  }

  /** Real kube-apiservers. */
  record Real(TestFleet fleet) implements Ground {
    private Trust trust() {
      return Trust.authorities(fleet.certificate());
    }

    @Override
    public Upstream upstream(String cluster) {
      return new Upstream(fleet.cluster(cluster).url(), trust());
    }

    @Override
    public ApiClient kubectl(String cluster) {
      return named(
          ApiClient.of(fleet.cluster(cluster).url(), fleet.cluster(cluster).token(), trust()));
    }

    @Override
    public String kubeconfig(List<String> clusters, FaultProxy proxy) {
      StringBuilder text = new StringBuilder("{apiVersion: v1, kind: Config, clusters: [");
      clusters.forEach(
          name ->
              text.append(
                  "{name: %1$s, cluster: {server: \"%2$s\"}}, ".formatted(name, proxy.url(name))));
      text.append("], contexts: [");
      clusters.forEach(
          name ->
              text.append("{name: %1$s, context: {cluster: %1$s, user: %1$s}}, ".formatted(name)));
      text.append("], users: [");
      clusters.forEach(
          name ->
              text.append(
                  "{name: %s, user: {token: %s}}, "
                      .formatted(name, fleet.cluster(name).auditedToken())));
      return text.append("]}\n").toString();
    }
  }

  private static ApiClient named(ApiClient client) {
    return client.as("kubectl-edit", "kubectl-edit");
  }
}
