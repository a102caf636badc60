package dev.muster.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.sandbox.client.ApiException;
import dev.muster.sandbox.client.Kind;
import dev.muster.sandbox.server.AuditEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Members leave a joined fleet: as declared, lost for good, and the host after them. */
@Execution(ExecutionMode.CONCURRENT)
class RemovalTest {
  @ParameterizedTest
  @ValueSource(strings = {"3.0", "3.1", "3.2", "3.3", "3.4"})
  void takesAMemberOutAndCleansUpOnIt(String version) {
    try (Fleet fleet = Fleet.joined(2, version)) {
      fleet.topology("", "- name: m1\n- {name: m2, state: absent}");
      fleet
          .muster("plan")
          .exits(0)
          .says("- delete Cluster/m2", "- delete Deployment/kubesphere-system/cluster-agent");

      fleet.apply().exits(0).says("deleted Cluster/m2 on host");

      assertThat(exists(() -> fleet.cluster("m2"))).isFalse();
      assertThat(exists(() -> fleet.deployment("m2", "cluster-agent"))).isFalse();
      assertThat(fleet.configuration("m2").at("/spec/multicluster/clusterRole").asText())
          .isEqualTo("none");
      assertThat(fleet.condition("m1", "Ready")).isEqualTo("True");
      fleet.muster("plan", "--detailed-exitcode").exits(0);
      fleet.muster("drift").exits(0);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.0", "3.3", "3.4"})
  void forgetsAMemberThatIsLost(String version) {
    try (Fleet fleet = Fleet.joined(2, version)) {
      fleet.simulated().stopAgent("m2");
      fleet.topology("", "- name: m1\n- {name: m2, state: absent, lost: true}");
      fleet.requests();

      fleet.apply().exits(0).says("deleted Cluster/m2 on host");

      assertThat(fleet.requests()).noneMatch(request -> request.cluster().equals("m2"));
      assertThat(exists(() -> fleet.cluster("m2"))).isFalse();
      assertThat(fleet.condition("m1", "Ready")).isEqualTo("True");
      fleet.muster("plan", "--detailed-exitcode").exits(0);
    }
  }

  /** The server is asked about the deletion too. */
  @ParameterizedTest
  @ValueSource(strings = {"", ", lost: true"})
  void takesNobodyOutInADryRunOfTheServer(String how) {
    try (Fleet fleet = Fleet.joined(2, "3.4")) {
      if (!how.isEmpty()) {
        fleet.simulated().stopAgent("m2");
      }
      fleet.topology("", "- name: m1\n- {name: m2, state: absent%s}".formatted(how));
      fleet.requests();

      fleet.apply("--dry-run=server").exits(0).says("Cluster/m2 on host");

      assertThat(fleet.requests())
          .filteredOn(request -> request.verb().equals("delete"))
          .isNotEmpty()
          .allMatch(AuditEntry::dryRun);
      assertThat(exists(() -> fleet.cluster("m2"))).isTrue();
    }
  }

  @Test
  void refusesToDemoteTheHostWhileAMemberIsJoined() {
    try (Fleet fleet = Fleet.joined(2, "3.3")) {
      fleet.topology("state: absent", "- {name: m1, state: absent}");
      fleet.muster("plan").exits(5).says("while members are joined: m2");
      fleet.topology("state: absent", "- {name: m1, state: absent}\n- name: m2");
      fleet
          .muster("plan")
          .exits(5)
          .says("m2 is to be joined to a host that is to give up its role");
    }
  }

  @Test
  void demotesTheHostAfterItsLastMember() {
    try (Fleet fleet = Fleet.joined(1, "3.3")) {
      fleet.topology("state: absent", "- {name: m1, state: absent}");

      fleet.apply().exits(0);

      assertThat(fleet.configuration("host").at("/spec/multicluster/clusterRole").asText())
          .isEqualTo("none");
      assertThat(fleet.settings("host").at("/multicluster/clusterRole").asText()).isEqualTo("none");
      assertThat(fleet.kubectl("host").list(Kind.CONFIG_MAP, "kube-system").toString())
          .as("what is remembered of a fleet that is no more")
          .doesNotContain("muster-sandbox-");
      fleet.muster("plan", "--detailed-exitcode").exits(0);
    }
  }

  /** The example, and what its commands print. */
  @Test
  void doesWhatTheExampleShows() {
    try (Fleet fleet = Fleet.of(3, "3.4")) {
      String example = Transcript.topology("removal");
      fleet.topology(example.replaceAll(", state: absent(, lost: true)?", ""));
      fleet.apply().exits(0);
      fleet.simulated().stopAgent("m3");
      fleet.topology(example);
      Transcript transcript = Transcript.of("removal");
      // Two of three are more than muster takes out without being told.
      transcript.add(
          "muster plan --max-remove 2", fleet.muster("plan", "--max-remove", "2").exits(0));
      transcript.addEnd(
          "muster apply --yes --max-remove 2", fleet.apply("--max-remove", "2").exits(0));
      transcript.add("muster plan", fleet.muster("plan").exits(0));
      transcript.isAsWritten();
    }
  }

  private static boolean exists(Runnable read) {
    try {
      read.run();
      return true;
    } catch (ApiException e) {
      assertThat(e.isNotFound()).isTrue();
      return false;
    }
  }
}
