package dev.muster.testbed;

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
    }
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
