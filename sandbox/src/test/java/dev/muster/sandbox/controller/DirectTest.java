package dev.muster.sandbox.controller;

import static dev.muster.sandbox.controller.Stage.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.client.Json;
import dev.muster.sandbox.client.Kind;
import dev.muster.sandbox.controller.cluster.HostKubeconfig;
import dev.muster.sandbox.controller.env.Role;
import dev.muster.sandbox.controller.env.Timing;
import dev.muster.sandbox.controller.install.Definitions;
import dev.muster.sandbox.server.http.SelfSignedCertificate;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What happens around a Cluster whose kubeconfig the host uses by itself. */
@Timeout(60)
final class DirectTest {
  private static final String FEDERATION = "kube-federation-system";
  private static final Duration LONG = Duration.ofDays(300);

  @Test
  void joinsWithTheKubeconfigAndSetsNeitherTokenNorPorts() {
    try (Stage stage = Stage.host("3.3", Role.MEMBER)) {
      stage.fleet.slowTokenSecrets(false);
      stage.create(direct(kubeconfig(stage, stage.server.token("m1"), LONG)), "m1");
      until("m1 is ready", () -> stage.holds("m1", "Ready") && stage.holds("m1", "Federated"));
      ObjectNode cluster = stage.cluster("m1");
      JsonNode connection = cluster.at("/spec/connection");
      assertThat(connection.has("token")).isFalse();
      assertThat(connection.has("kubernetesAPIServerPort")).isFalse();
      assertThat(connection.path("kubernetesAPIEndpoint").asText())
          .isEqualTo(stage.server.baseUrl("m1").toString());
      assertThat(cluster.at("/metadata/finalizers/0").asText())
          .isEqualTo("finalizer.cluster.kubesphere.io");
      assertThat(cluster.at("/status/uid").asText()).isEqualTo(stage.server.cluster("m1").uid());
      assertThat(stage.condition("m1", "AgentAvailable").isEmpty()).isTrue();
      assertThat(stage.condition("m1", "Initialized").isEmpty()).isTrue();
      assertThat(stage.api("m1").find(Kind.SERVICE_ACCOUNT, FEDERATION, "m1-kubesphere"))
          .isPresent();
      assertThat(stage.api("host").find(Kind.SERVICE, Stage.SYSTEM, "mc-m1")).isEmpty();
    }
  }

  @Test
  void tellsWhenTheCertificateRunsOut() {
    try (Stage stage = Stage.host("3.3", Role.MEMBER)) {
      stage.create(direct(kubeconfig(stage, stage.server.token("m1"), LONG)), "m1");
      until("m1 is ready", () -> stage.holds("m1", "Ready"));
      String type = "KubeConfigCertExpiresInSevenDays";
      assertThat(stage.denies("m1", type)).isTrue();
      Instant end = Instant.now().plus(LONG).truncatedTo(ChronoUnit.DAYS);
      assertThat(stage.condition("m1", type).path("message").asText())
          .startsWith(end.toString().substring(0, 10))
          .endsWith(" +0000 UTC");
      replace(stage, kubeconfig(stage, stage.server.token("m1"), Duration.ofDays(6)));
      until("it runs out soon", () -> stage.holds("m1", type));
      assertThat(stage.holds("m1", "Ready")).isTrue();
    }
  }

  @Test
  void neverFinishesIn33WithoutACertificateAndDoesIn34() {
    try (Stage stage = Stage.host("3.3", Role.MEMBER)) {
      stage.fleet.slowTokenSecrets(false);
      stage.create(direct(kubeconfig(stage, stage.server.token("m1"), Duration.ZERO)), "m1");
      until(
          "the reason is logged",
          () -> stage.log("host").stream().anyMatch(line -> line.contains("empty CertData")));
      assertThat(stage.cluster("m1").at("/status/conditions")).isEmpty();
    }
    try (Stage stage = Stage.host("3.4", Role.MEMBER)) {
      stage.create(direct(kubeconfig(stage, stage.server.token("m1"), Duration.ZERO)), "m1");
      until("m1 is ready", () -> stage.holds("m1", "Ready"));
      assertThat(stage.denies("m1", "KubeConfigCertExpiresInSevenDays")).isTrue();
    }
  }

  @Test
  void saysWhyAKubeconfigDoesNotWork() {
    try (Stage stage = Stage.host("3.3", Role.MEMBER, Role.MEMBER)) {
      stage.create(direct(kubeconfig(stage, "revoked", LONG)), "m1");
      assertFails(stage, "m1", "Unauthorized");
      String expired = kubeconfig(stage, stage.server.token("m1"), Duration.ofMinutes(-1));
      stage.create(direct(expired), "expired");
      assertFails(stage, "expired", "Unauthorized");
      stage.create(direct(kubeconfig(stage, "", Duration.ZERO)), "nobody");
      assertFails(stage, "nobody", "User \"system:anonymous\" cannot get resource");
      String elsewhere =
          HostKubeconfig.text(
              URI.create("https://elsewhere.example:6443"), Optional.empty(), "t", "", "");
      stage.create(direct(elsewhere), "m2");
      assertFails(
          stage,
          "m2",
          "Get \"https://elsewhere.example:6443/api/v1/namespaces/kube-federation-system\": dial tcp:"
              + " lookup elsewhere.example");
      stage.create(direct("no: kubeconfig"), "unreadable");
      until(
          "the log says so",
          () ->
              stage.log("host").stream()
                  .anyMatch(
                      line ->
                          line.contains(
                              "failed to create cluster config for unreadable: invalid")));
      assertThat(stage.cluster("unreadable").at("/status/conditions")).isEmpty();
    }
  }

  @Test
  void asksTheMemberBeforeAnUpdateIn34AndRefusesAnotherCluster() {
    try (Stage stage = Stage.host("3.4", Role.MEMBER, Role.MEMBER)) {
      stage.create(direct(kubeconfig(stage, stage.server.token("m1"), LONG)), "m1");
      until("the uid is known", () -> stage.cluster("m1").at("/status/uid").isTextual());
      String other =
          HostKubeconfig.text(
              stage.server.baseUrl("m2"), Optional.empty(), stage.server.token("m2"), "", "");
      assertThatThrownBy(() -> replace(stage, other))
          .hasMessageContaining("this kubeconfig corresponds to a different cluster");
      assertThatThrownBy(() -> replace(stage, kubeconfig(stage, "revoked", LONG)))
          .hasMessageContaining("denied the request: Unauthorized");
      assertThatThrownBy(() -> replace(stage, "no: kubeconfig"))
          .hasMessageContaining("failed to load cluster config for m1: ");
      replace(stage, kubeconfig(stage, stage.server.token("m1"), Duration.ofDays(100)));
    }
  }

  @Test
  void isNotAskedIn34WhileTheSelectorOfTheWebhookPausesIt() {
    try (Stage stage = Stage.host("3.4", Role.MEMBER)) {
      stage.create(direct(kubeconfig(stage, stage.server.token("m1"), LONG)), "m1");
      until("the uid is known", () -> stage.cluster("m1").at("/status/uid").isTextual());
      stage.server.cluster("m1").unavailable(true);
      ObjectNode label = Json.object();
      Json.at(label, "metadata", "labels").put("a", "b");
      assertThatThrownBy(() -> stage.api("host").mergePatch(Definitions.CLUSTER, null, "m1", label))
          .hasMessageContaining("admission webhook \"validating-cluster.kubesphere.io\" denied");
      stage.api("host").delete(Definitions.CLUSTER, null, "m1");
      Stage.pause(Timing.fast().resync().multipliedBy(2).toMillis());
      assertThat(Json.isBeingDeleted(stage.cluster("m1"))).isTrue();

      Kind webhooks =
          new Kind(
              "admissionregistration.k8s.io",
              "v1",
              "ValidatingWebhookConfiguration",
              "validatingwebhookconfigurations",
              false);
      ObjectNode configuration = stage.api("host").get(webhooks, null, "cluster.kubesphere.io");
      Json.at((ObjectNode) configuration.at("/webhooks/0"), "objectSelector", "matchLabels")
          .put("muster.dev/paused", "true");
      stage.api("host").update(webhooks, configuration);
      // Nobody tries again by himself: what is written now starts the controller's last step.
      stage.api("host").mergePatch(Definitions.CLUSTER, null, "m1", label);
      until("it is gone", () -> stage.api("host").find(Definitions.CLUSTER, null, "m1").isEmpty());
    }
  }

  private static void assertFails(Stage stage, String cluster, String reason) {
    until(cluster + " is refused", () -> stage.denies(cluster, "Federated"));
    assertThat(stage.condition(cluster, "Federated").path("reason").asText()).contains(reason);
    assertThat(stage.denies(cluster, "Ready")).isTrue();
  }

  private static void replace(Stage stage, String kubeconfig) {
    ObjectNode patch = Json.object();
    Json.at(patch, "spec", "connection").put("kubeconfig", base64(kubeconfig));
    stage.api("host").mergePatch(Definitions.CLUSTER, null, "m1", patch);
  }

  /** For m1; without certificate when it lasts no time at all. */
  private static String kubeconfig(Stage stage, String token, Duration lasts) {
    URI server = stage.server.baseUrl("m1");
    if (lasts.isZero()) {
      return HostKubeconfig.text(server, Optional.empty(), token, "", "");
    }
    Instant end = Instant.now().plus(lasts);
    SelfSignedCertificate client = SelfSignedCertificate.create(end.minus(Duration.ofDays(1)), end);
    return HostKubeconfig.text(server, Optional.empty(), token, client.pem(), client.keyPem());
  }

  private static String direct(String kubeconfig) {
    return "{joinFederation: true, enable: true, connection: {type: direct, kubeconfig: "
        + base64(kubeconfig)
        + "}}";
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
