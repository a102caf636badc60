package dev.muster.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.sandbox.controller.env.LoadBalancer;
import dev.muster.sandbox.controller.env.ProxyNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where agents reach Tower, and what is said when they do not. */
@Execution(ExecutionMode.CONCURRENT)
class AddressTest {
  @Test
  void namesBothWaysOutOfAnAddressThatStaysPending() {
    try (Fleet fleet = Fleet.with(Fleet.settings(1, "3.3").withLoadBalancer(Fleet.PENDING))) {
      fleet.topology("", "- name: m1", "timeouts: {loadBalancer: 3s}");

      fleet
          .apply()
          .exits(4)
          .says(
              "step tower-address",
              "timed out after 3.",
              "at gate addressed",
              "no load balancer has given Service tower an address",
              "install a load balancer (on bare metal OpenELB)",
              "set it as spec.host.proxy.address in the topology");

      // What does not need the address is done all the same.
      assertThat(fleet.condition("m1", "Initialized")).isEqualTo("True");
      fleet.topology("proxy: {address: \"http://198.51.100.7:8080\"}", "- name: m1");
      fleet.apply().exits(0);
      fleet.muster("plan", "--detailed-exitcode").exits(0);
    }
  }

  @Test
  void goesOnWhenTheLoadBalancerHasGivenItsAddress() {
    try (Fleet fleet = Fleet.with(Fleet.settings(1, "3.3").withLoadBalancer(Fleet.PENDING))) {
      fleet.topology("", "- name: m1", "timeouts: {loadBalancer: 1s}");
      fleet.apply().exits(4);
      fleet.simulated().changeLoadBalancer(LoadBalancer.ip("203.0.113.77"));
      fleet.apply().exits(0);
      assertThat(fleet.deployment("m1", "cluster-agent").toString())
          .contains("--proxy-server=http://203.0.113.77:8080");
    }
  }

  @Test
  void takesTheLastEntryAndItsIpBeforeItsNameAsTheSystemDoes() {
    LoadBalancer balancer =
        LoadBalancer.of(
            new LoadBalancer.Ingress("203.0.113.1", ""),
            new LoadBalancer.Ingress("203.0.113.2", "lb.example.org"));
    try (Fleet fleet = Fleet.with(Fleet.settings(1, "3.3").withLoadBalancer(balancer))) {
      fleet.apply().exits(0);
      assertThat(fleet.deployment("m1", "cluster-agent").toString())
          .contains("--proxy-server=http://203.0.113.2:8080");
    }
  }

  /** What is written into kubesphere-config alone starts no run of ks-installer to wait for. */
  /**
   * A patch that only takes a field away is not noted in the managed fields, so the gate took the
   * last line of an earlier run of ks-installer for the one that it was to wait for.
   */
  @Test
  void waitsForTheInstallerThatTakesTheAddressAway() {
    try (Fleet fleet = Fleet.of(1, "3.3")) {
      fleet.topology("proxy: {address: \"http://198.51.100.1:8080\"}", "- name: m1");
      fleet.apply().exits(0);
      fleet.topology("", "- name: m1");
      int runs = fleet.simulated().finishedRuns("host");

      fleet.apply().exits(0);

      assertThat(fleet.simulated().finishedRuns("host")).isEqualTo(runs + 1);
      fleet.muster("plan", "--detailed-exitcode").exits(0);
    }
  }

  @Test
  void refusesToMoveTheAddressToTheSettings() {
    try (Fleet fleet = Fleet.of(1, "3.3")) {
      String address = "address: \"http://198.51.100.1:8080\"";
      fleet.topology("proxy: {" + address + "}", "- name: m1");
      fleet.apply().exits(0);
      fleet.topology("proxy: {" + address + ", place: settings}", "- name: m1");

      fleet
          .apply()
          .exits(5)
          .says("since it stands in the ClusterConfiguration", "take place out of spec.host.proxy");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.1", "3.3"})
  void waitsForNoInstallerWhereAnAddressWasLostFromTheSettings(String version) {
    try (Fleet fleet = Fleet.of(1, version)) {
      fleet.topology("proxy: {address: \"http://198.51.100.1:8080\"}", "- name: m1");
      fleet.apply().exits(0);
      fleet
          .simulated()
          .byHand()
          .settings("host", text -> text.replaceAll("\n *proxyPublishAddress: \\S+", ""));
      fleet.muster("drift").exits(2);
      fleet.apply().exits(0);
      fleet.muster("plan", "--detailed-exitcode").exits(0);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.1", "3.3"})
  void waitsForNoInstallerWhereTheAddressIsKeptInTheSettings(String version) {
    try (Fleet fleet = TakeOverTest.byHand(version, Fleet.PENDING)) {
      for (int i = 1; i <= 2; i++) {
        String address = "http://198.51.100." + i + ":8080";
        fleet.topology("proxy: {address: \"" + address + "\", place: settings}", "- name: m1");
        fleet.apply().exits(0);
        assertThat(fleet.deployment("m1", "cluster-agent").toString())
            .contains("--proxy-server=" + address);
        fleet.muster("plan", "--detailed-exitcode").exits(0);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "REFUSED, connection refused (Attempt:",
    "TIMEOUT, i/o timeout (Attempt:",
    "BAD_HANDSHAKE, takes the Upgrade header out"
  })
  void tellsWhyAnAgentDoesNotConnect(ProxyNetwork.Reach reach, String cause) {
    ProxyNetwork network = (member, address) -> member.equals("m1") ? reach : ProxyNetwork.Reach.OK;
    try (Fleet fleet = Fleet.with(Fleet.settings(2, "3.3").withNetwork(network))) {
      fleet.topology("", "- name: m1\n- name: m2", "timeouts: {agent: 5s}");

      fleet.apply().exits(4).says("step agent[m1]", "http://203.0.113.9:8080", cause);

      assertThat(fleet.condition("m2", "Ready")).isEqualTo("True");
      fleet.muster("why", "m1").exits(0).says("gate joined of step agent[m1] is closed", cause);
      fleet.muster("why", "m2").exits(0).says("nothing is being waited for");
    }
  }
}
