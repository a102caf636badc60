package dev.muster.sandbox.server.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.server.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/**
 * Fills in what a real server fills into objects of the built-in kinds; keeps one cluster's service
 * addresses.
 */
public final class Defaulting {
  private static final int FIRST_NODE_PORT = 30_000;
  private static final int NODE_PORTS = 2_768;

  private int nextAddress = 10; // 10.96.0.1 belongs to the service "kubernetes"
  private int nextNodePort = 417;

  /** Changes the object in place. */
  public void apply(KindInfo kind, ObjectNode object, Optional<ObjectNode> before) {
    if (!kind.builtIn()) {
      return;
    }
    switch (kind.groupKind()) {
      case "Pod" -> PodDefaults.fill(Json.child(object, "spec"));
      case "Deployment.apps" -> deployment(Json.child(object, "spec"));
      case "StatefulSet.apps" -> statefulSet(Json.child(object, "spec"));
      case "DaemonSet.apps" -> daemonSet(Json.child(object, "spec"));
      case "ReplicaSet.apps" -> {
        Json.putIfAbsent(Json.child(object, "spec"), "replicas", 1);
        template(Json.child(object, "spec"));
      }
      case "Service" -> service(Json.child(object, "spec"), before);
      case "Secret" -> secret(object);
      case "Namespace" -> namespace(object);
      case "CustomResourceDefinition.apiextensions.k8s.io" -> definition(object);
      case "ValidatingWebhookConfiguration.admissionregistration.k8s.io" ->
          object.path("webhooks").forEach(webhook -> webhook((ObjectNode) webhook));
      case "StorageClass.storage.k8s.io" -> {
        Json.putIfAbsent(object, "reclaimPolicy", "Delete");
        Json.putIfAbsent(object, "volumeBindingMode", "Immediate");
      }
      default -> {}
    }
  }

  private static void webhook(ObjectNode webhook) {
    Json.putIfAbsent(webhook, "failurePolicy", "Fail");
    Json.putIfAbsent(webhook, "matchPolicy", "Equivalent");
    Json.putIfAbsent(webhook, "timeoutSeconds", 10);
    Json.child(webhook, "namespaceSelector");
    Json.child(webhook, "objectSelector");
    for (JsonNode rule : webhook.path("rules")) {
      Json.putIfAbsent((ObjectNode) rule, "scope", "*");
    }
    if (webhook.path("clientConfig").get("service") instanceof ObjectNode service) {
      Json.putIfAbsent(service, "port", 443);
    }
  }

  /** The status that a new object starts with. */
  public static Optional<ObjectNode> firstStatus(KindInfo kind) {
    ObjectNode status = Json.object();
    switch (kind.groupKind()) {
      case "Pod" -> status.put("phase", "Pending").put("qosClass", "BestEffort");
      case "Namespace" -> status.put("phase", "Active");
      case "Service" -> status.putObject("loadBalancer");
      case "Deployment.apps" -> {}
      case "StatefulSet.apps" -> status.put("replicas", 0).put("availableReplicas", 0);
      case "ReplicaSet.apps" -> status.put("replicas", 0);
      default -> {
        return Optional.empty();
      }
    }
    return Optional.of(status);
  }

  private static void deployment(ObjectNode spec) {
    Json.putIfAbsent(spec, "replicas", 1);
    Json.putIfAbsent(spec, "revisionHistoryLimit", 10);
    Json.putIfAbsent(spec, "progressDeadlineSeconds", 600);
    rolling(spec, "strategy", "25%");
    template(spec);
  }

  private static void daemonSet(ObjectNode spec) {
    Json.putIfAbsent(spec, "revisionHistoryLimit", 10);
    ObjectNode strategy = Json.child(spec, "updateStrategy");
    Json.putIfAbsent(strategy, "type", "RollingUpdate");
    template(spec);
  }

  private static void rolling(ObjectNode spec, String field, String share) {
    ObjectNode strategy = Json.child(spec, field);
    Json.putIfAbsent(strategy, "type", "RollingUpdate");
    if (strategy.path("type").asText().equals("RollingUpdate")) {
      ObjectNode rolling = Json.child(strategy, "rollingUpdate");
      Json.putIfAbsent(rolling, "maxUnavailable", share);
      Json.putIfAbsent(rolling, "maxSurge", share);
    }
  }

  private static void statefulSet(ObjectNode spec) {
    Json.putIfAbsent(spec, "replicas", 1);
    Json.putIfAbsent(spec, "revisionHistoryLimit", 10);
    Json.putIfAbsent(spec, "podManagementPolicy", "OrderedReady");
    ObjectNode strategy = Json.child(spec, "updateStrategy");
    Json.putIfAbsent(strategy, "type", "RollingUpdate");
    if (strategy.path("type").asText().equals("RollingUpdate")) {
      Json.putIfAbsent(Json.child(strategy, "rollingUpdate"), "partition", 0);
    }
    ObjectNode retention = Json.child(spec, "persistentVolumeClaimRetentionPolicy");
    Json.putIfAbsent(retention, "whenDeleted", "Retain");
    Json.putIfAbsent(retention, "whenScaled", "Retain");
    template(spec);
  }

  private static void template(ObjectNode spec) {
    if (spec.get("template") instanceof ObjectNode template) {
      ObjectNode metadata = Json.child(template, "metadata");
      // A typed server always writes the empty time of a template's metadata.
      metadata.putNull("creationTimestamp");
      PodDefaults.fill(Json.child(template, "spec"));
    }
  }

  private synchronized void service(ObjectNode spec, Optional<ObjectNode> before) {
    Json.putIfAbsent(spec, "type", "ClusterIP");
    Json.putIfAbsent(spec, "sessionAffinity", "None");
    String type = spec.path("type").asText();
    boolean external = type.equals("NodePort") || type.equals("LoadBalancer");
    JsonNode old = before.<JsonNode>map(b -> b.path("spec")).orElse(Json.object());
    if (external) {
      Json.putIfAbsent(spec, "externalTrafficPolicy", "Cluster");
    }
    if (type.equals("LoadBalancer")) {
      Json.putIfAbsent(spec, "allocateLoadBalancerNodePorts", Json.parse("true"));
    }
    for (JsonNode element : spec.path("ports")) {
      if (element instanceof ObjectNode port) {
        Json.putIfAbsent(port, "protocol", "TCP");
        if (!port.hasNonNull("targetPort")) {
          port.set("targetPort", port.path("port"));
        }
        if (external && port.path("nodePort").asInt() == 0) {
          port.put("nodePort", nodePort(port, old));
        } else if (!external && old.path("type").asText().matches("NodePort|LoadBalancer")) {
          port.remove("nodePort");
        }
      }
    }
    if (type.equals("ExternalName")) {
      return;
    }
    Json.putIfAbsent(spec, "internalTrafficPolicy", "Cluster");
    if (spec.path("clusterIP").asText().isEmpty()) {
      spec.put("clusterIP", old.path("clusterIP").asText(""));
    }
    if (spec.path("clusterIP").asText().isEmpty()) {
      int address = nextAddress++;
      spec.put("clusterIP", "10.96." + address / 256 % 256 + "." + address % 256);
    }
    Json.putIfAbsent(spec, "clusterIPs", Json.array().add(spec.path("clusterIP").asText()));
    Json.putIfAbsent(spec, "ipFamilies", Json.array().add("IPv4"));
    Json.putIfAbsent(spec, "ipFamilyPolicy", "SingleStack");
  }

  private int nodePort(ObjectNode port, JsonNode old) {
    for (JsonNode former : old.path("ports")) {
      if (former.path("port").asInt() == port.path("port").asInt() && former.has("nodePort")) {
        return former.path("nodePort").asInt();
      }
    }
    nextNodePort = (nextNodePort + 1_013) % NODE_PORTS;
    return FIRST_NODE_PORT + nextNodePort;
  }

  private static void secret(ObjectNode secret) {
    Json.putIfAbsent(secret, "type", "Opaque");
    if (secret.get("stringData") instanceof ObjectNode plain) {
      ObjectNode data = Json.child(secret, "data");
      plain
          .fields()
          .forEachRemaining(
              entry ->
                  data.put(
                      entry.getKey(),
                      Base64.getEncoder()
                          .encodeToString(
                              entry.getValue().asText().getBytes(StandardCharsets.UTF_8))));
    }
    secret.remove("stringData");
  }

  private static void namespace(ObjectNode namespace) {
    ObjectNode metadata = Json.child(namespace, "metadata");
    Json.child(metadata, "labels")
        .put("kubernetes.io/metadata.name", metadata.path("name").asText());
    ObjectNode spec = Json.child(namespace, "spec");
    if (!spec.has("finalizers")) {
      spec.putArray("finalizers").add("kubernetes");
    }
  }

  private static void definition(ObjectNode definition) {
    ObjectNode spec = Json.child(definition, "spec");
    Json.putIfAbsent(Json.child(spec, "conversion"), "strategy", "None");
    ObjectNode names = Json.child(spec, "names");
    String kind = names.path("kind").asText();
    Json.putIfAbsent(names, "listKind", kind + "List");
    Json.putIfAbsent(names, "singular", kind.toLowerCase(Locale.ROOT));
    if (spec.get("versions") instanceof ArrayNode versions) {
      for (JsonNode version : versions) {
        if (version instanceof ObjectNode object && !object.has("storage")) {
          object.put("storage", versions.size() == 1);
        }
      }
    }
  }
}
