package dev.muster.testbed;

import static dev.muster.testbed.MusterAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.sandbox.controller.env.Role;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** KubeSphere 4.1: the host installs its core into members that muster registers. */
@Timeout(300)
final class CoreIT {
  private static final String KS_AGENT =
      "/apis/apps/v1/namespaces/kubesphere-system/deployments/ks-agent";

  @Test
  void joinsMembersAsPlannedAndTouchesNoneOfThem() {
    try (Lifecycle life = Lifecycle.of(bare())) {
      life.change(() -> declare(life, "")).asPlanned();
      for (String member : new String[] {"m1", "m2"}) {
        assertThat(life.fleet().object(member, KS_AGENT).at("/status/readyReplicas").asInt())
            .isEqualTo(1);
        assertThat(life.fleet().cluster(member).audit().requests())
            .noneMatch(Audit.Request::writes);
      }
      life.change(() -> declare(life, ", values: 'agent: {replicaCount: 2}'"))
          .planning(
              planned ->
                  assertThat(planned)
                      .containsExactly("host Cluster spec.config", "host Cluster spec.config"))
          .asPlanned();
    }
  }

  @Test
  void joinsThemAllTheSameWhenItIsKilledOnTheWay() {
    try (Lifecycle life = Lifecycle.of(bare())) {
      life.change(() -> declare(life, "")).killedInTheMiddle(1);
    }
  }

  @Test
  void joinsTheOtherWhileOneMemberIsAway() {
    try (Lifecycle life = Lifecycle.of(bare())) {
      life.change(() -> declare(life, "")).withUnreachable("m2");
      assertThat(life.fleet().muster().run("status")).says("v4.1.3");
    }
  }

  /** Out of the fleet, or under another name: the host does what there is to do on a member. */
  @Test
  void membersLeaveAndAreRenamed() {
    RealFleet.Builder four =
        bare().member("m3", Role.NOT_INSTALLED).member("m4", Role.NOT_INSTALLED);
    try (Lifecycle life = Lifecycle.of(four)) {
      List<String> all = List.of("m1", "m2", "m3", "m4");
      all.forEach(member -> kubeconfig(life.fleet(), member));
      life.prepared(
          fleet(named("m1", "m1"), named("m2", "m2"), named("m3", "m3"), named("m4", "m4")));

      life.change(fleet(named("m1", "m1"), named("m2", "m2"), named("m3", "m3"), absent("m4")))
          .planning(planned -> assertThat(planned).containsExactly("host -Cluster/m4"))
          .asPlanned();
      life.change(fleet(named("m1", "m1"), named("east", "m2", "m2"), absent("m3")))
          .calling("m2", "east")
          .planning(
              planned ->
                  assertThat(planned)
                      .containsExactlyInAnyOrder(
                          "host -Cluster/m2", "host +Cluster/east", "host -Cluster/m3"))
          .killedInTheMiddle(1);
      life.change(fleet(absent("m1"), named("west", "m2", "east")))
          .calling("m2", "west")
          .withUnreachable("m2");

      assertThat(life.fleet().registration("west").isMissingNode()).isFalse();
      for (String member : List.of("m1", "m3", "m4")) {
        assertThat(life.fleet().registration(member).isMissingNode()).as(member).isTrue();
      }
      for (String member : all) {
        assertThat(life.fleet().object(member, KS_AGENT).isMissingNode()).as(member).isFalse();
        assertThat(life.fleet().cluster(member).audit().requests())
            .noneMatch(Audit.Request::writes);
      }
    }
  }

  private static String fleet(String... members) {
    return "host: {sharesLoopback: true}\nmembers:\n" + String.join("", members);
  }

  private static String absent(String member) {
    return "- {name: %s, state: absent, connection: direct}\n".formatted(member);
  }

  private static String named(String name, String server) {
    return named(name, server, "");
  }

  private static String named(String name, String server, String former) {
    return """
        - name: %1$s
          connection: direct
          kubeconfig: {file: kubeconfig-%2$s.yaml}
          access: {kubeconfig: {file: kubeconfig.yaml, context: %2$s}}
        """
            .formatted(name, server)
        + (former.isEmpty() ? "" : "  renamedFrom: " + former + "\n");
  }

  private static RealFleet.Builder bare() {
    return RealFleet.of("4.1")
        .host(setup -> setup.withRole(Role.HOST))
        .member("m1", Role.NOT_INSTALLED)
        .member("m2", Role.NOT_INSTALLED);
  }

  private static void declare(Lifecycle life, String more) {
    StringBuilder members = new StringBuilder();
    for (String name : new String[] {"m1", "m2"}) {
      kubeconfig(life.fleet(), name);
      members
          .append(
              "- {name: %1$s, connection: direct, kubeconfig: {file: kubeconfig-%1$s.yaml}"
                  .formatted(name))
          .append(more)
          .append("}\n");
    }
    life.fleet().declare("host: {sharesLoopback: true}\nmembers:\n" + members);
  }

  /** What the host uses; made once, as another certificate would be another kubeconfig. */
  private static void kubeconfig(RealFleet fleet, String member) {
    if (Files.exists(
        fleet.servers().folder().resolve("repository/kubeconfig-" + member + ".yaml"))) {
      return;
    }
    fleet.muster().write("kubeconfig-" + member + ".yaml", fleet.kubeconfigForHost(member));
  }
}
