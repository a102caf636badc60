package dev.muster.testbed;

import static dev.muster.testbed.MusterAssert.assertThat;
import static dev.muster.testbed.RealFleet.API_SERVER;
import static dev.muster.testbed.RealFleet.HOST;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each supported release from role none to a joined member; 3.3 is the worked example's. */
@Timeout(180)
final class VersionsIT {
  private static final String ANNOTATIONS = "/spec/template/metadata/annotations";
  private static final String RESTARTED = "muster.dev/restarted-for";
  private static final String RESTART =
      "host Deployment spec.template.metadata.annotations['" + RESTARTED + "']";

  @ParameterizedTest
  @ValueSource(strings = {"3.0", "3.1", "3.2"})
  void joinsAMember(String version) {
    try (RealFleet fleet = fleet(version)) {
      List<String> planned = PlannedChanges.in(fleet.muster().run("plan", "-o", "json"));
      assertThat(planned).hasSize(8).contains(RESTART);

      assertJoins(fleet);

      assertThat(fleet.object(HOST, API_SERVER).at(ANNOTATIONS).has(RESTARTED)).isTrue();
    }
  }

  /** There a webhook freezes the conditions of a member that is lost: all of them stay True. */
  @Test
  void joinsAMemberOf34AndNoticesThatItIsLost() {
    try (RealFleet fleet = fleet("3.4")) {
      List<String> planned = PlannedChanges.in(fleet.muster().run("plan", "-o", "json"));
      assertThat(planned).hasSize(7).doesNotContain(RESTART);

      assertJoins(fleet);

      assertThat(fleet.object(HOST, API_SERVER).at(ANNOTATIONS).has(RESTARTED)).isFalse();
      fleet.simulated().stopAgent("idc-1");
      Api.Reply refused =
          fleet
              .host()
              .api()
              .mergePatch(
                  RealFleet.registrationPath("idc-1"), "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}");
      assertThat(refused.text()).contains("validating-cluster.kubesphere.io");
      assertThat(conditions(fleet.registration("idc-1"))).contains("Ready", "AgentAvailable");
      assertThat(fleet.muster().run("drift"))
          .exitsWith(2)
          .says("no answer through Service mc-idc-1 yet: ");

      fleet.simulated().startAgent("idc-1");
      RealFleet.until("idc-1 is back", () -> fleet.muster().run("drift").exit() == 0);
    }
  }

  private static RealFleet fleet(String version) {
    RealFleet fleet = RealFleet.of(version).member("idc-1").start();
    fleet.declare(
        """
        host: {proxy: {address: "http://139.198.120.120:8080"}}
        members: [{name: idc-1}]
        """);
    return fleet;
  }

  private static void assertJoins(RealFleet fleet) {
    assertThat(fleet.muster().run("apply", "--yes")).exitsWith(0);

    assertThat(fleet.muster().run("plan", "--detailed-exitcode")).exitsWith(0);
    assertThat(fleet.muster().run("drift")).exitsWith(0);
    assertThat(conditions(fleet.registration("idc-1"))).contains("Ready", "AgentAvailable");
  }

  private static List<String> conditions(JsonNode cluster) {
    return cluster.at("/status/conditions").findParents("status").stream()
        .filter(condition -> condition.path("status").asText().equals("True"))
        .map(condition -> condition.path("type").asText())
        .toList();
  }
}
