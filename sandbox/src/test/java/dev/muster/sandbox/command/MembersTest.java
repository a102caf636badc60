package dev.muster.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.sandbox.controller.install.Definitions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Members that come, go away and change. */
@Execution(ExecutionMode.CONCURRENT)
class MembersTest {
  private static final String TWO = "- name: m1\n- name: m2";

  @Test
  void leavesAMemberThatIsOffForALaterRun() {
    try (Fleet fleet = Fleet.of(2, "3.3")) {
      fleet.sandbox.server().cluster("m1").unavailable(true);

      fleet.muster("plan").exits(8).says("cluster m1: deferred", "Connection reset");
      fleet.apply().exits(8).says("deferred");

      assertThat(fleet.condition("m2", "Ready")).isEqualTo("True");
      assertThat(fleet.kubectl("host").find(Definitions.CLUSTER, null, "m1")).isEmpty();
      fleet.muster("drift").exits(8);
      fleet.muster("why", "m1").says("it cannot be reached");
      fleet.sandbox.server().cluster("m1").unavailable(false);
      fleet.apply().exits(0);
      assertThat(fleet.condition("m1", "Ready")).isEqualTo("True");
      fleet.muster("plan", "--detailed-exitcode").exits(0);
    }
  }

  @Test
  void failsForAMemberThatIsOffWhereTheTopologySaysSo() {
    try (Fleet fleet = Fleet.of(2, "3.3")) {
      fleet.topology("", TWO, "unreachable: fail");
      fleet.sandbox.server().cluster("m1").unavailable(true);
      fleet.muster("plan").exits(1).says("m1");
      Fleet.Result result = fleet.apply();
      assertThat(result.code()).as(result.all()).isIn(1, 3);
    }
  }

  @Test
  void failsWhenTheHostIsOff() {
    try (Fleet fleet = Fleet.of(1, "3.3")) {
      fleet.sandbox.server().cluster("host").unavailable(true);
      fleet.muster("plan").exits(1).says("host \"host\" cannot be reached");
      fleet.apply().exits(1).says("host \"host\" cannot be reached");
      assertThat(fleet.writes()).isEmpty();
    }
  }

  @Test
  void putsWhatTheTopologySaysOfAMemberOnItsCluster() {
    try (Fleet fleet = Fleet.of(1, "3.3")) {
      String member =
          """
          - name: m1
            labels: {tier: gold, zone: %s}
            region: cn-east
            group: production
            provider: ACK
            description: 'The "first" one'
            visibility: public
          """;
      fleet.topology("", member.formatted("a"));
      fleet.apply().exits(0);

      JsonNode cluster = fleet.cluster("m1");
      JsonNode labels = cluster.at("/metadata/labels");
      assertThat(labels.path("tier").asText()).isEqualTo("gold");
      assertThat(labels.path("zone").asText()).isEqualTo("a");
      assertThat(labels.path("cluster.kubesphere.io/region").asText()).isEqualTo("cn-east");
      assertThat(labels.path("cluster.kubesphere.io/group").asText()).isEqualTo("production");
      assertThat(labels.path("cluster.kubesphere.io/visibility").asText()).isEqualTo("public");
      assertThat(cluster.at("/metadata/annotations/kubesphere.io~1description").asText())
          .isEqualTo("The \"first\" one");
      assertThat(cluster.at("/spec/provider").asText()).isEqualTo("ACK");
      fleet.muster("plan", "--detailed-exitcode").exits(0);

      fleet.edit("host", Definitions.CLUSTER, "", "m1", "{metadata: {labels: {others: theirs}}}");
      fleet.muster("drift").exits(0);
      fleet.topology("", member.formatted("b"));
      fleet.requests();
      fleet.apply().exits(0);
      assertThat(fleet.plannedWrites())
          .containsExactly("host patch /apis/cluster.kubesphere.io/v1alpha1/clusters/m1");
      labels = fleet.cluster("m1").at("/metadata/labels");
      assertThat(labels.path("zone").asText()).isEqualTo("b");
      assertThat(labels.path("tier").asText()).isEqualTo("gold");
      assertThat(labels.path("others").asText()).isEqualTo("theirs");
    }
  }

  @Test
  void addsAMemberLaterWithoutTouchingTheOthers() {
    try (Fleet fleet = Fleet.of(2, "3.3")) {
      fleet.topology("", "- name: m1");
      fleet.apply().exits(0);
      fleet.requests();
      fleet.topology("", TWO);
      fleet.apply().exits(0);
      assertThat(fleet.plannedWrites())
          .containsExactly(
              "m2 patch /apis/installer.kubesphere.io/v1alpha1/namespaces/kubesphere-system"
                  + "/clusterconfigurations/ks-installer",
              "host create /apis/cluster.kubesphere.io/v1alpha1/clusters",
              "m2 create /apis/apps/v1/namespaces/kubesphere-system/deployments");
      assertThat(fleet.condition("m2", "Ready")).isEqualTo("True");
    }
  }

  @Test
  void tellsOfAnAgentThatStoppedAfterJoining() {
    try (Fleet fleet = Fleet.joined(2, "3.3")) {
      fleet.simulated().stopAgent("m1");
      Fleet.until(
          "the host sees it", () -> fleet.condition("m1", "AgentAvailable").equals("False"));

      fleet
          .muster("why", "m1")
          .says("gate joined of step agent[m1] is closed", "the agent has not connected");
      fleet.muster("why", "m2").says("nothing is being waited for, and nothing is broken");
      assertThat(fleet.muster("doctor").all()).contains("the proxy accepts the agent");
      assertThat(fleet.muster("doctor").code()).isNotZero();
      fleet.muster("status").says("not connected");
      fleet.muster("plan", "--detailed-exitcode").exits(2).says("gate joined is closed");
      fleet
          .muster("drift")
          .exits(2)
          .says("not working, step agent[m1]", "all is as declared, and yet not all of it works");
      fleet.simulated().startAgent("m1");
      // The conditions are True again before the federation has looked anew.
      Fleet.until(
          "the host has joined it again",
          () -> fleet.muster("plan", "--detailed-exitcode").code() == 0);
    }
  }

  @Test
  void findsALostAgentOf34WhoseConditionsAllStayTrue() {
    try (Fleet fleet = Fleet.joined(1, "3.4")) {
      fleet.simulated().stopAgent("m1");
      Fleet.until(
          "the tunnel is closed",
          () -> fleet.muster("why", "m1").all().contains("all conditions look well, but"));
      assertThat(fleet.condition("m1", "AgentAvailable")).isEqualTo("True");
      assertThat(fleet.muster("doctor").code()).isNotZero();
    }
  }

  @Test
  void putsAnEditOfADeclaredFieldRightAndLeavesOthersAlone() {
    try (Fleet fleet = Fleet.joined(1, "3.3")) {
      fleet.configure("m1", "{events: {enabled: false}, zone: Europe/Vienna}");
      fleet.muster("drift").exits(0).says("no drift");
      fleet.muster("plan", "--detailed-exitcode").exits(0);

      fleet.configure("m1", "{multicluster: {clusterRole: none}}");

      fleet.muster("drift").exits(2).says("spec.multicluster.clusterRole", "\"none\"");
      // Else a run of ks-installer for the edit may still be under way when the gate is looked at.
      Fleet.until(
          "ks-installer has taken the edit in",
          () -> fleet.settings("m1").at("/multicluster/clusterRole").asText().equals("none"));
      fleet.apply().exits(0);
      fleet.muster("drift").exits(0);
      assertThat(fleet.configuration("m1").at("/spec/zone").asText()).isEqualTo("Europe/Vienna");
    }
  }
}
