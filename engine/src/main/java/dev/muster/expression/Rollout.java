package dev.muster.expression;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * How far a Deployment, StatefulSet or DaemonSet is with its current template.
 *
 * @param done nothing of it is left to do
 * @param text for people
 */
record Rollout(boolean done, String text) {

  static Rollout of(JsonNode workload) {
    if (!workload.isObject() || workload.isEmpty()) {
      return new Rollout(false, "the workload does not exist");
    }
    JsonNode spec = workload.path("spec");
    JsonNode status = workload.path("status");
    // Absent until its controller has seen the object for the first time.
    long observed = status.path("observedGeneration").asLong(0);
    if (observed < workload.path("metadata").path("generation").asLong(0)
        || status.isMissingNode()) {
      return new Rollout(false, "the latest change is not observed yet");
    }
    boolean daemons = status.has("desiredNumberScheduled");
    long desired = daemons ? status.path("desiredNumberScheduled").asLong() : replicas(spec);
    long updated = status.path(daemons ? "updatedNumberScheduled" : "updatedReplicas").asLong(0);
    long ready = ready(status, daemons);
    String noun = daemons ? "pods" : "replicas";
    if (deadlineExceeded(status)) {
      return new Rollout(
          false,
          "%d of %d %s available, progress deadline exceeded".formatted(ready, desired, noun));
    }
    if (updated < wanted(spec, desired)) {
      return new Rollout(false, "%d of %d %s updated".formatted(updated, desired, noun));
    }
    long old = daemons ? 0 : status.path("replicas").asLong(0) - desired;
    if (old > 0) {
      return new Rollout(
          false, "%d old %s still running".formatted(old, old == 1 ? "replica" : "replicas"));
    }
    if (ready < desired) {
      return new Rollout(false, "%d of %d %s available".formatted(ready, desired, noun));
    }
    return new Rollout(true, "%d of %d %s updated and available".formatted(desired, desired, noun));
  }

  private static long replicas(JsonNode spec) {
    return spec.path("replicas").asLong(1);
  }

  /** A StatefulSet may keep its first replicas back on purpose. */
  private static long wanted(JsonNode spec, long desired) {
    long partition = spec.path("updateStrategy").path("rollingUpdate").path("partition").asLong(0);
    return Math.max(0, desired - partition);
  }

  /** StatefulSets of old servers do not count available replicas, only ready ones. */
  private static long ready(JsonNode status, boolean daemons) {
    if (daemons) {
      return status.path("numberAvailable").asLong(0);
    }
    JsonNode available = status.path("availableReplicas");
    return available.isMissingNode() ? fallback(status) : available.asLong();
  }

  private static long fallback(JsonNode status) {
    boolean stateful = status.has("currentRevision") || status.has("updateRevision");
    return stateful ? status.path("readyReplicas").asLong(0) : 0;
  }

  private static boolean deadlineExceeded(JsonNode status) {
    for (JsonNode condition : status.path("conditions")) {
      if (condition.path("reason").asText().equals("ProgressDeadlineExceeded")) {
        return true;
      }
    }
    return false;
  }
}
