package dev.muster.testbed;

import static dev.muster.testbed.MusterAssert.assertThat;
import static dev.muster.testbed.RealFleet.API_SERVER;
import static dev.muster.testbed.RealFleet.HOST;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each supported release from role none to a joined member; 3.3 is the worked example's. */
@Timeout(180)
final class VersionsIT {
  private static final String RESTART =
      "host Deployment spec.template.metadata.annotations['muster.dev/restarted-for']";

  @ParameterizedTest
  @ValueSource(strings = {"3.0", "3.1", "3.2", "3.4"})
  void joinsAMember(String version) {
    try (RealFleet fleet = RealFleet.of(version).member("idc-1").start()) {
      fleet.declare(
          """
          host: {proxy: {address: "http://139.198.120.120:8080"}}
          members: [{name: idc-1}]
          """);
      Muster muster = fleet.muster();

      boolean restarts = version.compareTo("3.3") < 0;
      List<String> planned = PlannedChanges.in(muster.run("plan", "-o", "json"));
      assertThat(planned.contains(RESTART)).as("%s in %s", RESTART, planned).isEqualTo(restarts);
      assertThat(planned).hasSize(restarts ? 8 : 7);

      assertThat(muster.run("apply", "--yes")).exitsWith(0);

      assertThat(muster.run("plan", "--detailed-exitcode")).exitsWith(0);
      assertThat(muster.run("drift")).exitsWith(0);
      assertThat(conditions(fleet.registration("idc-1"))).contains("Ready", "AgentAvailable");
      JsonNode template = fleet.object(HOST, API_SERVER).at("/spec/template/metadata/annotations");
      assertThat(template.has("muster.dev/restarted-for")).isEqualTo(restarts);
    }
  }

  private static List<String> conditions(JsonNode cluster) {
    return cluster.at("/status/conditions").findParents("status").stream()
        .filter(condition -> condition.path("status").asText().equals("True"))
        .map(condition -> condition.path("type").asText())
        .toList();
  }
}
