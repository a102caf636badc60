package dev.muster.testbed;

import static dev.muster.testbed.MusterAssert.assertThat;
import static dev.muster.testbed.RealFleet.AGENT;
import static dev.muster.testbed.RealFleet.HOST;
import static dev.muster.testbed.RealFleet.registrationPath;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Changes that are a leave and a join: of a name, and of the cluster behind a name. */
@Timeout(300)
final class RejoinIT {
  @Test
  void membersThatAreRenamed() {
    try (Lifecycle life =
        Lifecycle.of(RealFleet.of("3.3").loadBalancer("203.0.113.9").member("m1").member("m2"))) {
      life.prepared("host: {}\nmembers: [{name: m1}, {name: m2}]\n");
      String labels = "{\"metadata\": {\"labels\": {\"cost-centre\": \"4711\"}}}";
      life.fleet().edit(HOST, registrationPath("m2"), labels);

      life.change(named("m2", "east"))
          .planning(
              planned ->
                  assertThat(planned)
                      .containsExactly(
                          "host -Cluster/m2",
                          "host +Cluster/east",
                          "east +Deployment/cluster-agent"))
          .calling("m2", "east")
          .killedInTheMiddle(4);
      assertIs(life.fleet(), "east");

      life.change(named("east", "west")).calling("m2", "west").asPlanned();
      assertIs(life.fleet(), "west");

      life.change(named("west", "north")).calling("m2", "north").withUnreachable("m1");
      assertIs(life.fleet(), "north");
      life.change(named("north", "south")).calling("m2", "south").withUnreachable("m2");
      assertIs(life.fleet(), "south");
    }
  }

  @Test
  void clustersThatWereSetUpAnewAndAreAdopted() {
    try (Lifecycle life = Lifecycle.of(clusters("3.3"))) {
      life.prepared(behind("m2", "refuse"));
      String registered = uid(life.fleet(), "m2");
      lose(life.fleet(), "m2");
      assertRefused(life.fleet(), behind("n2", "refuse"), "another cluster than the one that is");

      life.change(behind("n2", "adopt"))
          .planning(
              planned ->
                  assertThat(planned)
                      .containsExactly(
                          "m2 ClusterConfiguration spec.authentication.jwtSecret",
                          "m2 ClusterConfiguration spec.multicluster.clusterRole",
                          "m2 +Deployment/cluster-agent"))
          .calling("n2", "m2")
          .asPlanned();
      lose(life.fleet(), "n2");
      life.change(behind("o2", "adopt")).calling("o2", "m2").killedInTheMiddle(1);
      lose(life.fleet(), "o2");
      life.change(behind("p2", "adopt")).calling("p2", "m2").withUnreachable("p2");

      assertThat(uid(life.fleet(), "m2")).isEqualTo(registered);
      assertThat(life.fleet().object("p2", AGENT).toString()).contains("--name=m2");
    }
  }

  @Test
  void clustersThatWereSetUpAnewAndAreRegisteredAnew() {
    try (Lifecycle life = Lifecycle.of(clusters("3.4"))) {
      life.prepared(behind("m2", "refuse"));
      String labels = "{\"metadata\": {\"labels\": {\"cost-centre\": \"4711\"}}}";
      life.fleet().edit(HOST, registrationPath("m2"), labels);
      String registered = uid(life.fleet(), "m2");
      lose(life.fleet(), "m2");
      assertRefused(life.fleet(), behind("n2", "refuse"), "another cluster than the one that is");
      assertRefused(life.fleet(), behind("n2", "adopt"), "takes no other cluster under the");

      life.change(behind("n2", "replace"))
          .planning(planned -> assertThat(planned).containsExactly(REPLACED))
          .calling("n2", "m2")
          .asPlanned();
      lose(life.fleet(), "n2");
      life.change(behind("o2", "replace")).calling("o2", "m2").killedInTheMiddle(4);
      lose(life.fleet(), "o2");
      life.change(behind("p2", "replace")).calling("p2", "m2").withUnreachable("p2");

      JsonNode registration = life.fleet().registration("m2");
      assertThat(registration.at("/metadata/labels/cost-centre").asText()).isEqualTo("4711");
      assertThat(uid(life.fleet(), "m2")).isNotEqualTo(registered);
      assertThat(life.fleet().object(HOST, RemovalIT.WEBHOOK).toString())
          .doesNotContain("muster.dev/paused");
    }
  }

  /** The webhook is kept from asking a cluster that is no more, for as long as it takes. */
  private static final String[] REPLACED = {
    "m2 ClusterConfiguration spec.authentication.jwtSecret",
    "m2 ClusterConfiguration spec.multicluster.clusterRole",
    "host ValidatingWebhookConfiguration webhooks[name=validating-cluster.kubesphere.io]"
        + ".objectSelector.matchLabels['muster.dev/paused']",
    "host -Cluster/m2",
    "host +Cluster/m2",
    "m2 +Deployment/cluster-agent",
    "host ValidatingWebhookConfiguration webhooks[name=validating-cluster.kubesphere.io]"
        + ".objectSelector.matchLabels['muster.dev/paused']"
  };

  /** Two members, and three clusters that are to come into the place of the second one. */
  private static RealFleet.Builder clusters(String version) {
    RealFleet.Builder fleet = RealFleet.of(version).loadBalancer("203.0.113.9");
    for (String cluster : new String[] {"m1", "m2", "n2", "o2", "p2"}) {
      fleet.member(cluster);
    }
    return fleet;
  }

  private static String behind(String cluster, String reinstalled) {
    return """
        host: {}
        members:
        - name: m1
        - name: m2
          reinstalled: %s
          access: {kubeconfig: {file: kubeconfig.yaml, context: %s}}
        """
        .formatted(reinstalled, cluster);
  }

  /** The cluster is gone, and its agent with it. */
  private static void lose(RealFleet fleet, String cluster) {
    fleet.simulated().stopAgent(cluster);
    fleet.cluster(cluster).stop();
  }

  private static String uid(RealFleet fleet, String member) {
    return fleet.registration(member).at("/metadata/uid").asText();
  }

  private static void assertRefused(RealFleet fleet, String topology, String words) {
    fleet.declare(topology);
    Requests earlier = fleet.requests();
    assertThat(fleet.muster().call("plan")).exitsWith(5).says(words);
    assertThat(fleet.muster().call("apply", "--yes")).exitsWith(5).says(words);
    assertThat(fleet.requests().after(earlier).writes()).isEmpty();
  }

  private static String named(String former, String name) {
    return """
        host: {}
        members:
        - name: m1
        - name: %s
          renamedFrom: %s
          access: {kubeconfig: {file: kubeconfig.yaml, context: m2}}
        """
        .formatted(name, former);
  }

  private static void assertIs(RealFleet fleet, String name) {
    JsonNode registration = fleet.registration(name);
    assertThat(registration.at("/metadata/labels/cost-centre").asText()).isEqualTo("4711");
    assertThat(fleet.object("m2", AGENT).toString()).contains("--name=" + name);
  }
}
