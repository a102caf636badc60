package dev.muster.sandbox.controller.multicluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.client.ApiClient;
import dev.muster.sandbox.client.ApiException;
import dev.muster.sandbox.client.Json;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The validating webhook of 3.4 for updates of Cluster objects. On a real API server it is not
 * registered; an in-memory server may ask it before it stores an update.
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
    Optional<ApiClient> member = members.client(asked, name);
    String why;
    try {
      if (member.isEmpty()) {
        Thread.sleep(timeout.toMillis());
        why = unreachable(before);
      } else if (known.equals(Federation.uid(member.get()))) {
        return Optional.empty();
      } else {
        why =
            "this kubeconfig corresponds to a different cluster than the previous one, you need to make sure that kubeconfig is not"
                + " from another cluster";
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      why = unreachable(before);
    } catch (ApiException e) {
      why = unreachable(before);
    }
    return Optional.of(why);
  }

  private static String unreachable(JsonNode cluster) {
    return "Get \""
        + ClusterObject.endpoint(cluster)
        + "/api/v1/namespaces/kube-system\": read tcp 10.244.0.5:41234->"
        + ClusterObject.endpoint(cluster).replaceFirst("^https?://", "")
        + ": read: connection reset by peer";
  }
}
