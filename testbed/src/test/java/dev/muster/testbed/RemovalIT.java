package dev.muster.testbed;

import static dev.muster.testbed.MusterAssert.assertThat;
import static dev.muster.testbed.RealFleet.AGENT;
import static dev.muster.testbed.RealFleet.CONFIGURATION;
import static dev.muster.testbed.RealFleet.HOST;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.sandbox.controller.env.Role;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Members leave: as declared, and those that are lost; the host after the last of them. */
@Timeout(300)
final class RemovalIT {
  static final String WEBHOOK =
      "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/cluster.kubesphere.io";

  @Test
  void membersAndTheHostAfterThem() {
    RealFleet.Builder fleet = RealFleet.of("3.3").loadBalancer("203.0.113.9");
    for (String member : new String[] {"m1", "m2", "m3"}) {
      fleet.member(member, Role.NONE);
    }
    try (Lifecycle life = Lifecycle.of(fleet)) {
      life.prepared("host: {}\nmembers: [{name: m1}, {name: m2}, {name: m3}]\n");

      life.change("host: {}\nmembers: [{name: m1}, {name: m2}, {name: m3, state: absent}]\n")
          .planning(
              planned ->
                  assertThat(planned)
                      .containsExactly(
                          "host -Cluster/m3",
                          "m3 -Deployment/cluster-agent",
                          "m3 ClusterConfiguration spec.multicluster.clusterRole",
                          "m3 Namespace metadata.labels['kubesphere.io/workspace']",
                          "m3 Namespace metadata.ownerReferences",
                          "m3 Namespace metadata.labels['kubesphere.io/workspace']",
                          "m3 Namespace metadata.ownerReferences"))
          .killedInTheMiddle(3);
      assertGone(life.fleet(), "m3");

      life.change(
              "host: {}\nmembers: [{name: m1}, {name: m2, state: absent}, {name: m3, state: absent}]\n")
          .withUnreachable("m2");
      assertGone(life.fleet(), "m2");

      life.change("host: {state: absent}\nmembers: [{name: m1, state: absent}]\n").asPlanned();
      assertGone(life.fleet(), "m1");
      assertThat(role(life.fleet(), HOST)).isEqualTo("none");
    }
  }

  @Test
  void membersThatAreLostBehindTheWebhook() {
    RealFleet.Builder fleet =
        RealFleet.of("3.4").loadBalancer("203.0.113.9").member("m1").member("m2").member("m3");
    try (Lifecycle life = Lifecycle.of(fleet)) {
      life.prepared("host: {}\nmembers: [{name: m1}, {name: m2}, {name: m3}]\n");
      life.fleet().cluster("m2").stop();

      life.change(lost("m2", "{name: m3}")).killedInTheMiddle(1);
      assertThat(life.fleet().registration("m2").isMissingNode()).isTrue();
      assertThat(paused(life.fleet())).isFalse();

      life.fleet().cluster("m3").stop();
      life.change(lost("m2", "{name: m3, state: absent, lost: true}")).asPlanned();
      assertThat(life.fleet().registration("m3").isMissingNode()).isTrue();
      assertThat(life.fleet().registration("m1").isMissingNode()).isFalse();
      assertThat(paused(life.fleet())).isFalse();
    }
  }

  private static String lost(String member, String other) {
    return "host: {}\nmembers: [{name: m1}, {name: %s, state: absent, lost: true}, %s]\n"
        .formatted(member, other);
  }

  private static boolean paused(RealFleet fleet) {
    JsonNode selector = fleet.object(HOST, WEBHOOK).at("/webhooks/0/objectSelector/matchLabels");
    return selector.has("muster.dev/paused");
  }

  private static void assertGone(RealFleet fleet, String member) {
    assertThat(fleet.registration(member).isMissingNode()).as("Cluster " + member).isTrue();
    assertThat(fleet.object(member, AGENT).isMissingNode()).as("agent of " + member).isTrue();
    assertThat(role(fleet, member)).isEqualTo("none");
    for (JsonNode namespace : fleet.object(member, "/api/v1/namespaces").path("items")) {
      JsonNode metadata = namespace.path("metadata");
      assertThat(metadata.path("labels").has("kubesphere.io/workspace")).isFalse();
      assertThat(metadata.has("ownerReferences")).isFalse();
    }
  }

  private static String role(RealFleet fleet, String cluster) {
    return fleet.object(cluster, CONFIGURATION).at("/spec/multicluster/clusterRole").asText();
  }
}
