package dev.muster.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/** The documented procedure: a host whose Tower has no address of its own, and one member. */
@Timeout(180)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class WorkedExampleIT {
  @SuppressWarnings("NullAway.Init")
  private static RealFleet fleet;

  @BeforeAll
  static void start() {
    fleet = RealFleet.of("3.3").member("idc-1").start();
    fleet
        .muster()
        .topology(
            """
        apiVersion: muster.dev/v1alpha1
        kind: Topology
        metadata: {name: acme}
        spec:
          defaults:
            access: {kubeconfig: {file: kubeconfig.yaml}}
            timeouts: {installer: 60s, agent: 60s}
          host:
            proxy: {address: "http://139.198.120.120:8080"}
          members:
          - name: idc-1
        """);
  }

  @AfterAll
  static void end() {
    fleet.close();
  }

  @Test
  @Order(1)
  void appliesToTheEnd() {
    Muster.Result applied = fleet.muster().run("apply", "--yes");
    assertThat(applied.exit()).as(applied.toString()).isEqualTo(0);
  }
}
