package dev.muster.sandbox.controller;

import static dev.muster.sandbox.controller.Stage.SYSTEM;
import static dev.muster.sandbox.controller.Stage.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.client.Json;
import dev.muster.sandbox.client.Kind;
import dev.muster.sandbox.controller.env.LoadBalancer;
import dev.muster.sandbox.controller.env.Role;
import dev.muster.sandbox.controller.env.Timing;
import dev.muster.sandbox.controller.install.Definitions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What happens around a Cluster object; the numbers are those of the list of surprises. */
@Timeout(60)
final class ImportTest {
  /** (1) */
  @Test
  void changesTokenAndPortOnceMoreAfterTheFirstInitialized() {
    try (Stage stage = Stage.host("3.3", Role.MEMBER)) {
      until("the controller is active", () -> stage.holds("host", "Ready"));
      List<ObjectNode> states = stage.record("host", Definitions.CLUSTER);
      stage.register("m1");
      stage.awaitStable("m1");
      String lasting = stage.cluster("m1").at("/spec/connection/token").asText();
      until("the watch tells of it", () -> tokens(states).anyMatch(lasting::equals));
      List<ObjectNode> initialized =
          states.stream()
              .filter(state -> Json.name(state).equals("m1"))
              .filter(state -> state.path("status").path("conditions").size() == 1)
              .toList();
      assertThat(tokens(initialized).distinct()).hasSize(2);
      assertThat(tokens(initialized).reduce((first, last) -> last))
          .contains(stage.cluster("m1").at("/spec/connection/token").asText());
      // Tower's first write took the finalizer away.
      assertThat(initialized.get(0).path("metadata").path("finalizers")).isEmpty();
    }
  }

  @Test
  void keepsATokenThatWasGivenButNotThePorts() {
    try (Stage stage = Stage.host("3.3", Role.MEMBER)) {
      stage.create(
          "{joinFederation: true, connection: {type: proxy, token: mine, kubernetesAPIServerPort: 1}}",
          "m1");
      stage.awaitStable("m1");
      JsonNode connection = stage.cluster("m1").at("/spec/connection");
      assertThat(connection.path("token").asText()).isEqualTo("mine");
      int port = connection.path("kubernetesAPIServerPort").asInt();
      assertThat(port).isBetween(6000, 7000);
      assertThat(connection.path("kubesphereAPIServerPort").asInt()).isEqualTo(port + 10_000);
      JsonNode service = stage.api("host").get(Kind.SERVICE, SYSTEM, "mc-m1");
      assertThat(service.at("/spec/ports/0/targetPort").asInt()).isEqualTo(port);
      assertThat(connection.path("kubernetesAPIEndpoint").asText())
          .isEqualTo("https://" + service.at("/spec/clusterIP").asText() + ":6443");
    }
  }

  /** (2) */
  @Test
  void handsOutAnAgentWithAnEmptyToken() {
    try (Stage stage = Stage.host("3.3")) {
      stage.create("{connection: {type: proxy}}", "nojoin");
      until(
          "the finalizer is there",
          () -> stage.cluster("nojoin").at("/metadata/finalizers/0").isTextual());
      until(
          "tower has its address",
          () -> stage.fleet.apiserver().agentDeployment("nojoin").status() == 200);
      assertThat(stage.fleet.apiserver().agentDeployment("nojoin").body()).contains("- --token=\n");
      assertThat(stage.cluster("nojoin").at("/spec/connection/token").isMissingNode()).isTrue();
      assertThat(stage.fleet.apiserver().agentDeployment("x").body())
          .isEqualTo("cluster.cluster.kubesphere.io \"x\" not found");
      assertThat(stage.fleet.apiserver().agentDeployment("host").body())
          .isEqualTo("cluster host is not using proxy connection");
    }
  }

  /** (3) and (5) */
  @Test
  void isNotReadyAfterTheAgentComesAndStaysReadyAfterItGoes() {
    try (Stage stage = Stage.host("3.3", Role.MEMBER)) {
      List<ObjectNode> states = stage.record("host", Definitions.CLUSTER);
      stage.join("m1", "m1");
      until(
          "the first try is told of",
          () ->
              states.stream()
                  .filter(state -> Json.name(state).equals("m1"))
                  .anyMatch(
                      state ->
                          reason(state, "Federated")
                              .equals("Key \"token\" not found in service account secret")));
      states.clear();
      stage.fleet.stopAgent("m1");
      until(
          "the agent is missed",
          () -> states.stream().anyMatch(state -> says(state, "AgentAvailable", "False")));
      ObjectNode missed =
          states.stream()
              .filter(state -> says(state, "AgentAvailable", "False"))
              .findFirst()
              .orElseThrow();
      assertThat(says(missed, "Ready", "True")).isTrue();
      assertThat(says(missed, "Federated", "True")).isTrue();
      until("the resync notices", () -> stage.denies("m1", "Ready"));
      assertThat(stage.condition("m1", "Federated").path("reason").asText())
          .isEqualTo(
              "an error on the server (\"\") has prevented the request from succeeding (get"
                  + " serviceaccounts m1-kubesphere)");
      stage.fleet.startAgent("m1");
      until(
          "all is well again",
          () -> stage.holds("m1", "Ready") && stage.holds("m1", "AgentAvailable"));
    }
  }

  /** (4) */
  @Test
  void freezesIn34WhileTheMemberIsUnreachable() {
    try (Stage stage = Stage.host("3.4", Role.MEMBER)) {
      stage.join("m1", "m1");
      // Tower's writes drop it for a moment, and without it the webhook asks nobody.
      until("the uid is there", () -> !stage.cluster("m1").at("/status/uid").asText().isEmpty());
      stage.fleet.stopAgent("m1");
      ObjectNode label = Json.object();
      Json.at(label, "metadata", "labels").put("a", "b");
      assertThatThrownBy(() -> stage.api("host").mergePatch(Definitions.CLUSTER, null, "m1", label))
          .hasMessageContaining(
              "admission webhook \"validating-cluster.kubesphere.io\" denied the request: Get \"https://");
      Stage.pause(Timing.fast().resync().multipliedBy(2).toMillis());
      assertThat(stage.holds("m1", "Ready") && stage.holds("m1", "AgentAvailable")).isTrue();
      stage.api("host").delete(Definitions.CLUSTER, null, "m1");
      Stage.pause(Timing.fast().resync().toMillis());
      assertThat(Json.isBeingDeleted(stage.cluster("m1"))).isTrue();
      stage.fleet.startAgent("m1");
      until("it is gone", () -> stage.api("host").find(Definitions.CLUSTER, null, "m1").isEmpty());
    }
  }

  /** (13) */
  @Test
  void acceptsAnotherSecretNoRoleAndASecondName() {
    try (Stage stage = Stage.host("3.3", Role.NONE)) {
      stage.join("m1", "m1");
      assertThat(stage.settings("m1").at("/authentication/jwtSecret"))
          .isNotEqualTo(stage.settings("host").at("/authentication/jwtSecret"));
      String uid = stage.cluster("m1").at("/status/uid").asText();
      assertThat(uid).isEqualTo(stage.server.cluster("m1").uid());
      stage.register("again");
      stage.awaitStable("again");
      stage.api("m1").delete(Kind.DEPLOYMENT, SYSTEM, "cluster-agent");
      stage.deployAgent("again", "m1");
      until("again is ready", () -> stage.holds("again", "Ready"));
      assertThat(stage.cluster("again").at("/status/uid").asText()).isEqualTo(uid);
      until(
          "the name flips",
          () -> stage.settings("m1").at("/multicluster/clusterName").asText().equals("again"));
    }
  }

  /** (14) and (15) */
  @Test
  void remembersTheAddressItFoundAndTakesTheLastEntry() {
    LoadBalancer two =
        LoadBalancer.of(
            new LoadBalancer.Ingress("203.0.113.1", ""),
            new LoadBalancer.Ingress("203.0.113.2", "lb.example"));
    try (Stage stage = Stage.hostWith("3.3", Timing.fast(), two, Role.MEMBER)) {
      stage.register("m1");
      stage.awaitStable("m1");
      until(
          "there is an address",
          () -> stage.fleet.apiserver().agentDeployment("m1").status() == 200);
      assertThat(stage.fleet.apiserver().agentDeployment("m1").body())
          .contains("--proxy-server=http://203.0.113.2:8080\n");
      stage.fleet.changeLoadBalancer(LoadBalancer.ip("203.0.113.77"));
      until(
          "the service moved",
          () ->
              stage
                  .api("host")
                  .get(Kind.SERVICE, SYSTEM, "tower")
                  .at("/status/loadBalancer/ingress/0/ip")
                  .asText()
                  .equals("203.0.113.77"));
      assertThat(stage.fleet.apiserver().agentDeployment("m1").body())
          .contains("http://203.0.113.2:8080");
    }
  }

  @Test
  void saysThatThereIsNoAddressWhileTheLoadBalancerIsPending() {
    try (Stage stage = Stage.hostWith("3.3", Timing.fast(), LoadBalancer.pending(), Role.MEMBER)) {
      stage.register("m1");
      stage.awaitStable("m1");
      assertThat(stage.fleet.apiserver().agentDeployment("m1").status()).isEqualTo(404);
      assertThat(stage.fleet.apiserver().agentDeployment("m1").body())
          .contains("has no public address");
      stage.configure("host", "{multicluster: {proxyPublishAddress: 'http://192.0.2.1:8080/'}}");
      stage.awaitRuns("host", 1);
      assertThat(stage.fleet.apiserver().agentDeployment("m1").body())
          .contains("--proxy-server=http://192.0.2.1:8080/\n");
    }
  }

  /** (16) */
  @Test
  void refusesAnEmptyKubeconfig() {
    try (Stage stage = Stage.host("3.3")) {
      assertThatThrownBy(
              () ->
                  stage.create(
                      "{joinFederation: true, connection: {type: proxy, kubeconfig: ''}}", "m1"))
          .hasMessageContaining("must be of type byte");
    }
  }

  /** (17) and (18) */
  @Test
  void losesAnEmptyProviderAndTheUidAndMovesItsTimesWithoutNews() {
    try (Stage stage = Stage.host("3.3", Role.MEMBER)) {
      stage.join("m1", "m1");
      assertThat(stage.cluster("m1").path("spec").has("provider")).isFalse();
      ObjectNode before = stage.cluster("m1");
      until(
          "a resync without news",
          () -> {
            ObjectNode now = stage.cluster("m1");
            return now.at("/metadata/generation").asInt()
                    > before.at("/metadata/generation").asInt()
                && !time(now, "Ready").equals(time(before, "Ready"))
                && now.path("spec").equals(before.path("spec"));
          });
      List<ObjectNode> states = stage.record("host", Definitions.CLUSTER);
      states.clear();
      stage.fleet.stopAgent("m1");
      until(
          "tower wrote",
          () -> states.stream().anyMatch(state -> says(state, "AgentAvailable", "False")));
      assertThat(
              states.stream().filter(state -> says(state, "AgentAvailable", "False")).findFirst())
          .hasValueSatisfying(state -> assertThat(state.path("status").has("uid")).isFalse());
    }
  }

  /** (19) */
  @Test
  void refusesAnAgentSilently() {
    try (Stage stage = Stage.host("3.3", Role.MEMBER)) {
      stage.register("m1");
      stage.awaitStable("m1");
      until(
          "there is an address",
          () -> stage.fleet.apiserver().agentDeployment("m1").status() == 200);
      ObjectNode agent =
          dev.muster.sandbox.controller.env.Manifest.yaml(
              stage
                  .fleet
                  .apiserver()
                  .agentDeployment("m1")
                  .body()
                  .replaceFirst("--token=.*", "--token=old"));
      stage.api("m1").create(Kind.DEPLOYMENT, agent);
      until(
          "it is refused again and again",
          () ->
              stage.log("m1").stream()
                      .filter(line -> line.contains("Unauthorized agent (Attempt: 3)"))
                      .count()
                  == 1);
      assertThat(stage.log("m1")).anyMatch(line -> line.endsWith("Retrying in 50ms..."));
      assertThat(
              stage
                  .api("m1")
                  .get(Kind.DEPLOYMENT, SYSTEM, "cluster-agent")
                  .at("/status/readyReplicas")
                  .asInt())
          .isEqualTo(1);
      assertThat(stage.cluster("m1").at("/status/conditions")).hasSize(1);
    }
  }

  /** (20) */
  @Test
  void leavesTheMembersSideAndNeedsTheNewTokenAfterAReturn() {
    try (Stage stage = Stage.host("3.3", Role.MEMBER)) {
      stage.join("m1", "m1");
      stage.api("host").delete(Definitions.CLUSTER, null, "m1");
      until("it is gone", () -> stage.api("host").find(Definitions.CLUSTER, null, "m1").isEmpty());
      until(
          "its service too", () -> stage.api("host").find(Kind.SERVICE, SYSTEM, "mc-m1").isEmpty());
      String federation = "kube-federation-system";
      assertThat(stage.api("host").find(Definitions.KUBE_FED_CLUSTER, federation, "m1")).isEmpty();
      assertThat(stage.api("host").find(Kind.SECRET, federation, "m1-secret")).isEmpty();
      assertThat(stage.api("m1").find(Kind.SERVICE_ACCOUNT, federation, "m1-kubesphere"))
          .isPresent();
      assertThat(stage.api("m1").find(Kind.DEPLOYMENT, SYSTEM, "cluster-agent")).isPresent();
      assertThat(stage.settings("m1").at("/multicluster/clusterName").asText()).isEqualTo("m1");
      stage.register("m1");
      stage.awaitStable("m1");
      // The old session lives on and says nothing about the new object.
      assertThat(stage.condition("m1", "AgentAvailable")).isEmpty();
      stage.fleet.stopAgent("m1");
      until("the last session ended", () -> stage.denies("m1", "AgentAvailable"));
      stage.fleet.startAgent("m1");
      until(
          "the old token is refused",
          () -> stage.log("m1").stream().anyMatch(l -> l.contains("Unauthorized")));
      stage.api("m1").delete(Kind.DEPLOYMENT, SYSTEM, "cluster-agent");
      stage.deployAgent("m1", "m1");
      until("ready again", () -> stage.holds("m1", "Ready") && stage.holds("m1", "AgentAvailable"));
    }
  }

  /** (25) */
  @Test
  void needsTheAccountKubesphereOnTheMember() {
    try (Stage stage = Stage.host("3.3", Role.NOT_INSTALLED)) {
      ObjectNode namespace = Json.object();
      namespace.putObject("metadata").put("name", SYSTEM);
      stage.api("m1").createIfAbsent(Kind.NAMESPACE, namespace);
      stage.register("m1");
      stage.awaitStable("m1");
      stage.deployAgent("m1", "m1");
      until(
          "the pod is forbidden",
          () ->
              stage
                  .api("m1")
                  .get(Kind.DEPLOYMENT, SYSTEM, "cluster-agent")
                  .at("/status/conditions/2/message")
                  .asText()
                  .contains("serviceaccount \"kubesphere\" not found"));
      ObjectNode account = Json.object();
      account.putObject("metadata").put("name", "kubesphere").put("namespace", SYSTEM);
      stage.api("m1").create(Kind.SERVICE_ACCOUNT, account);
      until("the agent is in", () -> stage.holds("m1", "AgentAvailable"));
    }
  }

  /** (26) */
  @Test
  void repeatsTheServersVersionHoweverOdd() {
    try (Stage stage = Stage.host("3.3")) {
      until("the host is ready", () -> stage.holds("host", "Ready"));
      assertThat(stage.cluster("host").at("/status/kubernetesVersion").asText())
          .isEqualTo(stage.api("host").serverVersion());
    }
  }

  private static Stream<String> tokens(List<ObjectNode> states) {
    return states.stream().map(state -> state.at("/spec/connection/token").asText());
  }

  private static JsonNode condition(JsonNode cluster, String type) {
    for (JsonNode condition : cluster.path("status").path("conditions")) {
      if (condition.path("type").asText().equals(type)) {
        return condition;
      }
    }
    return Json.object();
  }

  private static String reason(JsonNode cluster, String type) {
    return condition(cluster, type).path("reason").asText();
  }

  private static String time(JsonNode cluster, String type) {
    return condition(cluster, type).path("lastTransitionTime").asText();
  }

  private static boolean says(JsonNode cluster, String type, String status) {
    return Json.name(cluster).equals("m1")
        && condition(cluster, type).path("status").asText().equals(status);
  }
}
