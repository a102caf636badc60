package dev.muster.sandbox.controller.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.client.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.zip.CRC32;

/** The objects and statuses that a Deployment controller and a kubelet write. */
final class Deployments {
  private static final String LETTERS = "bcdfghjklmnpqrstvwxz2456789";

  private Deployments() {}

  static String now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** A name for the set of pods that share a template, as in real pod names. */
  static String hash(JsonNode template) {
    CRC32 crc = new CRC32();
    crc.update(Json.text(template).getBytes(StandardCharsets.UTF_8));
    return letters(crc.getValue() * 31 + 7, 10);
  }

  static String letters(long seed, int count) {
    StringBuilder text = new StringBuilder();
    long rest = Math.abs(seed * 0x9E3779B97F4A7C15L);
    for (int i = 0; i < count; i++) {
      text.append(LETTERS.charAt((int) (rest % LETTERS.length())));
      rest = rest / LETTERS.length() + 1_000_003L * i;
    }
    return text.toString();
  }

  static ObjectNode pod(ObjectNode deployment, String name, String node) {
    ObjectNode pod = Json.object();
    ObjectNode metadata = pod.putObject("metadata");
    metadata.put("name", name).put("namespace", Json.namespace(deployment));
    JsonNode template = deployment.path("spec").path("template");
    for (String copied : new String[] {"labels", "annotations"}) {
      if (template.path("metadata").get(copied) instanceof ObjectNode values) {
        metadata.set(copied, values.deepCopy());
      }
    }
    Json.at(pod, "metadata", "labels").put("pod-template-hash", hash(template));
    ObjectNode spec =
        template.get("spec") instanceof ObjectNode given ? given.deepCopy() : Json.object();
    pod.set("spec", spec);
    spec.put("nodeName", node);
    return pod;
  }

  static ObjectNode podStatus(JsonNode spec, String phase, String ip) {
    boolean runs = phase.equals("Running");
    ObjectNode status = Json.object();
    status.put("phase", phase);
    ArrayNode conditions = status.putArray("conditions");
    for (String type : new String[] {"Initialized", "Ready", "ContainersReady", "PodScheduled"}) {
      boolean holds = runs || type.equals("PodScheduled") || type.equals("Initialized");
      ObjectNode condition = conditions.addObject();
      condition.put("type", type).put("status", holds ? "True" : "False");
      condition.put("lastTransitionTime", now());
    }
    if (runs) {
      status.put("podIP", ip);
      status.putArray("podIPs").addObject().put("ip", ip);
      status.put("hostIP", "192.168.0.2");
      status.put("startTime", now());
    }
    ArrayNode containers = status.putArray("containerStatuses");
    for (JsonNode container : spec.path("containers")) {
      ObjectNode one = containers.addObject();
      one.put("name", container.path("name").asText());
      one.put("image", container.path("image").asText());
      one.put("imageID", "").put("restartCount", 0).put("ready", runs).put("started", runs);
      if (runs) {
        one.putObject("state").putObject("running").put("startedAt", now());
      } else {
        one.putObject("state").putObject("waiting").put("reason", "ContainerCreating");
      }
    }
    return status;
  }

  /** The whole status; a null inside a merge patch takes a field away. */
  static ObjectNode status(ObjectNode deployment, int replicas, int updated, int ready) {
    int wanted = deployment.path("spec").path("replicas").asInt(1);
    ObjectNode status = Json.object();
    status.put("observedGeneration", deployment.path("metadata").path("generation").asLong());
    put(status, "replicas", replicas);
    put(status, "updatedReplicas", updated);
    put(status, "readyReplicas", ready);
    put(status, "availableReplicas", ready);
    put(status, "unavailableReplicas", wanted - ready);
    boolean complete = ready >= wanted;
    ArrayNode conditions = status.putArray("conditions");
    condition(
        conditions,
        "Available",
        complete,
        complete ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
        complete
            ? "Deployment has minimum availability."
            : "Deployment does not have minimum availability.");
    String set =
        "ReplicaSet \"" + Json.name(deployment) + "-" + hash(deployment.at("/spec/template"));
    condition(
        conditions,
        "Progressing",
        true,
        complete ? "NewReplicaSetAvailable" : "ReplicaSetUpdated",
        set + (complete ? "\" has successfully progressed." : "\" is progressing."));
    return status;
  }

  /** The status while the API server refuses the pod. */
  static ObjectNode refused(ObjectNode deployment, String message) {
    ObjectNode status = status(deployment, 0, 0, 0);
    ArrayNode conditions = (ArrayNode) status.get("conditions");
    condition(conditions, "ReplicaFailure", true, "FailedCreate", message);
    return status;
  }

  private static void condition(
      ArrayNode conditions, String type, boolean holds, String reason, String message) {
    ObjectNode condition = conditions.addObject();
    condition.put("type", type).put("status", holds ? "True" : "False");
    condition.put("reason", reason).put("message", message);
    condition.put("lastTransitionTime", now()).put("lastUpdateTime", now());
  }

  private static void put(ObjectNode status, String field, int count) {
    if (count == 0) {
      status.putNull(field);
    } else {
      status.put(field, count);
    }
  }
}
