package dev.muster.sandbox.server.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.server.json.Json;
import dev.muster.sandbox.server.kind.KindInfo;
import java.util.Set;

/** The subresource scale of workloads: another view of spec.replicas. */
final class Scale {
  private static final Set<String> KINDS =
      Set.of("Deployment.apps", "StatefulSet.apps", "ReplicaSet.apps");

  private Scale() {}

  static boolean has(KindInfo kind) {
    return KINDS.contains(kind.groupKind());
  }

  static ObjectNode of(ObjectNode workload) {
    ObjectNode scale = Json.object().put("kind", "Scale").put("apiVersion", "autoscaling/v1");
    ObjectNode metadata = scale.putObject("metadata");
    for (String field :
        new String[] {"name", "namespace", "uid", "resourceVersion", "creationTimestamp"}) {
      metadata.set(field, workload.path("metadata").path(field));
    }
    scale.putObject("spec").put("replicas", workload.at("/spec/replicas").asInt());
    scale.putObject("status").put("replicas", workload.at("/status/replicas").asInt());
    return scale;
  }

  /** The workload with the replicas that a changed scale asks for. */
  static ObjectNode applied(ObjectNode workload, ObjectNode scale) {
    ObjectNode next = workload.deepCopy();
    Json.child(next, "spec").put("replicas", scale.at("/spec/replicas").asInt());
    String version = scale.at("/metadata/resourceVersion").asText();
    if (!version.isEmpty()) {
      Json.child(next, "metadata").put("resourceVersion", version);
    }
    return next;
  }
}
