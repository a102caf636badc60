package dev.muster.sandbox.controller;

import static dev.muster.sandbox.controller.Stage.SYSTEM;
import static dev.muster.sandbox.controller.Stage.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.client.Json;
import dev.muster.sandbox.client.Kind;
import dev.muster.sandbox.controller.cluster.HostKubeconfig;
import dev.muster.sandbox.controller.env.Role;
import dev.muster.sandbox.controller.install.Definitions;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** KubeSphere 4.1: a host that installs its members. */
@Timeout(60)
final class CoreTest {
  private static final String ANNOTATIONS = "/metadata/annotations/";

  @Test
  void hasNoInstallerAndShowsItsVersionAtTheDeployments() {
    try (Stage stage = Stage.host("4.1", Role.NOT_INSTALLED)) {
      until("the host is ready", () -> stage.holds("host", "Ready"));
      assertThat(Definitions.isServed(stage.api("host"), Definitions.CLUSTER_CONFIGURATION))
          .isFalse();
      ObjectNode apiserver = stage.api("host").get(Kind.DEPLOYMENT, SYSTEM, "ks-apiserver");
      assertThat(apiserver.at("/metadata/labels/version").asText()).isEqualTo("v4.1.3");
      assertThat(stage.settings("host").at("/authentication/issuer/jwtSecret").asText())
          .matches("[A-Za-z0-9]{32}");
      assertThat(stage.settings("host").at("/multicluster/clusterRole").asText()).isEqualTo("host");
      assertThat(stage.settings("host").at("/multicluster/hostClusterName").asText())
          .isEqualTo("host");
      assertThat(stage.cluster("host").at("/spec/connection/type").asText()).isEqualTo("direct");
      assertThat(stage.cluster("host").path("spec").has("joinFederation")).isFalse();
      assertThat(stage.api("m1").find(Kind.NAMESPACE, null, SYSTEM)).isEmpty();
    }
  }

  @Test
  void installsItsCoreIntoABareMemberWhoseKubeconfigWorks() {
    try (Stage stage = Stage.host("4.1", Role.NOT_INSTALLED)) {
      stage.create(direct(stage, "m1", ""), "m1");
      until("m1 is ready", () -> stage.holds("m1", "Ready"));
      assertThat(stage.condition("m1", "KSCoreReady").path("message").asText())
          .isEqualTo("KS Core is available now");
      assertThat(stage.condition("m1", "Ready").path("reason").asText()).isEqualTo("Ready");
      assertThat(stage.condition("m1", "Federated").isEmpty()).isTrue();
      ObjectNode agent = stage.api("m1").get(Kind.DEPLOYMENT, SYSTEM, "ks-agent");
      assertThat(agent.at("/metadata/labels/version").asText()).isEqualTo("v4.1.3");
      assertThat(stage.api("m1").find(Kind.DEPLOYMENT, SYSTEM, "ks-apiserver")).isEmpty();
      assertThat(stage.settings("m1").at("/authentication/issuer/jwtSecret"))
          .isEqualTo(stage.settings("host").at("/authentication/issuer/jwtSecret"));
      assertThat(stage.settings("m1").at("/multicluster/clusterRole").asText()).isEqualTo("member");
      until("m1 knows its name", () -> !annotation(stage, "cluster.kubesphere.io~1name").isEmpty());
      assertThat(annotation(stage, "cluster.kubesphere.io~1name")).isEqualTo("m1");
      assertThat(annotation(stage, "cluster.kubesphere.io~1host-cluster")).isEqualTo("host");
      ObjectNode cluster = stage.cluster("m1");
      assertThat(cluster.at("/status/uid").asText()).isEqualTo(stage.server.cluster("m1").uid());
      assertThat(cluster.at("/status/kubeSphereVersion").asText()).isEqualTo("v4.1.3");
      assertThat(cluster.at(ANNOTATIONS + "kubesphere.io~1config-hash").isTextual()).isTrue();
    }
  }

  @Test
  void upgradesTheReleaseWhenTheConfigurationChangesAndSyncsWhenAskedTo() {
    try (Stage stage = Stage.host("4.1", Role.NOT_INSTALLED)) {
      stage.create(direct(stage, "m1", ""), "m1");
      until("m1 is ready", () -> stage.holds("m1", "Ready"));
      String hash = cluster(stage, "kubesphere.io~1config-hash");
      ObjectNode patch = Json.object();
      Json.at(patch, "spec").put("config", base64("agent: {replicaCount: 2}\n"));
      stage.api("host").mergePatch(Definitions.CLUSTER, null, "m1", patch);
      until("it is upgraded", () -> !cluster(stage, "kubesphere.io~1config-hash").equals(hash));
      assertThat(
              stage.api("m1").get(Kind.DEPLOYMENT, SYSTEM, "ks-agent").at("/spec/replicas").asInt())
          .isEqualTo(2);
      assertThat(
              stage
                  .api("m1")
                  .get(Kind.SECRET, SYSTEM, "sh.helm.release.v1.ks-core.v2")
                  .at("/metadata/labels/status")
                  .asText())
          .isEqualTo("deployed");

      stage.api("m1").delete(Kind.DEPLOYMENT, SYSTEM, "ks-agent");
      ObjectNode sync = Json.object();
      Json.at(sync, "metadata", "annotations").put("kubesphere.io/syncAt", "now");
      stage.api("host").mergePatch(Definitions.CLUSTER, null, "m1", sync);
      until("it is missed", () -> stage.denies("m1", "Ready"));
      assertThat(stage.condition("m1", "Ready").path("reason").asText()).isEqualTo("Ready");
      assertThat(stage.condition("m1", "Ready").path("message").asText())
          .contains("no endpoints available");
      assertThat(stage.holds("m1", "KSCoreReady")).isTrue();
    }
  }

  @Test
  void saysWhyAKubeconfigDoesNotWorkAndGoesOnByItselfOnceItDoes() {
    try (Stage stage = Stage.host("4.1", Role.NOT_INSTALLED)) {
      String token = "comes-later-" + System.nanoTime();
      stage.create(spec(kubeconfig(stage, "m1", token), ""), "m1");
      until("it is refused", () -> stage.denies("m1", "Ready"));
      assertThat(stage.condition("m1", "Ready").path("message").asText())
          .isEqualTo("failed to get kube-system namespace for m1: Unauthorized");
      assertThat(stage.condition("m1", "KSCoreReady").isEmpty()).isTrue();
      stage.server.registerToken(token, "host");
      until("it is let in", () -> stage.holds("m1", "Ready"));
    }
  }

  @Test
  void takesItsNamesOffAReadyMemberAndLeavesTheCore() {
    try (Stage stage = Stage.host("4.1", Role.NOT_INSTALLED, Role.NOT_INSTALLED)) {
      for (String member : new String[] {"m1", "m2"}) {
        stage.create(direct(stage, member, ""), member);
        until(member + " is ready", () -> stage.holds(member, "Ready"));
      }
      until(
          "m1 knows its host",
          () -> !annotation(stage, "cluster.kubesphere.io~1host-cluster").isEmpty());
      stage.api("host").delete(Definitions.CLUSTER, null, "m1");
      until("it is gone", () -> stage.api("host").find(Definitions.CLUSTER, null, "m1").isEmpty());
      assertThat(annotation(stage, "cluster.kubesphere.io~1host-cluster")).isEmpty();
      assertThat(stage.api("m1").find(Kind.DEPLOYMENT, SYSTEM, "ks-agent")).isPresent();

      stage.server.cluster("m2").unavailable(true);
      stage.api("host").delete(Definitions.CLUSTER, null, "m2");
      until(
          "nothing waits for a dead member",
          () -> stage.api("host").find(Definitions.CLUSTER, null, "m2").isEmpty());
    }
  }

  private static String annotation(Stage stage, String key) {
    return stage.api("m1").get(Kind.NAMESPACE, null, SYSTEM).at(ANNOTATIONS + key).asText();
  }

  private static String cluster(Stage stage, String annotation) {
    return stage.cluster("m1").at(ANNOTATIONS + annotation).asText();
  }

  private static String direct(Stage stage, String member, String more) {
    return spec(kubeconfig(stage, member, stage.server.token(member)), more);
  }

  private static String kubeconfig(Stage stage, String member, String token) {
    return HostKubeconfig.text(stage.server.baseUrl(member), Optional.empty(), token, "", "");
  }

  private static String spec(String kubeconfig, String more) {
    return "{connection: {type: direct, kubeconfig: " + base64(kubeconfig) + "}" + more + "}";
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
