package dev.muster.sandbox.controller.multicluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.client.ApiClient;
import dev.muster.sandbox.client.ApiException;
import dev.muster.sandbox.client.Json;
import dev.muster.sandbox.controller.cluster.ClusterObject;
import dev.muster.sandbox.controller.cluster.DirectAccess;
import dev.muster.sandbox.controller.cluster.HostKubeconfig;
import dev.muster.sandbox.controller.env.Manifest;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The validating webhook of 3.4 for updates of Cluster objects. It is asked while a configuration
 * object names it; {@link #configuration} is the one that a release brings along.
 */
public final class ClusterAdmission {
  /** The webhook's name, which the API server puts into its refusal. */
  public static final String NAME = "validating-cluster.kubesphere.io";

  private final Members members;
  private final Duration timeout;
  private final BooleanSupplier active;

  ClusterAdmission(Members members, Duration timeout, BooleanSupplier active) {
    this.members = members;
    this.timeout = timeout;
    this.active = active;
  }

  /**
   * Judges an update of a Cluster, from whomever; blocks while it asks the member.
   *
   * @return why it is denied, without the API server's own words before it; empty when it may be
   *     stored
   */
  public Optional<String> denial(JsonNode before, JsonNode after) {
    String known = before.path("status").path("uid").asText();
    if (!active.getAsBoolean() || known.isEmpty()) {
      return Optional.empty();
    }
    String name = Json.name(before);
    ObjectNode asked = after instanceof ObjectNode object ? object : Json.object();
    try {
      Optional<ApiClient> member = members.client(asked, name);
      if (member.isEmpty()) {
        Thread.sleep(timeout.toMillis());
        return Optional.of(unreachable(before));
      }
      if (known.equals(Federation.uid(member.get()))) {
        return Optional.empty();
      }
      return Optional.of(
          "this kubeconfig corresponds to a different cluster than the previous one, you need to make"
              + " sure that kubeconfig is not from another cluster");
    } catch (HostKubeconfig.Unreadable e) {
      return Optional.of("failed to load cluster config for " + name + ": " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of(unreachable(before));
    } catch (ApiException e) {
      return Optional.of(
          ClusterObject.isProxy(asked)
              ? unreachable(before)
              : DirectAccess.goText(
                  e, ClusterObject.endpoint(before), "/api/v1/namespaces/kube-system"));
    }
  }

  /** The object that makes an API server ask, as the chart of 3.4 has it. */
  public static ObjectNode configuration() {
    return Manifest.resource("seed/cluster-webhook.yaml", Map.of()).get(0);
  }

  private static String unreachable(JsonNode cluster) {
    return "Get \""
        + ClusterObject.endpoint(cluster)
        + "/api/v1/namespaces/kube-system\": read tcp 10.244.0.5:41234->"
        + ClusterObject.endpoint(cluster).replaceFirst("^https?://", "")
        + ": read: connection reset by peer";
  }
}
