package dev.muster.testbed;

import static dev.muster.testbed.RealFleet.HOST;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.controller.cluster.HostKubeconfig;
import dev.muster.sandbox.controller.env.Role;
import dev.muster.sandbox.server.http.SelfSignedCertificate;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** That the simulated controllers treat direct members as they should, without muster. */
@Timeout(180)
final class DirectStandInIT {
  private static final String WEBHOOK =
      "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/cluster.kubesphere.io";

  @Test
  void joinsAndIsFrozenOn34WhileTheMemberIsAwayUnlessTheWebhookIsPaused() {
    try (RealFleet fleet =
        RealFleet.of("3.4")
            .host(setup -> setup.withRole(Role.HOST))
            .member("idc-1", Role.MEMBER)
            .start()) {
      register(fleet);
      RealFleet.until("idc-1 is ready", () -> condition(fleet, "Ready").equals("True"));
      JsonNode cluster = fleet.registration("idc-1");
      assertThat(cluster.at("/spec/connection/kubernetesAPIEndpoint").asText())
          .isEqualTo(fleet.cluster("idc-1").url().toString());
      assertThat(cluster.at("/spec/connection").has("token")).isFalse();
      assertThat(condition(fleet, "KubeConfigCertExpiresInSevenDays")).isEqualTo("False");

      fleet.cluster("idc-1").stop();
      assertThat(label(fleet).status()).isGreaterThanOrEqualTo(400);
      fleet.host().api().delete(RealFleet.registrationPath("idc-1")).ok();
      assertThat(fleet.registration("idc-1").at("/metadata").has("deletionTimestamp")).isTrue();

      pause(fleet);
      // The API server reads its webhooks from a cache of its own.
      RealFleet.until("the webhook is paused", () -> gone(fleet) || label(fleet).status() == 200);
      RealFleet.until("idc-1 is gone", () -> gone(fleet));
    }
  }

  private static boolean gone(RealFleet fleet) {
    return fleet.registration("idc-1").isMissingNode();
  }

  private static void pause(RealFleet fleet) {
    ObjectNode configuration = (ObjectNode) fleet.object(HOST, WEBHOOK);
    ((ObjectNode) configuration.at("/webhooks/0/objectSelector"))
        .putObject("matchLabels")
        .put("muster.dev/paused", "true");
    String patch = "{\"webhooks\":%s}".formatted(configuration.path("webhooks"));
    fleet.host().api().mergePatch(WEBHOOK, patch).ok();
  }

  private static Api.Reply label(RealFleet fleet) {
    String patch = "{\"metadata\":{\"labels\":{\"a\":\"%s\"}}}".formatted(System.nanoTime());
    return fleet.host().api().mergePatch(RealFleet.registrationPath("idc-1"), patch);
  }

  private static void register(RealFleet fleet) {
    Instant end = Instant.now().plus(Duration.ofDays(200));
    SelfSignedCertificate client = SelfSignedCertificate.create(end.minus(Duration.ofDays(1)), end);
    TestCluster member = fleet.cluster("idc-1");
    String kubeconfig =
        HostKubeconfig.text(
            member.url(),
            Optional.of(fleet.servers().certificate()),
            member.token(),
            client.pem(),
            client.keyPem());
    String object =
        """
        apiVersion: cluster.kubesphere.io/v1alpha1
        kind: Cluster
        metadata: {name: idc-1}
        spec: {enable: true, joinFederation: true, connection: {type: direct, kubeconfig: %s}}
        """;
    String encoded =
        Base64.getEncoder().encodeToString(kubeconfig.getBytes(StandardCharsets.UTF_8));
    fleet.host().api().create(Crd.clusters("3.4").path(), object.formatted(encoded)).ok();
  }

  private static String condition(RealFleet fleet, String type) {
    for (JsonNode condition : fleet.registration("idc-1").at("/status/conditions")) {
      if (condition.path("type").asText().equals(type)) {
        return condition.path("status").asText();
      }
    }
    return "";
  }
}
