package dev.muster.sandbox.controller.multicluster;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.client.ApiClient;
import dev.muster.sandbox.client.ApiException;
import dev.muster.sandbox.client.Json;
import dev.muster.sandbox.client.Kind;
import dev.muster.sandbox.controller.cluster.ClusterObject;
import dev.muster.sandbox.controller.install.Definitions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Gives a proxy cluster its token, ports, Service and endpoints. */
final class Allocation {
  private static final int ATTEMPTS = 20;
  private static final SecureRandom RANDOM = new SecureRandom();

  /**
   * Tower's pod, as endpoints name it.
   *
   * @param pod its name; empty when it is not known
   */
  record Backend(String ip, String pod) {}

  private final ApiClient api;

  Allocation(ApiClient api) {
    this.api = api;
  }

  static String serviceName(String cluster) {
    return "mc-" + cluster;
  }

  /**
   * Writes token, ports and Initialized into the given copy and puts that in place of whatever the
   * server has by now: only the resourceVersion is fresh, so what others wrote since the copy was
   * made is lost.
   *
   * @param shape what the writing program keeps of an object
   */
  Optional<ObjectNode> put(
      ObjectNode copy, int port, Backend tower, UnaryOperator<ObjectNode> shape) {
    String name = Json.name(copy);
    String clusterIp = ensureService(name, port, tower);
    ObjectNode written = shape.apply(copy.deepCopy());
    ObjectNode connection = Json.at(written, "spec", "connection");
    if (connection.path("token").asText().isEmpty()) {
      byte[] random = new byte[32];
      RANDOM.nextBytes(random);
      connection.put("token", HexFormat.of().formatHex(random));
    }
    connection.put("kubernetesAPIServerPort", port);
    connection.put("kubesphereAPIServerPort", port + 10_000);
    connection.put("kubernetesAPIEndpoint", "https://" + clusterIp + ":6443");
    connection.put("kubesphereAPIEndpoint", "http://" + clusterIp + ":80");
    ClusterObject.condition(
        written, "Initialized", true, "Initialized", "Cluster has been initialized");
    for (int attempt = 1; ; attempt++) {
      Optional<ObjectNode> fresh = api.find(Definitions.CLUSTER, null, name);
      if (fresh.isEmpty()
          || !Json.uid(fresh.get()).equals(Json.uid(copy))
          || Json.isBeingDeleted(fresh.get())) {
        return Optional.empty();
      }
      Json.at(written, "metadata")
          .set("resourceVersion", fresh.get().path("metadata").path("resourceVersion"));
      try {
        return Optional.of(api.update(Definitions.CLUSTER, written));
      } catch (ApiException e) {
        if (!e.isConflict() || attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  /** Makes or moves Service mc-NAME and its endpoints; returns the cluster address. */
  String ensureService(String cluster, int port, Backend tower) {
    String name = serviceName(cluster);
    ObjectNode service = Json.object();
    ObjectNode metadata = service.putObject("metadata");
    metadata.put("name", name).put("namespace", ClusterObject.NAMESPACE);
    metadata.putObject("labels").put("app", name).put("app.kubernetes.io/name", name);
    ObjectNode spec = service.putObject("spec");
    ports(spec, port, true);
    spec.putObject("selector").put("app", "tower").put("app.kubernetes.io/name", "tower");
    ObjectNode stored;
    try {
      stored = api.create(Kind.SERVICE, service);
    } catch (ApiException e) {
      if (!e.alreadyExists()) {
        throw e;
      }
      ObjectNode patch = Json.object();
      ports(patch.putObject("spec"), port, true);
      stored = api.mergePatch(Kind.SERVICE, ClusterObject.NAMESPACE, name, patch);
    }
    ensureEndpoints(cluster, port, tower);
    String address = stored.path("spec").path("clusterIP").asText();
    return address.isEmpty() ? "10.96." + port / 256 % 256 + "." + port % 256 : address;
  }

  /**
   * Nobody else fills endpoints here, and a Service without them cannot be reached through the API
   * server.
   */
  void ensureEndpoints(String cluster, int port, Backend tower) {
    ObjectNode endpoints = Json.object();
    ObjectNode metadata = endpoints.putObject("metadata");
    metadata.put("name", serviceName(cluster)).put("namespace", ClusterObject.NAMESPACE);
    ObjectNode subset = endpoints.putArray("subsets").addObject();
    ObjectNode address = subset.putArray("addresses").addObject().put("ip", tower.ip());
    if (!tower.pod().isEmpty()) {
      // Without it an API server does not forward to the address.
      ObjectNode target = address.putObject("targetRef");
      target.put("kind", "Pod").put("namespace", ClusterObject.NAMESPACE).put("name", tower.pod());
    }
    ports(subset, port, false);
    try {
      api.create(Kind.ENDPOINTS, endpoints);
    } catch (ApiException e) {
      if (!e.alreadyExists()) {
        throw e;
      }
      ObjectNode patch = Json.object();
      patch.set("subsets", endpoints.get("subsets"));
      api.mergePatch(Kind.ENDPOINTS, ClusterObject.NAMESPACE, serviceName(cluster), patch);
    }
  }

  boolean removeService(String cluster) {
    api.delete(Kind.ENDPOINTS, ClusterObject.NAMESPACE, serviceName(cluster));
    return api.delete(Kind.SERVICE, ClusterObject.NAMESPACE, serviceName(cluster));
  }

  private static void ports(ObjectNode holder, int port, boolean ofService) {
    ArrayNode ports = holder.putArray("ports");
    add(ports, "kubernetes", 6443, port, ofService);
    add(ports, "kubesphere", 80, port + 10_000, ofService);
  }

  private static void add(ArrayNode ports, String name, int port, int target, boolean ofService) {
    ObjectNode entry = ports.addObject();
    entry.put("name", name).put("protocol", "TCP").put("port", ofService ? port : target);
    if (ofService) {
      entry.put("targetPort", target);
    }
  }
}
