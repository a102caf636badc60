package dev.muster.sandbox.controller.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.client.Json;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Reads and changes of a Cluster object that several programs share, made the way Go programs make
 * them.
 */
public final class ClusterObject {
  public static final String FINALIZER = "finalizer.cluster.kubesphere.io";
  public static final String NAMESPACE = "kubesphere-system";
  public static final String HOST_LABEL = "cluster-role.kubesphere.io/host";

  private ClusterObject() {}

  public static boolean isProxy(JsonNode cluster) {
    return cluster.path("spec").path("connection").path("type").asText().equals("proxy");
  }

  /** Whether it is the host's own object. */
  public static boolean isHost(JsonNode cluster) {
    return cluster.path("metadata").path("labels").has(HOST_LABEL);
  }

  public static boolean joinsFederation(JsonNode cluster) {
    return cluster.path("spec").path("joinFederation").asBoolean();
  }

  public static String token(JsonNode cluster) {
    return cluster.path("spec").path("connection").path("token").asText();
  }

  public static String kubeconfig(JsonNode cluster) {
    return cluster.path("spec").path("connection").path("kubeconfig").asText();
  }

  public static String endpoint(JsonNode cluster) {
    return cluster.path("spec").path("connection").path("kubernetesAPIEndpoint").asText();
  }

  public static boolean holds(JsonNode cluster, String type) {
    for (JsonNode condition : cluster.path("status").path("conditions")) {
      if (condition.path("type").asText().equals(type)) {
        return condition.path("status").asText().equals("True");
      }
    }
    return false;
  }

  /** Writes a condition: the old one goes, the new one comes last, and its times are always now. */
  public static void condition(
      ObjectNode cluster, String type, boolean holds, String reason, String message) {
    ObjectNode status = Json.at(cluster, "status");
    ArrayNode conditions = Json.array();
    for (JsonNode condition : status.path("conditions")) {
      if (!condition.path("type").asText().equals(type)) {
        conditions.add(condition);
      }
    }
    String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    ObjectNode added = conditions.addObject();
    added.put("type", type).put("status", holds ? "True" : "False");
    added.put("lastUpdateTime", now).put("lastTransitionTime", now);
    if (!reason.isEmpty()) {
      added.put("reason", reason);
    }
    added.put("message", message);
    status.set("conditions", conditions);
  }

  /** Takes a condition away. */
  public static void dropCondition(ObjectNode cluster, String type) {
    ArrayNode kept = Json.array();
    for (JsonNode condition : cluster.path("status").path("conditions")) {
      if (!condition.path("type").asText().equals(type)) {
        kept.add(condition);
      }
    }
    Json.at(cluster, "status").set("conditions", kept);
  }

  public static boolean hasFinalizer(JsonNode cluster) {
    for (JsonNode finalizer : cluster.path("metadata").path("finalizers")) {
      if (finalizer.asText().equals(FINALIZER)) {
        return true;
      }
    }
    return false;
  }

  public static void addFinalizer(ObjectNode cluster) {
    if (!hasFinalizer(cluster)) {
      Json.at(cluster, "metadata").withArray("finalizers").add(FINALIZER);
    }
  }

  public static void removeFinalizer(ObjectNode cluster) {
    ArrayNode kept = Json.array();
    for (JsonNode finalizer : cluster.path("metadata").path("finalizers")) {
      if (!finalizer.asText().equals(FINALIZER)) {
        kept.add(finalizer);
      }
    }
    ObjectNode metadata = Json.at(cluster, "metadata");
    if (kept.isEmpty()) {
      metadata.remove("finalizers");
    } else {
      metadata.set("finalizers", kept);
    }
  }

  /** What any write by a Go program does to fields marked omitempty. */
  public static void dropEmpty(ObjectNode cluster) {
    ObjectNode spec = Json.at(cluster, "spec");
    if (spec.path("provider").isTextual() && spec.path("provider").asText().isEmpty()) {
      spec.remove("provider");
    }
    for (String flag : new String[] {"enable", "joinFederation"}) {
      if (spec.path(flag).isBoolean() && !spec.path(flag).asBoolean()) {
        spec.remove(flag);
      }
    }
    Json.at(cluster, "status");
  }
}
