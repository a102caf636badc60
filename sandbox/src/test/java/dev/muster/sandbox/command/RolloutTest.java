package dev.muster.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.sandbox.client.Kind;
import dev.muster.sandbox.controller.env.ProxyNetwork;
import dev.muster.sandbox.controller.install.Definitions;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Members that have their turn wave by wave, and runs that stop before the next wave. */
@Execution(ExecutionMode.CONCURRENT)
class RolloutTest {
  private static final String NEW = "http://198.51.100.7:8080";
  private static final String OLD = "http://203.0.113.9:8080";
  private static final String MEMBERS =
      "- {name: m1, group: canary}\n- name: m2\n- name: m3\n- name: m4";

  @Test
  void keepsOldAgentsConnectedUntilTheirTurnWhenTheAddressChanges() {
    AtomicBoolean broken = new AtomicBoolean(true);
    ProxyNetwork network =
        (member, address) ->
            broken.get() && member.equals("m1") && address.equals(NEW)
                ? ProxyNetwork.Reach.REFUSED
                : ProxyNetwork.Reach.OK;
    try (Fleet fleet = Fleet.with(Fleet.settings(4, "3.3").withNetwork(network))) {
      fleet.apply().exits(0);
      declare(fleet, "{waves: [{where: {group: canary}}, {batch: 50%}]}", NEW, 4);

      fleet
          .muster("plan")
          .says(
              "3 waves of members; none starts any more once 1 has failed",
              "wave 1 (group=canary): m1",
              "wave 2 (batch 50%): m2, m3",
              "wave 3 (batch 50%): m4");
      fleet
          .muster("plan", "-o", "markdown")
          .says("| 1 | group=canary | m1 |", "| 2 | batch 50% | m2, m3 |");

      fleet
          .apply()
          .exits(3)
          .says(
              "wave 1 of 3: m1",
              "stopped: 1 member failed, and no further wave starts after 1",
              "done: -",
              "failed: m1",
              "left alone: m2, m3, m4",
              "the same command goes on from here");
      fleet.muster("history").exits(0).says("not all done");
      for (String member : new String[] {"m2", "m3", "m4"}) {
        assertThat(fleet.condition(member, "AgentAvailable")).as(member).isEqualTo("True");
        assertThat(address(fleet, member)).as(member).contains(OLD);
      }
      assertThat(address(fleet, "m1")).contains(NEW);

      broken.set(false);
      Fleet.until("m1 is back", () -> !fleet.muster("plan").out().contains("step agent[m1]"));
      fleet.apply().exits(0).says("wave 1 of 2: m2, m3", "wave 2 of 2: m4");
      for (String member : new String[] {"m1", "m2", "m3", "m4"}) {
        assertThat(address(fleet, member)).as(member).contains(NEW);
        assertThat(fleet.condition(member, "AgentAvailable")).as(member).isEqualTo("True");
      }
      fleet.muster("plan", "--detailed-exitcode").exits(0);
    }
  }

  @Test
  void writesNothingToMembersThatAreLeftAlone() {
    try (Fleet fleet = Fleet.of(3, "3.3")) {
      fleet.simulated().failInstaller("m1", "ks-core", "no space left on device");
      declare(fleet, "", "auto", 3);

      fleet
          .apply("--stop-after", "1")
          .exits(3)
          .says("wave 1 (batch 1): m1", "failed: m1", "left alone: m2, m3");

      assertThat(fleet.writes()).noneMatch(w -> w.startsWith("m2 ") || w.startsWith("m3 "));
      assertThat(fleet.kubectl("host").find(Definitions.CLUSTER, null, "m2")).isEmpty();
    }
  }

  @Test
  void goesOnWithOtherMembersWhileTheBudgetLasts() {
    try (Fleet fleet = Fleet.of(3, "3.3")) {
      fleet.simulated().failInstaller("m1", "ks-core", "no space left on device");
      declare(fleet, "{waves: [{batch: 1}], stopAfter: 2}", "auto", 3);

      fleet.apply().exits(4).says("wave 3 of 3: m3");

      assertThat(fleet.condition("m2", "Ready")).isEqualTo("True");
      assertThat(fleet.condition("m3", "Ready")).isEqualTo("True");
    }
  }

  @Test
  void doesNotCountAMemberThatCannotBeReached() {
    try (Fleet fleet = Fleet.of(3, "3.3")) {
      fleet.sandbox.server().cluster("m1").unavailable(true);
      declare(fleet, "{waves: [{batch: 1}]}", "auto", 3);

      fleet.apply().exits(8).says("wave 1 of 2: m2", "wave 2 of 2: m3");

      assertThat(fleet.condition("m3", "Ready")).isEqualTo("True");
    }
  }

  /** The example, and what its commands print. */
  @Test
  void doesWhatTheExampleShows() {
    try (Fleet fleet = Fleet.of(5, "3.3")) {
      fleet.topology(Transcript.topology("waves"));
      fleet.simulated().failInstaller("m2", "ks-core", "no space left on device");
      Transcript transcript = Transcript.of("waves");
      transcript.add(
          "muster plan --only member-role", fleet.muster("plan", "--only", "member-role"));
      transcript.addEnd("muster apply --yes", fleet.apply());
      fleet.simulated().repairInstaller("m2", "ks-core");
      fleet.edit(
          "m2",
          Kind.DEPLOYMENT,
          Fleet.SYSTEM,
          "ks-installer",
          "{spec: {template: {metadata: {annotations: {again: 'yes'}}}}}");
      transcript.addEnd("muster apply --yes", fleet.apply());
      transcript.add("muster plan", fleet.muster("plan"));
      transcript.isAsWritten();
    }
  }

  private static String address(Fleet fleet, String member) {
    return fleet.deployment(member, "cluster-agent").at("/spec/template/spec").toString();
  }

  private static void declare(Fleet fleet, String rollout, String address, int members) {
    fleet.topology(
        """
        apiVersion: muster.dev/v1alpha1
        kind: Topology
        metadata: {name: sandbox}
        spec:
          defaults:
            access: {kubeconfig: {file: kubeconfig.yaml}}
            timeouts: {installer: 30s, agent: 20s}
          %s
          host: {name: host, proxy: {address: "%s"}}
          members:
        """
                .formatted(rollout.isEmpty() ? "" : "rollout: " + rollout, address)
            + String.join("\n", MEMBERS.lines().limit(members).toList()).indent(2));
  }
}
