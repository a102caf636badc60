package dev.muster.sandbox.controller.multicluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.client.ApiClient;
import dev.muster.sandbox.client.Json;
import dev.muster.sandbox.client.Kind;
import dev.muster.sandbox.controller.cluster.ClusterObject;
import dev.muster.sandbox.controller.env.ClusterEndpoint;
import dev.muster.sandbox.controller.env.KubeSphereVersion;
import dev.muster.sandbox.controller.env.Manifest;
import dev.muster.sandbox.controller.env.YamlText;
import dev.muster.sandbox.controller.install.Definitions;
import dev.muster.sandbox.controller.workload.Program;
import dev.muster.sandbox.controller.workload.RunningPod;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The part of the simulated ks-apiserver that hands out the agent's manifest, with an address it
 * may remember for too long.
 */
public final class KsApiserver implements Program {
  private static final String NO_ADDRESS =
      "cannot generate agent deployment yaml for member cluster  because"
          + " tower.kubesphere-system.svc service has no public address, please check"
          + " tower.kubesphere-system.svc status, or set address  mannually in ClusterConfiguration";

  private final ApiClient api;
  private final KubeSphereVersion fallback;
  private @Nullable RunningPod pod;
  private String configText = "";
  private String cachedAddress = "";

  public KsApiserver(ClusterEndpoint host, KubeSphereVersion fallback) {
    this.api = host.api().as("ks-apiserver", "ks-apiserver");
    this.fallback = fallback;
  }

  /** An answer of the endpoint. */
  public record Answer(int status, String contentType, String body) {}

  @Override
  public synchronized void started(RunningPod newPod) {
    pod = newPod;
    configText = readConfig();
    cachedAddress = "";
  }

  @Override
  public synchronized void stopped() {
    pod = null;
  }

  /** GET /kapis/cluster.kubesphere.io/v1alpha1/clusters/NAME/agent/deployment. */
  public synchronized Answer agentDeployment(String name) {
    RunningPod current = pod;
    if (current == null) {
      return new Answer(503, "text/plain", "connection refused");
    }
    if (current.version().orElse(fallback).atLeast(3, 3)) {
      String now = readConfig();
      if (!now.equals(configText)) {
        configText = now;
        cachedAddress = "";
      }
    }
    Optional<ObjectNode> cluster = api.find(Definitions.CLUSTER, null, name);
    if (cluster.isEmpty()) {
      return missing("cluster.cluster.kubesphere.io \"" + name + "\" not found");
    }
    if (!ClusterObject.isProxy(cluster.get())) {
      return missing("cluster " + name + " is not using proxy connection");
    }
    ObjectNode settings = Manifest.yaml(configText);
    String address = address(settings.path("multicluster"));
    if (address.isEmpty()) {
      return missing(NO_ADDRESS);
    }
    String image = settings.path("multicluster").path("agentImage").asText("kubesphere/tower:v1.0");
    // Initialized is not asked for: a cluster without token gets an agent without one.
    Map<String, String> values =
        Map.of(
            "name", name,
            "token", ClusterObject.token(cluster.get()),
            "address", address,
            "image", image);
    ObjectNode deployment = Manifest.resource("seed/cluster-agent.yaml", values).get(0);
    return new Answer(200, "application/yaml", YamlText.of(deployment));
  }

  private String address(JsonNode multicluster) {
    String given = multicluster.path("proxyPublishAddress").asText();
    if (!given.isEmpty()) {
      return given;
    }
    if (!cachedAddress.isEmpty()) {
      return cachedAddress;
    }
    Optional<ObjectNode> service = api.find(Kind.SERVICE, ClusterObject.NAMESPACE, "tower");
    String found = "";
    JsonNode ingress =
        service
            .<JsonNode>map(s -> s.path("status").path("loadBalancer").path("ingress"))
            .orElse(Json.array());
    for (JsonNode entry : ingress) {
      String ip = entry.path("ip").asText();
      found = ip.isEmpty() ? entry.path("hostname").asText() : ip;
    }
    if (found.isEmpty() || service.isEmpty()) {
      return "";
    }
    int port = service.get().path("spec").path("ports").path(0).path("port").asInt();
    cachedAddress = "http://" + found + ":" + port;
    return cachedAddress;
  }

  private String readConfig() {
    return api.find(Kind.CONFIG_MAP, ClusterObject.NAMESPACE, "kubesphere-config")
        .map(map -> map.path("data").path("kubesphere.yaml").asText())
        .orElse("");
  }

  private static Answer missing(String text) {
    return new Answer(404, "text/plain", text);
  }
}
