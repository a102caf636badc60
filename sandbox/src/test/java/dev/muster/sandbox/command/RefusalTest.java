package dev.muster.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.sandbox.controller.env.ClusterSetup;
import dev.muster.sandbox.controller.env.Role;
import dev.muster.sandbox.controller.install.Definitions;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What muster refuses to do, in which words, and that it then writes nothing. */
@Execution(ExecutionMode.CONCURRENT)
class RefusalTest {
  private static final String TWO = "- name: m1\n- name: m2";

  @Test
  void refusesAClusterOtherThanThePinnedOne() {
    try (Fleet fleet = Fleet.of(2, "3.3")) {
      fleet.topology("", "- {name: m1, uid: 5b1c0f0e-6d1f-4a53-9a0c-2f6a3c1d7e10}\n- name: m2");
      refused(
          fleet,
          "topology.yaml:10:",
          "behind the access of \"m1\" is another cluster: its kube-system UID is "
              + fleet.sandbox.server().cluster("m1").uid(),
          "the topology pins 5b1c0f0e-6d1f-4a53-9a0c-2f6a3c1d7e10");
    }
  }

  @Test
  void acceptsThePinnedCluster() {
    try (Fleet fleet = Fleet.of(1, "3.3")) {
      fleet.topology("", "- {name: m1, uid: " + fleet.sandbox.server().cluster("m1").uid() + "}");
      fleet.muster("plan", "--detailed-exitcode").exits(2);
    }
  }

  @Test
  void refusesAMemberThatIsTheHost() {
    try (Fleet fleet = Fleet.of(2, "3.3")) {
      fleet.topology(
          "", "- {name: m1, access: {kubeconfig: {file: kubeconfig.yaml, context: host}}}");
      refused(
          fleet,
          "member m1 is the host itself (both have the kube-system UID "
              + fleet.sandbox.server().cluster("host").uid(),
          "give the member its own context or kubeconfig");
    }
  }

  @Test
  void refusesTwoMembersThatAreOneCluster() {
    try (Fleet fleet = Fleet.of(1, "3.3")) {
      fleet.topology(
          "",
          "- name: m1\n- {name: twin, access: {kubeconfig: {file: kubeconfig.yaml, context: m1}}}");
      refused(fleet, "m1 and twin are the same cluster", "take one of them out");
    }
  }

  @Test
  void refusesAMemberThatIsJoinedUnderAnotherName() {
    try (Fleet fleet = Fleet.joined(1, "3.3")) {
      fleet.topology(
          "", "- {name: second, access: {kubeconfig: {file: kubeconfig.yaml, context: m1}}}");
      refused(fleet, "member second is joined already, as m1", "say renamedFrom");
    }
  }

  @Test
  void refusesAHostThatIsAMember() {
    try (Fleet fleet = roles("host", Role.MEMBER)) {
      refused(fleet, "the host of this topology is a member of another host");
    }
  }

  @Test
  void refusesAMemberThatIsAHost() {
    try (Fleet fleet = roles("m1", Role.HOST)) {
      fleet.topology("", "- name: m1");
      refused(fleet, "member m1 is itself a host (its clusterRole is host)");
    }
  }

  @Test
  void refusesAReleaseThatThePlanDoesNotKnow() {
    try (Fleet fleet = Fleet.of(1, "3.3")) {
      fleet.edit(
          "m1",
          Definitions.CLUSTER_CONFIGURATION,
          Fleet.SYSTEM,
          "ks-installer",
          "{metadata: {labels: {version: v4.1.2}}}");
      fleet.topology("", "- name: m1");
      refused(fleet, "this plan knows KubeSphere 3.0 to 3.4, member m1 has v4.1.2");
      fleet.edit(
          "host",
          Definitions.CLUSTER_CONFIGURATION,
          Fleet.SYSTEM,
          "ks-installer",
          "{metadata: {labels: {version: v3.5.0}}}");
      refused(fleet, "this plan knows KubeSphere 3.0 to 3.4 and 4.1, the host has v3.5.0");
    }
  }

  @Test
  void refusesASecretThatBreaksTheInstaller() {
    try (Fleet fleet =
        fleet(
            setup ->
                setup.name().equals("host")
                    ? setup.withRole(Role.HOST).withJwtSecret("a$b;c'd")
                    : setup)) {
      refused(
          fleet,
          "the host's jwtSecret has characters other than letters and digits",
          "set spec.authentication.jwtSecret of the host's ClusterConfiguration");
      assertThat(fleet.muster("plan").all()).doesNotContain("a$b;c'd");
    }
  }

  @Test
  void refusesAMemberWhereKubeSphereIsNotInstalled() {
    try (Fleet fleet = roles("m1", Role.NOT_INSTALLED)) {
      fleet.topology("", "- name: m1");
      refused(
          fleet,
          "KubeSphere is not installed on member m1, there is no ClusterConfiguration ks-installer",
          "name the installer's files under install.manifests");
    }
  }

  @Test
  void joinsTheOthersBesideARefusedMember() {
    try (Fleet fleet = roles("m1", Role.HOST)) {
      fleet.topology("", TWO);
      fleet.apply().exits(5).says("member m1 is itself a host");
      fleet.muster("plan", "-o", "json").exits(5);
      // Nothing at all is written while something in the topology is wrong.
      assertThat(fleet.writes()).isEmpty();
      fleet.apply("--exclude", "m1").exits(0);
      assertThat(fleet.condition("m2", "Ready")).isEqualTo("True");
    }
  }

  @Test
  void refusesToGoOnWhenNobodyCanBeAsked() {
    try (Fleet fleet = Fleet.of(1, "3.3")) {
      fleet.muster("apply").exits(5).says("nobody can be asked", "muster apply --yes");
      assertThat(fleet.writes()).isEmpty();
    }
  }

  @Test
  void refusesARightThatIsMissing() {
    try (Fleet fleet = Fleet.of(1, "3.3")) {
      fleet
          .sandbox
          .server()
          .deny("admin-m1", "m1", java.util.Set.of("patch"), java.util.Set.of("*"));
      fleet.apply().exits(5).says("m1 refuses the write", "give the runner's account the right");
      fleet
          .sandbox
          .server()
          .deny(
              "admin-m1", "m1", java.util.Set.of("get"), java.util.Set.of("clusterconfigurations"));
      fleet.requests();
      refused(fleet, "cannot read", "give the runner's account the right");
    }
  }

  private static void refused(Fleet fleet, String... words) {
    fleet.requests();
    fleet.muster("plan").exits(5).says(words);
    fleet.apply().exits(5).says(words);
    assertThat(fleet.writes()).isEmpty();
  }

  private static Fleet roles(String cluster, Role role) {
    return fleet(setup -> setup.name().equals(cluster) ? setup.withRole(role) : setup);
  }

  private static Fleet fleet(UnaryOperator<ClusterSetup> each) {
    return Fleet.with(Fleet.settings(2, "3.3").withEach(each));
  }
}
