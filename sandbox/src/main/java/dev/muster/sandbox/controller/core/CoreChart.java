package dev.muster.sandbox.controller.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.client.ApiClient;
import dev.muster.sandbox.client.Json;
import dev.muster.sandbox.client.Kind;
import dev.muster.sandbox.controller.env.KubeSphereVersion;
import dev.muster.sandbox.controller.env.Manifest;
import dev.muster.sandbox.controller.install.JwtSecret;
import dev.muster.sandbox.controller.install.Kubectl;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;

/** The Helm chart ks-core: what a release of it makes in a cluster. */
public final class CoreChart {
  static final String NAMESPACE = "kubesphere-system";
  static final String AGENT = "ks-agent";
  private static final String RELEASE = "sh.helm.release.v1.ks-core.v";
  private static final String CONFIG = "kubesphere-config";
  private static final String KEY = "kubesphere.yaml";

  private final ApiClient api;
  private final KubeSphereVersion version;

  /**
   * @param version the chart's application version
   */
  public CoreChart(ApiClient api, KubeSphereVersion version) {
    this.api = api.as("helm", "helm");
    this.version = version;
  }

  /**
   * Installs the release or upgrades it; does not wait.
   *
   * @param values role, authentication.issuer.jwtSecret, hostClusterName, agent.replicaCount; what
   *     is missing is taken from an earlier configuration, else it has a default
   */
  public void install(JsonNode values) {
    Kubectl kubectl = new Kubectl(api);
    kubectl.ensure("seed/common.yaml", Map.of());
    JsonNode before = settings();
    String role = role(values, before);
    String text = config(role, values, before);
    String checksum = checksum(text);
    writeConfig(text);
    boolean member = role.equals("member");
    Map<String, String> filled =
        Map.of(
            "version",
            version.tag(),
            "checksum",
            checksum,
            "replicas",
            values.path("agent").path("replicaCount").asText("1"));
    String resource = member ? "seed/core-4-member.yaml" : "seed/core-4-host.yaml";
    kubectl.ensure(resource, filled);
    for (ObjectNode object : Manifest.resource(resource, filled)) {
      if (object.path("kind").asText().equals("Deployment")) {
        upgrade(object);
      }
    }
    record();
  }

  private static String role(JsonNode values, JsonNode before) {
    String given = values.path("role").asText();
    if (!given.isEmpty()) {
      return given;
    }
    String known = before.path("multicluster").path("clusterRole").asText();
    return known.isEmpty() || known.equals("none") ? "host" : known;
  }

  private static String config(String role, JsonNode values, JsonNode before) {
    String secret = values.at("/authentication/issuer/jwtSecret").asText();
    for (String place :
        new String[] {"/authentication/jwtSecret", "/authentication/issuer/jwtSecret"}) {
      secret = secret.isEmpty() ? before.at(place).asText() : secret;
    }
    String hostName = values.path("hostClusterName").asText();
    hostName = hostName.isEmpty() ? before.at("/multicluster/hostClusterName").asText() : hostName;
    return Manifest.text(
        "seed/core-4-config.yaml",
        Map.of(
            "role",
            role,
            "jwtSecret",
            secret.isEmpty() ? JwtSecret.random(32) : secret,
            "maxAge",
            role.equals("member") ? "0s" : "2h0m0s",
            "hostClusterName",
            hostName.isEmpty() ? "host" : hostName));
  }

  /** What the cluster's configuration says at present; empty when it has none. */
  JsonNode settings() {
    return api.find(Kind.CONFIG_MAP, NAMESPACE, CONFIG)
        .map(map -> Manifest.yaml(map.path("data").path(KEY).asText()))
        .orElse(Json.object());
  }

  private void writeConfig(String text) {
    ObjectNode map = Json.object();
    Json.at(map, "metadata").put("name", CONFIG).put("namespace", NAMESPACE);
    Json.at(map, "data").put(KEY, text);
    Json.at(map, "metadata", "labels").put("app.kubernetes.io/managed-by", "Helm");
    Json.at(map, "metadata", "annotations").put("meta.helm.sh/release-name", "ks-core");
    if (!api.createIfAbsent(Kind.CONFIG_MAP, map)) {
      api.mergePatch(Kind.CONFIG_MAP, NAMESPACE, CONFIG, map);
    }
  }

  /** Only the image, the number of pods and the checksum of the configuration ever change. */
  private void upgrade(ObjectNode wanted) {
    ObjectNode patch = Json.object();
    ObjectNode spec = patch.putObject("spec");
    spec.set("replicas", wanted.at("/spec/replicas"));
    Json.at(spec, "template", "metadata", "annotations")
        .setAll((ObjectNode) wanted.at("/spec/template/metadata/annotations"));
    Json.at(spec, "template", "spec")
        .set("containers", wanted.at("/spec/template/spec/containers"));
    api.mergePatch(Kind.DEPLOYMENT, NAMESPACE, Json.name(wanted), patch);
  }

  /** Helm's own note of the release, without its content. */
  private void record() {
    int revision = 1;
    while (true) {
      Optional<ObjectNode> found = api.find(Kind.SECRET, NAMESPACE, RELEASE + revision);
      if (found.isEmpty()) {
        break;
      }
      ObjectNode superseded = Json.object();
      Json.at(superseded, "metadata", "labels").put("status", "superseded");
      api.mergePatch(Kind.SECRET, NAMESPACE, RELEASE + revision, superseded);
      revision++;
    }
    ObjectNode secret = Json.object();
    Json.at(secret, "metadata").put("name", RELEASE + revision).put("namespace", NAMESPACE);
    Json.at(secret, "metadata", "labels")
        .put("name", "ks-core")
        .put("owner", "helm")
        .put("status", "deployed")
        .put("version", String.valueOf(revision));
    secret.put("type", "helm.sh/release.v1");
    api.create(Kind.SECRET, secret);
  }

  private static String checksum(String text) {
    CRC32 crc = new CRC32();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return Long.toHexString(crc.getValue());
  }
}
