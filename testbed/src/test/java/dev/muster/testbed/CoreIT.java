package dev.muster.testbed;

import static dev.muster.testbed.MusterAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.sandbox.controller.env.Role;
import java.nio.file.Files;
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
