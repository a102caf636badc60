package dev.muster.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.client.Json;
import dev.muster.sandbox.client.Kind;
import dev.muster.sandbox.controller.env.ClusterSetup;
import dev.muster.sandbox.controller.env.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** KubeSphere 4.1 as a topology sees it. */
@Timeout(120)
final class CoreTest {
  private static final String HOST = "sharesLoopback: true";

  @Test
  void doesWhatTheExampleSaysAndTouchesNoMember() {
    try (Fleet fleet = fleet(2, setup -> setup)) {
      fleet.topology(Transcript.topology("kubesphere-4").replace("kube/", ""));
      Transcript.of("kubesphere-4")
          .add("muster plan", fleet.muster("plan"))
          .addEnd("muster apply --yes", applied(fleet))
          .add("muster plan --detailed-exitcode", fleet.muster("plan", "--detailed-exitcode"))
          .isAsWritten();
      fleet.muster("drift").exits(0);
      fleet.muster("status").exits(0).says("v4.1.3");
      assertThat(fleet.deployment("m2", "ks-agent").at("/spec/replicas").asInt()).isEqualTo(2);
    }
  }

  /** Writes on members are the host's own. */
  private static Fleet.Result applied(Fleet fleet) {
    fleet.requests();
    Fleet.Result result = fleet.apply();
    assertThat(fleet.writes()).noneMatch(write -> write.startsWith("m"));
    return result;
  }

  @Test
  void refusesAgentsAsAGapAndWhatTheSystemCannotDo() {
    try (Fleet fleet = fleet(1, setup -> setup)) {
      fleet.topology(HOST, "- name: m1");
      fleet
          .muster("plan")
          .exits(5)
          .says("agents belong to the closed Tower extension. This is a gap of muster");
      fleet.topology(HOST + ", proxy: {address: 'http://203.0.113.1:8080'}", direct("m1"));
      fleet.muster("plan").exits(5).says("proxy is of no use on KubeSphere 4");
      fleet.topology(HOST + ", clusterName: center", direct("m1"));
      fleet.muster("plan").exits(5).says("the host is called host, the topology says center");
    }
    // One that another host has.
    try (Fleet fleet = fleet(1, CoreTest::joinedElsewhere)) {
      fleet.topology(HOST, direct("m1"));
      fleet
          .muster("plan")
          .exits(5)
          .says("current cluster is managed by another host cluster 'elsewhere' (m1)");
    }
    // One of 3.x under a host of 4.1, and the reverse.
    try (Fleet fleet = fleet(1, setup -> of(setup, "host") ? setup : like(setup, "3.4"))) {
      fleet.topology(HOST, direct("m1"));
      fleet.muster("plan").exits(5).says("member m1 has KubeSphere v3.4.1, and a host of 4.x");
    }
  }

  @Test
  void takesAMemberOutAndLeavesItsCore() {
    try (Fleet fleet = fleet(1, setup -> setup)) {
      fleet.topology(HOST, direct("m1"));
      fleet.apply().exits(0);
      fleet.topology(HOST, "- {name: m1, state: absent, connection: direct}");
      fleet.requests();
      fleet.apply().exits(0);
      assertThat(fleet.writes()).noneMatch(write -> write.startsWith("m1 "));
      assertThat(fleet.deployment("m1", "ks-agent").at("/status/readyReplicas").asInt())
          .isEqualTo(1);
      ObjectNode namespace = fleet.kubectl("m1").get(Kind.NAMESPACE, null, Fleet.SYSTEM);
      assertThat(Json.text(namespace)).doesNotContain("host-cluster");
      fleet.muster("plan", "--detailed-exitcode").exits(0);
    }
  }

  private static boolean of(ClusterSetup setup, String name) {
    return setup.name().equals(name);
  }

  private static ClusterSetup joinedElsewhere(ClusterSetup setup) {
    return of(setup, "host") ? setup : setup.withRole(Role.MEMBER);
  }

  private static ClusterSetup like(ClusterSetup setup, String version) {
    return ClusterSetup.of(setup.endpoint(), version);
  }

  private static Fleet fleet(int members, UnaryOperator<ClusterSetup> each) {
    Fleet fleet = Fleet.with(Fleet.settings(members, "4.1").withEach(each));
    for (int i = 1; i <= members; i++) {
      Instant end = Instant.now().plus(Duration.ofDays(300));
      fleet.write("m" + i + ".yaml", fleet.sandbox.kubeconfigForHost("m" + i, end));
    }
    return fleet;
  }

  private static String direct(String member) {
    return "- {name: %1$s, connection: direct, kubeconfig: {file: %1$s.yaml}}".formatted(member);
  }
}
