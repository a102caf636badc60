package dev.muster.testbed;

import static dev.muster.testbed.MusterAssert.assertThat;
import static dev.muster.testbed.RealFleet.HOST;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.sandbox.controller.env.LoadBalancer;
import dev.muster.sandbox.controller.env.Role;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fleets that were joined with console and kubectl, taken over: not one write. */
@Timeout(240)
final class ImportIT {
  private static final String SECRET = "SharedByHand0123456789abcdefghij";

  @ParameterizedTest
  @ValueSource(strings = {"3.0", "3.3", "3.4"})
  void takesOverAFleetThatWasJoinedByHandWithoutAWrite(String version) {
    try (RealFleet fleet = byHand(version, LoadBalancer.ip("203.0.113.9"))) {
      fleet
          .simulated()
          .byHand()
          .join(
              "idc-1",
              "idc-1",
              "{labels: {cluster.kubesphere.io/group: production, team: blue},"
                  + " annotations: {kubesphere.io/description: 'our first'}}",
              "{provider: aliyun}");
      fleet.simulated().byHand().join("under-another-name", "idc-2", "{}", "{}");

      assertThat(imported(fleet))
          .exitsWith(0)
          .says("no changes", "member under-another-name: context idc-2, found by its UID");

      String topology = topology(fleet);
      assertThat(topology)
          .contains("group: production", "team: blue", "description: our first", "provider: aliyun")
          .doesNotContain("proxy:");
      fleet.muster().write("topology.yaml", topology);
      assertThat(fleet.muster().run("plan", "--detailed-exitcode")).exitsWith(0).says("no changes");
      assertThat(fleet.muster().run("drift")).exitsWith(0);
      assertThat(fleet.requests().writes()).isEmpty();
      // To apply takes charge of what is there, which is a matter of the inventory alone.
      assertThat(fleet.muster().run("apply", "--yes")).exitsWith(0).says("adopted:");
      assertThat(fleet.requests().lines(PlannedWrites.counted())).isEmpty();
      assertThat(fleet.requests().to(HOST)).isNotEmpty();
      assertThat(fleet.requests().to("idc-2")).isNotEmpty();
    }
  }

  @Test
  void tellsOfMembersThatTheTopologyDoesNotNameAndJoinsAnotherBesideThem() {
    try (RealFleet fleet = byHand("3.3", LoadBalancer.pending())) {
      fleet
          .simulated()
          .byHand()
          .settings(
              HOST,
              text ->
                  text.replace(
                      "multicluster:\n",
                      "multicluster:\n  proxyPublishAddress: http://139.198.120.120:8080\n"));
      fleet.simulated().byHand().join("idc-1");
      String before = fleet.registration("idc-1").path("spec").toString();
      String agent = fleet.object("idc-1", RealFleet.AGENT).path("spec").toString();

      assertThat(imported(fleet)).exitsWith(0).says("no changes");
      assertThat(topology(fleet)).contains("place: settings");
      assertThat(fleet.requests().writes()).isEmpty();

      fleet.declare(
          """
          host: {proxy: {address: "http://139.198.120.120:8080", place: settings}}
          members: [{name: idc-2}]
          """);
      assertThat(fleet.muster().run("plan")).exitsWith(0).says("unmanaged: idc-1 (registered");
      assertThat(fleet.muster().run("apply", "--yes")).exitsWith(0);
      assertThat(fleet.muster().run("plan", "--detailed-exitcode"))
          .exitsWith(0)
          .says("no changes", "unmanaged: idc-1");
      assertThat(fleet.muster().run("drift")).exitsWith(0).says("unmanaged: idc-1");
      assertThat(fleet.muster().run("status")).exitsWith(0).says("unmanaged");
      assertThat(fleet.requests().writes()).noneMatch(write -> write.contains("idc-1"));
      assertThat(fleet.registration("idc-1").path("spec").toString()).isEqualTo(before);
      assertThat(fleet.object("idc-1", RealFleet.AGENT).path("spec").toString()).isEqualTo(agent);
    }
  }

  static Muster.Result imported(RealFleet fleet, String... more) {
    return importing(fleet, more).await();
  }

  /** An import under way, which writes found.yaml. */
  static Muster.Running importing(RealFleet fleet, String... more) {
    List<String> words = new ArrayList<>(List.of("import", "--host-context", HOST));
    words.addAll(List.of("--kubeconfig", "kubeconfig.yaml", "--name", "acme", "-o", "found.yaml"));
    words.addAll(List.of(more));
    return fleet.muster().start(words.toArray(String[]::new));
  }

  static String topology(RealFleet fleet) {
    try {
      return Files.readString(fleet.muster().repository().resolve("found.yaml"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static RealFleet byHand(String version, LoadBalancer balancer) {
    return byHand(version, balancer, "idc-1", "idc-2");
  }

  /** Clusters that somebody has prepared, and not joined yet. */
  static RealFleet byHand(String version, LoadBalancer balancer, String... members) {
    RealFleet.Builder builder =
        RealFleet.of(version)
            .host(
                setup ->
                    setup.withRole(Role.HOST).withJwtSecret(SECRET).withLoadBalancer(balancer));
    for (String member : members) {
      builder.member(member, setup -> setup.withRole(Role.MEMBER).withJwtSecret(SECRET));
    }
    return builder.start();
  }
}
