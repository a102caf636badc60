package dev.muster.sandbox.controller.multicluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.client.ApiClient;
import dev.muster.sandbox.client.Trust;
import dev.muster.sandbox.controller.env.ClusterEndpoint;
import dev.muster.sandbox.controller.env.Manifest;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** How the host's programs get from a Cluster object to the cluster behind it. */
final class Members {
  private final Tower tower;
  private final List<ClusterEndpoint> known;

  Members(Tower tower, List<ClusterEndpoint> known) {
    this.tower = tower;
    this.known = List.copyOf(known);
  }

  /** A client for the cluster, empty when no agent is connected or the kubeconfig leads nowhere. */
  Optional<ApiClient> client(JsonNode cluster, String name) {
    if (ClusterObject.isProxy(cluster)) {
      return tower.route(name).map(ClusterEndpoint::api);
    }
    return direct(ClusterObject.kubeconfig(cluster));
  }

  /**
   * The cluster at the server of a kubeconfig. A cluster of this simulation is used with the
   * simulation's own rights; any other with the token in the kubeconfig.
   */
  private Optional<ApiClient> direct(String kubeconfig) {
    ObjectNode config;
    try {
      byte[] text = Base64.getDecoder().decode(kubeconfig);
      config = Manifest.yaml(new String(text, StandardCharsets.UTF_8));
    } catch (RuntimeException e) {
      return Optional.empty();
    }
    JsonNode entry = config.path("clusters").path(0).path("cluster");
    String server = entry.path("server").asText().replaceAll("/+$", "");
    for (ClusterEndpoint endpoint : known) {
      if (endpoint.api().base().toString().equals(server)) {
        return Optional.of(endpoint.api());
      }
    }
    String token = config.path("users").path(0).path("user").path("token").asText();
    if (server.isEmpty() || token.isEmpty()) {
      return Optional.empty();
    }
    String authority = entry.path("certificate-authority-data").asText();
    Trust trust =
        authority.isEmpty()
            ? Trust.jdk()
            : Trust.authorities(
                new String(Base64.getDecoder().decode(authority), StandardCharsets.UTF_8));
    return Optional.of(ApiClient.of(URI.create(server), token, trust));
  }
}
