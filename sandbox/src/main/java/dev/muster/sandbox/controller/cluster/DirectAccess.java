package dev.muster.sandbox.controller.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.sandbox.client.ApiClient;
import dev.muster.sandbox.client.ApiException;
import dev.muster.sandbox.client.Json;
import dev.muster.sandbox.client.Trust;
import dev.muster.sandbox.controller.env.ClusterEndpoint;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How the host's programs get to a cluster with the kubeconfig in its Cluster object. The network
 * of the simulation ends at its own clusters: any other server is a name that nobody knows.
 */
public final class DirectAccess {
  /** Where a kubeconfig leads that is not taken by its word, as its secrets are placeholders. */
  @FunctionalInterface
  public interface Ways {
    /**
     * A client with all rights, empty when the kubeconfig means what it says.
     *
     * @param cluster name of the Cluster object that holds it
     * @param kubeconfig as it stands there, in base64
     */
    Optional<ApiClient> behind(String cluster, String kubeconfig);
  }

  private final ClusterEndpoint host;
  private final List<ClusterEndpoint> known;
  private final Ways ways;

  /**
   * @param known all clusters of the simulation
   */
  public DirectAccess(ClusterEndpoint host, List<ClusterEndpoint> known, Ways ways) {
    this.host = host;
    this.known = List.copyOf(known);
    this.ways = ways;
  }

  /**
   * A client with the rights that the kubeconfig gives and no others; whether the server takes them
   * shows at the first request. The host reaches itself with its own account.
   *
   * @throws HostKubeconfig.Unreadable when the value is no kubeconfig
   * @throws ApiException when it is known beforehand that nothing comes of it
   */
  public ApiClient client(JsonNode cluster) throws HostKubeconfig.Unreadable {
    if (ClusterObject.isHost(cluster)) {
      return host.api();
    }
    String kubeconfig = ClusterObject.kubeconfig(cluster);
    HostKubeconfig config = HostKubeconfig.of(kubeconfig);
    Optional<ApiClient> way = ways.behind(Json.name(cluster), kubeconfig);
    URI server = way.isPresent() ? way.get().base() : reachable(config);
    if (config.notAfter().filter(Instant.now()::isAfter).isPresent()) {
      throw new ApiException(401, "Unauthorized", "Unauthorized");
    }
    if (!config.identifies()) {
      // Said here, because a server without TLS takes anybody for its administrator.
      throw new ApiException(
          403,
          "Forbidden",
          "namespaces \"kube-system\" is forbidden: User \"system:anonymous\" cannot get resource"
              + " \"namespaces\" in API group \"\" in the namespace \"kube-system\"");
    }
    if (way.isPresent()) {
      return way.get();
    }
    Trust trust =
        config.insecure()
            ? Trust.anybody()
            : config.authority().map(Trust::authorities).orElse(Trust.jdk());
    return ApiClient.of(server, config.token().orElse(null), trust);
  }

  private URI reachable(HostKubeconfig config) {
    for (ClusterEndpoint endpoint : known) {
      if (endpoint.api().base().toString().equals(config.server())) {
        return endpoint.api().base();
      }
    }
    String name = config.server().replaceFirst("^https?://", "").replaceFirst("[:/].*", "");
    throw new ApiException(
        0, "Unreachable", "dial tcp: lookup " + name + " on 10.96.0.10:53: no such host");
  }

  /** What a failed request says in the words of client-go. */
  public static String goText(ApiException failure, String server, String path) {
    String said = String.valueOf(failure.getMessage());
    if (failure.status() == 0) {
      return "Get \""
          + server
          + path
          + "\": "
          + (said.startsWith("dial") ? said : "dial tcp: " + said);
    }
    if (failure.status() == 401) {
      return "Unauthorized";
    }
    // The client puts the request before what the server said.
    return said.replaceFirst("^[A-Z]+ /\\S*: \\d+ ", "");
  }
}
