package dev.muster.testbed;

import static dev.muster.testbed.MusterAssert.assertThat;
import static dev.muster.testbed.RealFleet.AGENT;
import static dev.muster.testbed.RealFleet.CONFIGURATION;
import static dev.muster.testbed.RealFleet.HOST;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.sandbox.controller.SimulatedFleet;
import dev.muster.sandbox.controller.env.Role;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/**
 * A host on which nothing is installed and whose load balancer works; a member that is installed,
 * one that is not, and one that cannot be reached at first. One story, told in order.
 */
@Timeout(180)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class FleetIT {
  @SuppressWarnings("NullAway.Init")
  private static RealFleet fleet;

  @BeforeAll
  static void start() {
    fleet =
        RealFleet.of("3.3")
            .host(setup -> setup.withRole(Role.NOT_INSTALLED))
            .loadBalancer("203.0.113.9")
            .member("installed")
            .member("bare", Role.NOT_INSTALLED)
            .member("far")
            .start();
    fleet.muster().write("installer.yaml", SimulatedFleet.installerManifest("3.3"));
    fleet.muster().write("host.yaml", SimulatedFleet.configurationManifest("3.3", Role.NONE));
    fleet.muster().write("member.yaml", SimulatedFleet.configurationManifest("3.3", Role.NONE));
    fleet.declare(
        """
        host:
          install: {manifests: [{file: installer.yaml}, {file: host.yaml}]}
        members:
        - name: installed
        - name: bare
          install: {manifests: [{file: installer.yaml}, {file: member.yaml}]}
        - name: far
        """);
  }

  @AfterAll
  static void end() {
    fleet.close();
  }

  @Test
  @Order(1)
  void defersAMemberThatCannotBeReachedAndJoinsTheOthers() {
    fleet.cluster("far").stop();

    assertThat(fleet.muster().run("apply", "--yes")).exitsWith(8).says("far");

    assertThat(role(HOST)).isEqualTo("host");
    assertJoined("installed");
    assertJoined("bare");
    assertThat(fleet.registration("far").isMissingNode()).isTrue();
  }

  @Test
  @Order(2)
  void givesTheAgentsTheAddressOfTheLoadBalancer() {
    for (String member : new String[] {"installed", "bare"}) {
      JsonNode command = fleet.object(member, AGENT).at("/spec/template/spec/containers/0/command");
      assertThat(command).map(JsonNode::asText).contains("--proxy-server=http://203.0.113.9:8080");
    }
  }

  @Test
  @Order(3)
  void reportsTheDeferredMemberUntilItIsBack() {
    assertThat(fleet.muster().run("plan", "--detailed-exitcode")).exitsWith(8).says("far");
    assertThat(fleet.muster().run("drift")).exitsWith(8).says("far");
  }

  @Test
  @Order(4)
  void finishesWithTheDeferredMemberWhenItIsBack() {
    fleet.cluster("far").start();

    assertThat(fleet.muster().run("apply", "--yes")).exitsWith(0);

    assertJoined("far");
    assertThat(fleet.muster().run("plan", "--detailed-exitcode")).exitsWith(0);
    assertThat(fleet.muster().run("drift")).exitsWith(0);
  }

  private static void assertJoined(String member) {
    assertThat(role(member)).isEqualTo("member");
    String ready = "";
    for (JsonNode condition : fleet.registration(member).at("/status/conditions")) {
      if (condition.path("type").asText().equals("Ready")) {
        ready = condition.path("status").asText();
      }
    }
    assertThat(ready).as("Ready of " + member).isEqualTo("True");
  }

  private static String role(String cluster) {
    return fleet.object(cluster, CONFIGURATION).at("/spec/multicluster/clusterRole").asText();
  }
}
