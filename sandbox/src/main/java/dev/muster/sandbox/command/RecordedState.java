package dev.muster.sandbox.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.muster.problem.MusterException;
import dev.muster.sandbox.controller.env.KubeSphereVersion;
import dev.muster.sandbox.controller.env.LoadBalancer;
import dev.muster.sandbox.controller.env.Manifest;
import dev.muster.sandbox.controller.env.Role;
import dev.muster.session.RehearsalStage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the recorded objects of a cluster say of its KubeSphere. */
record RecordedState(RehearsalStage.RecordedCluster cluster) {

  private JsonNode object(String kind, String name) {
    return cluster.objects().stream()
        .filter(
            object ->
                object.path("kind").asText().equals(kind)
                    && object.at("/metadata/name").asText().equals(name))
        .findFirst()
        .orElseGet(MissingNode::getInstance);
  }

  private JsonNode configuration() {
    return object("ClusterConfiguration", "ks-installer");
  }

  /** As the plan finds it: what is left of 3.x on a host of 4.x says the old version. */
  private String versionText() {
    String chart = object("Deployment", "ks-apiserver").at("/metadata/labels/version").asText();
    if (chart.matches("v?4[.].*")) {
      return chart;
    }
    String label = configuration().at("/metadata/labels/version").asText();
    String text = label.isEmpty() ? configuration().at("/status/core/version").asText() : label;
    // A member of 4.x has no ks-apiserver.
    return text.isEmpty() && !settings().path("extension").isMissingNode() ? "4.1" : text;
  }

  KubeSphereVersion version() {
    String text = versionText();
    try {
      return text.isEmpty() ? KubeSphereVersion.of("3.3") : KubeSphereVersion.of(text);
    } catch (IllegalArgumentException e) {
      throw MusterException.of(
          "the simulation does not know the KubeSphere of " + cluster.name() + ", " + text,
          "it plays 3.0 to 3.4 and 4.1; `muster apply --dry-run=client` works without a simulation");
    }
  }

  /** Its own, or the other's where it has none yet. */
  KubeSphereVersion versionOr(RecordedState other) {
    KubeSphereVersion own = version();
    return versionText().isEmpty() ? other.version() : own;
  }

  Role role() {
    boolean core = versionText().matches("v?4[.].*");
    if (!core && configuration().isMissingNode()) {
      return Role.NOT_INSTALLED;
    }
    String role =
        (core ? settings() : configuration().path("spec")).at("/multicluster/clusterRole").asText();
    return switch (role) {
      case "host" -> Role.HOST;
      case "member" -> Role.MEMBER;
      default -> Role.NONE;
    };
  }

  private JsonNode settings() {
    String text = object("ConfigMap", "kubesphere-config").at("/data/kubesphere.yaml").asText();
    return text.isEmpty() ? MissingNode.getInstance() : Manifest.yaml(text);
  }

  /** The secret behind the settings; empty when there are none. */
  String jwtSecret() {
    String secret = settings().at("/authentication/jwtSecret").asText();
    return secret.isEmpty() ? settings().at("/authentication/issuer/jwtSecret").asText() : secret;
  }

  boolean openElb() {
    return !object("CustomResourceDefinition", "eips.network.kubesphere.io").isMissingNode();
  }

  /** What Service tower has of it; empty when there is no such Service yet. */
  Optional<LoadBalancer> loadBalancer() {
    JsonNode tower = object("Service", "tower");
    if (tower.isMissingNode()) {
      return Optional.empty();
    }
    List<LoadBalancer.Ingress> entries = new ArrayList<>();
    tower
        .at("/status/loadBalancer/ingress")
        .forEach(
            entry ->
                entries.add(
                    new LoadBalancer.Ingress(
                        entry.path("ip").asText(), entry.path("hostname").asText())));
    return Optional.of(new LoadBalancer(entries));
  }

  /** Deployments that had a ready pod. */
  List<String> running() {
    return cluster.objects().stream()
        .filter(object -> object.path("kind").asText().equals("Deployment"))
        .filter(object -> object.at("/status/readyReplicas").asInt() > 0)
        .map(object -> object.at("/metadata/name").asText())
        .toList();
  }

  /** Names of members whose agent was connected. */
  List<String> connected() {
    return cluster.objects().stream()
        .filter(object -> object.path("kind").asText().equals("Cluster"))
        .filter(object -> object.at("/spec/connection/type").asText().equals("proxy"))
        .filter(object -> holds(object, "AgentAvailable"))
        .map(object -> object.at("/metadata/name").asText())
        .toList();
  }

  /** The token of a member's Cluster, or what stands for it. */
  String token(String member) {
    return object("Cluster", member).at("/spec/connection/token").asText();
  }

  /** Whether the agent here runs with that token. */
  boolean agentHas(String token) {
    return object("Deployment", "cluster-agent").toString().contains("\"--token=" + token + "\"");
  }

  /** Names of members that the host showed as joined. */
  List<String> joined() {
    return cluster.objects().stream()
        .filter(object -> object.path("kind").asText().equals("Cluster"))
        .filter(RecordedState::joined)
        .map(object -> object.at("/metadata/name").asText())
        .toList();
  }

  /** Whether a host shows a member as joined. */
  static boolean joined(JsonNode object) {
    boolean proxy = object.at("/spec/connection/type").asText().equals("proxy");
    return holds(object, "Ready")
        && (holds(object, "Federated") || holds(object, "KSCoreReady"))
        && (!proxy || holds(object, "AgentAvailable"));
  }

  private static boolean holds(JsonNode object, String type) {
    for (JsonNode condition : object.at("/status/conditions")) {
      if (condition.path("type").asText().equals(type)) {
        return condition.path("status").asText().equals("True");
      }
    }
    return false;
  }
}
