package dev.muster.sandbox.controller.multicluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.client.ApiClient;
import dev.muster.sandbox.client.ApiException;
import dev.muster.sandbox.client.Json;
import dev.muster.sandbox.client.Kind;
import dev.muster.sandbox.controller.cluster.ClusterObject;
import dev.muster.sandbox.controller.env.ClusterEndpoint;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What listens behind the Services mc-NAME: Tower's tunnels to the members' API servers. */
public final class McServices {
  private static final String PREFIX = "mc-";

  private final ApiClient host;
  private final Tower tower;

  public McServices(ClusterEndpoint host, Tower tower) {
    this.host = host.api().as("tower", "proxy");
    this.tower = tower;
  }

  /**
   * A GET through the tunnel of a cluster. The caller's credentials stay with the host's API
   * server; Tower puts the agent's own in their place.
   *
   * @param service the Service's name, mc-NAME
   * @param port 6443 or "kubernetes"; the port of ks-apiserver is not simulated
   * @param pathAndQuery what to ask of the member's API server
   */
  public ApiClient.Answer get(String service, String port, String pathAndQuery) {
    if (!service.startsWith(PREFIX)) {
      return failure(404, "NotFound", "services \"" + service + "\" not found");
    }
    if (!port.equals("6443") && !port.equals("kubernetes") && !port.isEmpty()) {
      return failure(503, "ServiceUnavailable", "error trying to reach service: not simulated");
    }
    Optional<ClusterEndpoint> member = tower.route(service.substring(PREFIX.length()));
    if (member.isEmpty()) {
      return failure(
          503,
          "ServiceUnavailable",
          "error trying to reach service: read: connection reset by peer");
    }
    try {
      ApiClient api = member.get().api().as("tower-tunnel", "proxy");
      return api.fetch(pathAndQuery);
    } catch (ApiException e) {
      return failure(503, "ServiceUnavailable", "error trying to reach service: " + e.getMessage());
    }
  }

  /** The name of the cluster whose Service leads to this port of Tower's pod. */
  public Optional<String> serviceAtPort(int port) {
    for (ObjectNode service : host.items(Kind.SERVICE, ClusterObject.NAMESPACE)) {
      boolean there =
          Json.name(service).startsWith(PREFIX)
              && service.path("spec").path("ports").path(0).path("targetPort").asInt() == port;
      if (there) {
        return Optional.of(Json.name(service));
      }
    }
    return Optional.empty();
  }

  private static ApiClient.Answer failure(int code, String reason, String message) {
    ObjectNode status = Json.object();
    status.put("kind", "Status").put("apiVersion", "v1").putObject("metadata");
    status.put("status", "Failure").put("message", message);
    status.put("reason", reason).put("code", code);
    byte[] body = Json.text(status).getBytes(StandardCharsets.UTF_8);
    return new ApiClient.Answer(code, "application/json", body);
  }
}
