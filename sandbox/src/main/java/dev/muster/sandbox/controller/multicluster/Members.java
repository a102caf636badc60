package dev.muster.sandbox.controller.multicluster;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.sandbox.client.ApiClient;
import dev.muster.sandbox.controller.cluster.ClusterObject;
import dev.muster.sandbox.controller.cluster.DirectAccess;
import dev.muster.sandbox.controller.cluster.HostKubeconfig;
import dev.muster.sandbox.controller.env.ClusterEndpoint;
import java.util.Optional;

/** How the host's programs get from a Cluster object to the cluster behind it. */
final class Members {
  private final Tower tower;
  private final DirectAccess direct;

  Members(Tower tower, DirectAccess direct) {
    this.tower = tower;
    this.direct = direct;
  }

  /**
   * A client for the cluster, empty when it is behind an agent and none is connected.
   *
   * @throws HostKubeconfig.Unreadable when a direct connection has no kubeconfig that can be read
   * @throws dev.muster.sandbox.client.ApiException when a direct connection leads nowhere
   */
  Optional<ApiClient> client(JsonNode cluster, String name) throws HostKubeconfig.Unreadable {
    if (ClusterObject.isProxy(cluster)) {
      return tower.route(name).map(ClusterEndpoint::api);
    }
    return Optional.of(direct.client(cluster));
  }
}
