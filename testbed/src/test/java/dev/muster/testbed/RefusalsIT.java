package dev.muster.testbed;

import static dev.muster.testbed.MusterAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What muster refuses before it writes anything; no claim depends on another. */
@Timeout(180)
final class RefusalsIT {
  @SuppressWarnings("NullAway.Init")
  private static RealFleet fleet;

  @BeforeAll
  static void start() {
    fleet = RealFleet.of("3.3").member("idc-1").withoutControllers().start();
  }

  @AfterAll
  static void end() {
    fleet.close();
  }

  @Test
  void refusesAHostWithAnotherUidThanItsPin() {
    fleet.declare(
        """
        host:
          uid: 5b1c0f0e-6d1f-4a53-9a0c-2f6a3c1d7e10
          proxy: {address: "http://139.198.120.120:8080"}
        members: [{name: idc-1}]
        """);
    assertRefused("5b1c0f0e-6d1f-4a53-9a0c-2f6a3c1d7e10", uid("host"));
  }

  @Test
  void refusesAMemberWithAnotherUidThanItsPin() {
    fleet.declare(
        """
        host: {proxy: {address: "http://139.198.120.120:8080"}}
        members: [{name: idc-1, uid: 5b1c0f0e-6d1f-4a53-9a0c-2f6a3c1d7e10}]
        """);
    assertRefused("5b1c0f0e-6d1f-4a53-9a0c-2f6a3c1d7e10", uid("idc-1"));
  }

  @Test
  void refusesAMemberThatIsTheHost() {
    fleet.declare(
        """
        host: {proxy: {address: "http://139.198.120.120:8080"}}
        members:
        - name: idc-1
          access: {kubeconfig: {file: kubeconfig.yaml, context: host}}
        """);
    assertRefused("member idc-1 is the host itself");
  }

  @Test
  void refusesTwoMembersThatAreOneCluster() {
    fleet.declare(
        """
        host: {proxy: {address: "http://139.198.120.120:8080"}}
        members:
        - name: idc-1
        - name: idc-2
          access: {kubeconfig: {file: kubeconfig.yaml, context: idc-1}}
        """);
    assertRefused("idc-1 and idc-2 are the same cluster", uid("idc-1"));
  }

  @Test
  void refusesARunnerWithoutRightsAndSaysWhichAreMissing() {
    fleet.muster().write("kubeconfig-powerless.yaml", fleet.servers().powerlessKubeconfig());
    fleet
        .muster()
        .topology(
            """
            apiVersion: muster.dev/v1alpha1
            kind: Topology
            metadata: {name: acme}
            spec:
              defaults: {access: {kubeconfig: {file: kubeconfig-powerless.yaml}}}
              host: {proxy: {address: "http://139.198.120.120:8080"}}
              members: [{name: idc-1}]
            """);
    assertRefused("powerless", "namespaces", "kube-system");
  }

  private static void assertRefused(String... texts) {
    Requests earlier = fleet.requests();
    assertThat(fleet.muster().run("plan")).exitsWith(5).says(texts);
    assertThat(fleet.muster().run("apply", "--yes")).exitsWith(5).says(texts);
    assertThat(fleet.requests().after(earlier).writes()).isEmpty();
  }

  private static String uid(String cluster) {
    String path = "/api/v1/namespaces/kube-system";
    return fleet.object(cluster, path).at("/metadata/uid").asText();
  }
}
