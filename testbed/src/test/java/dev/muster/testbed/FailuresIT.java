package dev.muster.testbed;

import static dev.muster.testbed.MusterAssert.assertThat;
import static dev.muster.testbed.RealFleet.HOST;
import static dev.muster.testbed.RealFleet.INSTALLER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.sandbox.controller.env.ProxyNetwork;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What goes wrong in the managed system: muster says what and why, and goes on from there. */
@Timeout(180)
final class FailuresIT {
  @Test
  void tellsAFailedInstallerByItsOwnWords() {
    try (RealFleet fleet = RealFleet.of("3.3").start()) {
      fleet.declare("host: {proxy: {address: \"http://139.198.120.120:8080\"}}\n");
      fleet.simulated().failInstaller(HOST, "ks-config", "no space left on device");

      assertThat(fleet.muster().run("apply", "--yes"))
          .exitsWith(4)
          .says(
              "step host-role: failed",
              "ks-installer stopped: Failed to ansible-playbook ks-config.yaml",
              "next: kubectl --context host -n kubesphere-system logs deploy/ks-installer",
              "not all done: 2 changes");
      assertThat(fleet.muster().git("log", "-1", "--format=%B", "muster/acme"))
          .contains("Changed: 2");

      fleet.simulated().repairInstaller(HOST, "ks-config");
      fleet.edit(
          HOST,
          INSTALLER,
          "{\"spec\":{\"template\":{\"metadata\":{\"annotations\":{\"restarted\":\"now\"}}}}}");
      assertThat(fleet.muster().run("apply", "--yes")).exitsWith(0);
      assertThat(fleet.muster().run("drift")).exitsWith(0);
    }
  }

  @Test
  void tellsWhyAnAgentDoesNotReachTheProxy() {
    AtomicBoolean closed = new AtomicBoolean(true);
    ProxyNetwork network =
        (member, address) -> closed.get() ? ProxyNetwork.Reach.REFUSED : ProxyNetwork.Reach.OK;
    try (RealFleet fleet = RealFleet.of("3.3").member("idc-1").network(network).start()) {
      fleet.declare(
          "installer: 60s, agent: 10s",
          """
          host: {proxy: {address: "http://139.198.120.120:8080"}}
          members: [{name: idc-1}]
          """);

      assertThat(fleet.muster().run("apply", "--yes"))
          .exitsWith(4)
          .says(
              "step agent[idc-1]: timed out",
              "last seen: the agent has not connected to the proxy",
              "cause: the member does not reach http://139.198.120.120:8080",
              "connection refused",
              "next: open the way from the member to http://139.198.120.120:8080");
      assertThat(fleet.muster().run("why", "idc-1")).says("connection refused");

      closed.set(false);
      assertThat(fleet.muster().run("apply", "--yes")).exitsWith(0);
      assertThat(fleet.muster().run("plan", "--detailed-exitcode")).exitsWith(0);
    }
  }
}
