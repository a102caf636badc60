package dev.muster.testbed;

import static dev.muster.testbed.ImportIT.byHand;
import static dev.muster.testbed.ImportIT.imported;
import static dev.muster.testbed.ImportIT.importing;
import static dev.muster.testbed.ImportIT.topology;
import static dev.muster.testbed.MusterAssert.assertThat;
import static dev.muster.testbed.RealFleet.AGENT;
import static dev.muster.testbed.RealFleet.HOST;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.controller.env.LoadBalancer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Imports that are cut short, members that are away meanwhile, and the first apply after one. */
@Timeout(300)
final class TakeOverIT {
  private static final LoadBalancer ADDRESS = LoadBalancer.ip("203.0.113.9");

  @Test
  void takesOverWhatItReachesAndTheRestWhenItIsBack() {
    try (RealFleet fleet = byHand("3.3", ADDRESS, "idc-1", "idc-2", "idc-3")) {
      fleet.simulated().byHand().join("idc-1");
      fleet.simulated().byHand().join("idc-2");
      fleet.simulated().byHand().join("under-another-name", "idc-3", "{}", "{}");
      anotherImage(fleet, "idc-2");
      fleet.cluster("idc-2").stop();
      fleet.cluster("idc-3").stop();

      assertThat(imported(fleet))
          .exitsWith(8)
          .says(
              "member idc-2: context idc-2, the context has its name; it could not be reached",
              "member under-another-name: no context",
              "not reached: idc-2, idc-3",
              "unmanaged: under-another-name");
      assertThat(topology(fleet))
          .contains(
              "- name: idc-2", "# - name: under-another-name", "could not be found out: agent")
          .doesNotContain("agentPod:");

      fleet.cluster("idc-2").start();
      fleet.cluster("idc-3").start();
      String before = topology(fleet);
      assertThat(imported(fleet)).exitsWith(1).says("found.yaml exists", "--force");
      assertThat(topology(fleet)).isEqualTo(before);
      assertThat(imported(fleet, "--force"))
          .exitsWith(0)
          .says("no changes", "member under-another-name: context idc-3, found by its UID");
      String whole = topology(fleet);
      assertThat(whole).contains("image: registry.example.com/tower:v0.2.0");
      assertThat(imported(fleet, "--force")).exitsWith(0);
      assertThat(topology(fleet)).isEqualTo(whole);
      assertThat(fleet.requests().writes()).isEmpty();
    }
  }

  @Test
  void importsThatAreKilledLeaveNoHalfOfAFileAndTheFirstApplyGoesOn() {
    try (RealFleet fleet = byHand("3.3", ADDRESS, "idc-1", "idc-2")) {
      fleet.simulated().byHand().join("idc-1", "idc-1", "{labels: {team: blue}}", "{}");
      fleet.simulated().byHand().join("idc-2", "idc-2", "{labels: {team: blue}}", "{}");
      Requests none = fleet.requests();
      assertThat(imported(fleet)).exitsWith(0).says("no changes");
      int all = count(fleet, none);
      String whole = topology(fleet);

      for (long seed = 1; seed <= 4; seed++) {
        killedImport(fleet, 1 + new Random(seed).nextInt(all - 1));
        if (Files.exists(found(fleet))) {
          assertThat(topology(fleet)).isEqualTo(whole);
        }
      }
      assertThat(imported(fleet, "--force")).exitsWith(0).says("no changes");
      assertThat(topology(fleet)).isEqualTo(whole);
      assertThat(fleet.requests().writes()).isEmpty();

      fleet.muster().topology(whole);
      assertThat(List.of(killedApply(fleet, 1), killedApply(fleet, 2), killedApply(fleet, 4)))
          .contains(137);
      assertThat(fleet.muster().call("apply", "--yes")).exitsWith(0);
      assertThat(fleet.requests().lines(PlannedWrites.counted())).isEmpty();
      assertThat(fleet.muster().git("for-each-ref", "refs/muster")).isEmpty();
      assertThat(fleet.muster().call("plan", "--detailed-exitcode")).exitsWith(0);
      // It is in charge of all of it: what leaves the file is taken back from either member.
      fleet.muster().topology(whole.replace("    labels:\n      team: blue\n", ""));
      assertThat(PlannedChanges.in(fleet.muster().call("plan", "-o", "json")))
          .containsExactly(
              "host Cluster metadata.labels.team", "host Cluster metadata.labels.team");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.4", "4.1"})
  void takesOverMembersThatTheHostReachesByItself(String version) {
    try (RealFleet fleet = byHand(version, ADDRESS, "idc-1", "idc-2")) {
      for (String member : List.of("idc-1", "idc-2")) {
        byte[] kubeconfig = fleet.kubeconfigForHost(member).getBytes(StandardCharsets.UTF_8);
        fleet
            .simulated()
            .byHand()
            .register(
                member,
                "{labels: {team: blue}}",
                "{connection: {type: direct, kubeconfig: "
                    + Base64.getEncoder().encodeToString(kubeconfig)
                    + "}}");
        RealFleet.until(member + " is ready", () -> ready(fleet, member));
      }

      assertThat(imported(fleet, "--kubeconfig-dir", "kubeconfigs"))
          .exitsWith(0)
          .says("no changes", "as good as a password");

      assertThat(topology(fleet)).contains("connection: direct", "team: blue");
      assertThat(fleet.requests().writes()).isEmpty();
      fleet.muster().topology(topology(fleet));
      assertThat(fleet.muster().call("apply", "--yes")).exitsWith(0).says("adopted:");
      assertThat(fleet.requests().lines(PlannedWrites.counted())).isEmpty();
    }
  }

  private static void killedImport(RealFleet fleet, int after) {
    deleteFound(fleet);
    Requests earlier = fleet.requests();
    Muster.Running killed = importing(fleet);
    RealFleet.until(
        "request " + after + " of the import",
        () -> killed.ended() || count(fleet, earlier) >= after);
    killed.kill();
    killed.await();
  }

  /**
   * The first apply is killed after so many writes of its own bookkeeping, the only ones it makes:
   * the lock, then the inventory of each cluster. Returns how it ended.
   */
  private static int killedApply(RealFleet fleet, int writes) {
    for (String cluster : List.of(HOST, "idc-1", "idc-2")) {
      fleet.host().api().delete(Requests.INVENTORY + "/muster-acme-" + cluster);
    }
    Requests earlier = fleet.requests();
    Muster.Running killed = fleet.muster().start("apply", "--yes");
    RealFleet.until(
        writes + " writes of bookkeeping",
        () -> killed.ended() || fleet.requests().after(earlier).writes().size() >= writes);
    killed.kill();
    return killed.await().exit();
  }

  private static int count(RealFleet fleet, Requests earlier) {
    return fleet.requests().after(earlier).lines(request -> true).size();
  }

  private static Path found(RealFleet fleet) {
    return fleet.muster().repository().resolve("found.yaml");
  }

  private static void deleteFound(RealFleet fleet) {
    try {
      Files.deleteIfExists(found(fleet));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static boolean ready(RealFleet fleet, String member) {
    for (var condition : fleet.registration(member).at("/status/conditions")) {
      if (condition.path("type").asText().equals("Ready")) {
        return condition.path("status").asText().equals("True");
      }
    }
    return false;
  }

  private static void anotherImage(RealFleet fleet, String member) {
    ObjectNode agent = (ObjectNode) fleet.object(member, AGENT);
    ObjectNode patch = agent.objectNode();
    ObjectNode pod = (ObjectNode) agent.at("/spec/template/spec");
    ((ObjectNode) pod.at("/containers/0")).put("image", "registry.example.com/tower:v0.2.0");
    patch.putObject("spec").putObject("template").set("spec", pod);
    fleet.edit(member, AGENT, patch.toString());
    RealFleet.until("the agent of " + member + " is connected", () -> ready(fleet, member));
  }
}
