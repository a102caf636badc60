package dev.muster.sandbox.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.muster.cli.RehearsalStage;
import dev.muster.problem.MusterException;
import dev.muster.sandbox.controller.env.KubeSphereVersion;
import dev.muster.sandbox.controller.env.LoadBalancer;
import dev.muster.sandbox.controller.env.Manifest;
import dev.muster.sandbox.controller.env.Role;
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

  private String versionText() {
    String label = configuration().at("/metadata/labels/version").asText();
    return label.isEmpty() ? configuration().at("/status/core/version").asText() : label;
  }

  KubeSphereVersion version() {
    String text = versionText();
    if (configuration().isMissingNode()
        && !object("ConfigMap", "kubesphere-config").isMissingNode()) {
      throw MusterException.of(
          "no recording of KubeSphere 4 can be played yet, and " + cluster.name() + " has it",
          "`muster apply --dry-run=client` works without a simulation");
    }
    try {
      return text.isEmpty() ? KubeSphereVersion.of("3.3") : KubeSphereVersion.of(text);
    } catch (IllegalArgumentException e) {
      throw MusterException.of(
          "the simulation does not know the KubeSphere of " + cluster.name() + ", " + text,
          "it plays 3.0 to 3.4; `muster apply --dry-run=client` works without a simulation");
    }
  }

  /** Its own, or the other's where it has none yet. */
  KubeSphereVersion versionOr(RecordedState other) {
    KubeSphereVersion own = version();
    return versionText().isEmpty() ? other.version() : own;
  }

  Role role() {
    if (configuration().isMissingNode()) {
      return Role.NOT_INSTALLED;
    }
    return switch (configuration().at("/spec/multicluster/clusterRole").asText()) {
      case "host" -> Role.HOST;
      case "member" -> Role.MEMBER;
      default -> Role.NONE;
    };
  }

  /** The secret behind the settings; empty when there are none. */
  String jwtSecret() {
    String text = object("ConfigMap", "kubesphere-config").at("/data/kubesphere.yaml").asText();
    return text.isEmpty() ? "" : Manifest.yaml(text).at("/authentication/jwtSecret").asText();
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
  List<String> joined() {
    return cluster.objects().stream()
        .filter(object -> object.path("kind").asText().equals("Cluster"))
        .filter(object -> object.at("/spec/connection/type").asText().equals("proxy"))
        .filter(object -> holds(object, "AgentAvailable"))
        .map(object -> object.at("/metadata/name").asText())
        .toList();
  }

  /** Whether the host showed a member as ready. */
  boolean ready(String member) {
    JsonNode object = object("Cluster", member);
    return holds(object, "Ready") && holds(object, "Federated");
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
