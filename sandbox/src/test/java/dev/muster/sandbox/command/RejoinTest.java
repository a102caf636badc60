package dev.muster.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.sandbox.client.ApiException;
import dev.muster.sandbox.client.Kind;
import dev.muster.sandbox.controller.install.Definitions;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be changed in place: a member's name, and the cluster behind it. */
@Execution(ExecutionMode.CONCURRENT)
class RejoinTest {
  @ParameterizedTest
  @ValueSource(strings = {"3.0", "3.3", "3.4"})
  void renamesAMemberAndKeepsItsLabels(String version) {
    try (Fleet fleet = Fleet.joined(2, version)) {
      label(fleet, "m2", "{cost-centre: '4711', cluster.kubesphere.io/region: cn-east}");
      fleet.topology("", "- name: m1\n" + renamed("labels: {tier: gold}"));
      fleet
          .muster("plan")
          .exits(0)
          .says("- delete Cluster/m2", "+ create Cluster/east", "\"4711\"", "\"gold\"");

      fleet.apply().exits(0);

      assertThat(exists(fleet, "m2")).isFalse();
      assertThat(fleet.condition("east", "Ready")).isEqualTo("True");
      assertThat(fleet.cluster("east").at("/metadata/labels/cost-centre").asText())
          .isEqualTo("4711");
      assertThat(fleet.cluster("east").at("/metadata/labels/tier").asText()).isEqualTo("gold");
      assertThat(fleet.deployment("m2", "cluster-agent").toString()).contains("--name=east");
      fleet.muster("plan", "--detailed-exitcode").exits(0);
      fleet.muster("drift").exits(0);
    }
  }

  @Test
  void refusesAFormerNameThatIsAnotherCluster() {
    try (Fleet fleet = Fleet.joined(2, "3.3")) {
      fleet.topology("", "- name: m1\n- name: m3\n  renamedFrom: m2\n  " + context("m1"));
      fleet.muster("plan").exits(5).says("is declared twice");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.3", "3.4"})
  void registersAMemberAnewThatWasSetUpAnew(String version) {
    try (Fleet fleet = Fleet.of(3, version)) {
      fleet.topology("", "- name: m1\n- name: m2");
      fleet.apply().exits(0);
      // Tower's writes take it away until the controller's next sync.
      Fleet.until("the UID shows", () -> fleet.cluster("m2").at("/status").has("uid"));
      fleet.simulated().stopAgent("m2");
      String uid = fleet.cluster("m2").at("/metadata/uid").asText();
      fleet.topology("", "- name: m1\n- name: m2\n  " + context("m3"));
      fleet.muster("plan").exits(5).says("another cluster than the one that is joined");
      fleet.topology("", "- name: m1\n- name: m2\n  reinstalled: replace\n  " + context("m3"));

      fleet.apply().exits(0);

      assertThat(fleet.cluster("m2").at("/metadata/uid").asText()).isNotEqualTo(uid);
      assertThat(fleet.condition("m2", "Ready")).isEqualTo("True");
      fleet.muster("plan", "--detailed-exitcode").exits(0);
      fleet.muster("drift").exits(0);
    }
  }

  @Test
  void goesOnWithTheRegistrationOfAMemberThatWasSetUpAnew() {
    try (Fleet fleet = Fleet.of(3, "3.3")) {
      fleet.topology("", "- name: m1\n- name: m2");
      fleet.apply().exits(0);
      // Tower's writes take it away until the controller's next sync.
      Fleet.until("the UID shows", () -> fleet.cluster("m2").at("/status").has("uid"));
      fleet.simulated().stopAgent("m2");
      String uid = fleet.cluster("m2").at("/metadata/uid").asText();
      fleet.topology("", "- name: m1\n- name: m2\n  reinstalled: adopt\n  " + context("m3"));

      fleet.apply().exits(0);

      assertThat(fleet.cluster("m2").at("/metadata/uid").asText()).isEqualTo(uid);
      assertThat(fleet.condition("m2", "Ready")).isEqualTo("True");
      fleet.muster("plan", "--detailed-exitcode").exits(0);
    }
  }

  /** The host reaches it by another kubeconfig then, which has to lead to the new cluster too. */
  @ParameterizedTest
  @CsvSource({"3.3, adopt", "3.3, replace", "3.4, replace"})
  void goesOnWithADirectMemberThatWasSetUpAnew(String version, String reinstalled) {
    try (Fleet fleet = Fleet.of(3, version)) {
      for (String cluster : new String[] {"m2", "m3"}) {
        Instant end = Instant.now().plus(Duration.ofDays(300));
        fleet.write(cluster + ".yaml", fleet.sandbox.kubeconfigForHost(cluster, end));
      }
      fleet.topology(
          "sharesLoopback: true",
          "- name: m1\n- {name: m2, connection: direct, kubeconfig: {file: m2.yaml}}");
      fleet.apply().exits(0);
      fleet.sandbox.server().cluster("m2").unavailable(true);
      String anew = "- name: m1\n- name: m2\n  connection: direct\n  " + context("m3");
      anew += "\n  reinstalled: " + reinstalled + "\n  kubeconfig: {file: %s.yaml}";
      fleet.topology("sharesLoopback: true", anew.formatted("m2"));
      fleet.muster("plan").exits(5).says("is not reached with the kubeconfig of m2");
      fleet.topology("sharesLoopback: true", anew.formatted("m3"));

      fleet.apply().exits(0);

      assertThat(fleet.condition("m2", "Ready")).isEqualTo("True");
      fleet.muster("plan", "--detailed-exitcode").exits(0);
      fleet.muster("drift").exits(0);
    }
  }

  /** As when a run is killed between taking the old Cluster out and forgetting what it owned. */
  @Test
  void leavesANewRegistrationTheKubeconfigThatWasItsOwnInTheOldOne() {
    try (Fleet fleet = Fleet.of(1, "3.3")) {
      Instant end = Instant.now().plus(Duration.ofDays(300));
      fleet.write("m1.yaml", fleet.sandbox.kubeconfigForHost("m1", end));
      fleet.topology(
          "sharesLoopback: true", "- {name: m1, connection: direct, kubeconfig: {file: m1.yaml}}");
      fleet.apply().exits(0);
      fleet.kubectl("host").delete(Definitions.CLUSTER, null, "m1");
      Fleet.until("it is gone", () -> !exists(fleet, "m1"));
      fleet.topology("sharesLoopback: true", "- name: m1");

      fleet.apply().exits(0);

      fleet.muster("plan", "--detailed-exitcode").exits(0);
      assertThat(fleet.cluster("m1").at("/spec/connection/kubeconfig").asText()).isNotEmpty();
    }
  }

  @Test
  void refusesToAdoptBehindTheWebhook() {
    try (Fleet fleet = Fleet.of(3, "3.4")) {
      fleet.topology("", "- name: m1\n- name: m2");
      fleet.apply().exits(0);
      Fleet.until("the UID shows", () -> fleet.cluster("m2").at("/status").has("uid"));
      fleet.topology("", "- name: m1\n- name: m2\n  reinstalled: adopt\n  " + context("m3"));
      fleet.muster("plan").exits(5).says("takes no other cluster under the registration of m2");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.0", "3.3", "3.4"})
  void changesTheWayOfConnectionThereAndBack(String version) {
    try (Fleet fleet = Fleet.joined(2, version)) {
      label(fleet, "m2", "{cost-centre: '4711'}");
      String kubeconfig =
          fleet.sandbox.kubeconfigForHost("m2", Instant.now().plus(Duration.ofDays(300)));
      fleet.write("m2.yaml", kubeconfig);
      fleet.topology(
          "sharesLoopback: true",
          "- name: m1\n- {name: m2, connection: direct, kubeconfig: {file: m2.yaml}}");
      fleet
          .muster("plan")
          .exits(0)
          .says("- delete Cluster/m2", "step connect[m2]", "- delete Deployment/");

      fleet.apply().exits(0);

      assertThat(fleet.cluster("m2").at("/spec/connection/type").asText()).isEqualTo("direct");
      assertThat(fleet.condition("m2", "Ready")).isEqualTo("True");
      assertThat(fleet.kubectl("m2").find(Kind.DEPLOYMENT, Fleet.SYSTEM, "cluster-agent"))
          .isEmpty();
      fleet.muster("plan", "--detailed-exitcode").exits(0);
      fleet.muster("drift").exits(0);

      fleet.topology("", "- name: m1\n- name: m2");
      fleet.apply().exits(0);
      assertThat(fleet.condition("m2", "AgentAvailable")).isEqualTo("True");
      assertThat(fleet.cluster("m2").at("/metadata/labels/cost-centre").asText()).isEqualTo("4711");
      fleet.muster("plan", "--detailed-exitcode").exits(0);
    }
  }

  @Test
  void refusesAnotherNameOfTheHost() {
    try (Fleet fleet = Fleet.joined(1, "3.3")) {
      fleet.topology("clusterName: centre", "- name: m1");
      fleet.muster("plan").exits(5).says("the host is called host in KubeSphere");
      fleet.topology("clusterName: host", "- name: m1");
      fleet.muster("plan").exits(0);
    }
    try (Fleet fleet = Fleet.of(1, "3.1")) {
      fleet.topology("clusterName: centre", "- name: m1");
      fleet.muster("plan").exits(5).says("clusterName needs KubeSphere 3.2 or later");
      assertThat(fleet.writes()).isEmpty();
    }
  }

  /** The example, and what its commands print. */
  @Test
  void doesWhatTheExampleShows() {
    try (Fleet fleet = Fleet.of(3, "3.3")) {
      fleet.topology(
          Transcript.topology("changed")
              .replaceAll("- name: east\\n.*\\n.*\\n", "- name: m2\n")
              .replaceAll("    connection: direct\\n.*\\n", ""));
      fleet.apply().exits(0);
      label(fleet, "m2", "{cost-centre: '4711'}");
      fleet.write(
          "kube/aks-west.yaml",
          fleet.sandbox.kubeconfigForHost("m3", Instant.now().plus(Duration.ofDays(300))));
      fleet.topology(Transcript.topology("changed"));
      Transcript transcript = Transcript.of("changed");
      transcript.add("muster plan", fleet.muster("plan").exits(0));
      transcript.addEnd("muster apply --yes", fleet.apply().exits(0));
      transcript.add("muster plan", fleet.muster("plan").exits(0));
      transcript.isAsWritten();
    }
  }

  /**
   * Tower does not see that a port is taken, and only its log tells that it cannot listen there.
   */
  @ParameterizedTest
  @ValueSource(strings = {"3.0", "3.3", "3.4"})
  void registersAMemberAnewThatWasGivenThePortOfAnother(String version) {
    try (Fleet fleet = Fleet.of(3, version)) {
      fleet.topology("", "- name: m1\n- name: m2");
      fleet.apply().exits(0);
      fleet.topology("", "- name: m1\n- name: m2\n- {name: m3, labels: {tier: gold}}");
      fleet.simulated().givePortOf(Optional.of("m2"));

      fleet.apply().exits(5).says("Tower gave m3 the port of m2 (", "run the same command again");
      fleet.simulated().givePortOf(Optional.empty());

      assertThat(deployed(fleet, "m3")).isFalse();
      fleet
          .muster("plan")
          .exits(0)
          .says("step unbind[m3]", "- delete Cluster/m3", "+ create Cluster/m3");
      fleet.apply().exits(0);
      assertThat(fleet.condition("m3", "Ready")).isEqualTo("True");
      assertThat(port(fleet, "m3")).isNotEqualTo(port(fleet, "m2"));
      fleet.muster("plan", "--detailed-exitcode").exits(0);
      fleet.muster("drift").exits(0);
    }
  }

  private static int port(Fleet fleet, String member) {
    return fleet.cluster(member).at("/spec/connection/kubernetesAPIServerPort").asInt();
  }

  @Test
  void doesWhatTheExampleOfAMemberThatWasSetUpAnewShows() {
    try (Fleet fleet = Fleet.of(3, "3.4")) {
      String example = Transcript.topology("reinstalled");
      String undecided = example.replace("    reinstalled: replace\n", "");
      fleet.topology(undecided.replaceAll("    access: .*context: m3.*\n", ""));
      fleet.apply().exits(0);
      label(fleet, "m2", "{cost-centre: '4711'}");
      fleet.simulated().stopAgent("m2");
      fleet.sandbox.server().cluster("m2").unavailable(true);
      Transcript transcript = Transcript.of("reinstalled");
      fleet.topology(undecided);
      transcript.add("muster plan -f undecided.yaml", fleet.muster("plan").exits(5));
      fleet.topology(example.replace("replace\n", "adopt\n"));
      transcript.add("muster plan -f adopt.yaml", fleet.muster("plan").exits(5));
      fleet.topology(example);
      transcript.add("muster plan", fleet.muster("plan").exits(0));
      transcript.addEnd("muster apply --yes", fleet.apply().exits(0));
      transcript.add("muster plan", fleet.muster("plan").exits(0));
      transcript.isAsWritten();
    }
  }

  private static String renamed(String more) {
    return "- name: east\n  renamedFrom: m2\n  " + context("m2") + "\n  " + more;
  }

  private static String context(String name) {
    return "access: {kubeconfig: {file: kubeconfig.yaml, context: " + name + "}}";
  }

  private static void label(Fleet fleet, String member, String labels) {
    fleet.edit("host", Definitions.CLUSTER, "", member, "{metadata: {labels: " + labels + "}}");
  }

  private static boolean deployed(Fleet fleet, String member) {
    try {
      var unused = fleet.deployment(member, "cluster-agent");
      return true;
    } catch (ApiException e) {
      assertThat(e.isNotFound()).isTrue();
      return false;
    }
  }

  private static boolean exists(Fleet fleet, String member) {
    try {
      var unused = fleet.cluster(member);
      return true;
    } catch (ApiException e) {
      assertThat(e.isNotFound()).isTrue();
      return false;
    }
  }
}
