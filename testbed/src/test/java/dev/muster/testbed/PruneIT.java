package dev.muster.testbed;

import static dev.muster.testbed.MusterAssert.assertThat;
import static dev.muster.testbed.RealFleet.HOST;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Members that vanish from the file: refused, pruned when told, and never too many at once. */
@Timeout(300)
final class PruneIT {
  private static final String PROXY = "host: {proxy: {address: \"http://203.0.113.1:8080\"}}\n";

  @Test
  void vanishedMembersAreRefusedAndThenPrunedAsPlanned() {
    RealFleet.Builder builder = RealFleet.of("3.3");
    for (String member : new String[] {"m1", "m2", "m3", "m4"}) {
      builder.member(member);
    }
    try (Lifecycle life = Lifecycle.of(builder)) {
      RealFleet fleet = life.fleet();
      life.prepared(PROXY + "members: [{name: m1}, {name: m2}, {name: m3}, {name: m4}]");

      fleet.declare(PROXY + "members: [{name: m1}]");
      Requests earlier = fleet.requests();
      assertThat(fleet.muster().run("apply", "--yes"))
          .exitsWith(5)
          .says("member \"m2\" was joined by muster", "member \"m3\" was joined by muster");
      assertThat(fleet.muster().run("apply", "--yes", "--prune"))
          .exitsWith(5)
          .says("would take out 3 members (m2, m3, m4), and may take out 1");
      assertThat(fleet.requests().after(earlier).writes()).isEmpty();

      life.change(PROXY + "members: [{name: m1}, {name: m2}, {name: m3}]")
          .with("--prune")
          .planning(
              planned ->
                  assertThat(planned).contains("host -Cluster/m4", "m4 -Deployment/cluster-agent"))
          .asPlanned();
      life.change(PROXY + "members: [{name: m1}, {name: m2}]").with("--prune").killedInTheMiddle(2);
      for (String member : new String[] {"m3", "m4"}) {
        assertThat(fleet.registration(member).isMissingNode()).as(member).isTrue();
        assertThat(
                fleet.object(HOST, Requests.INVENTORY + "/muster-acme-" + member).isMissingNode())
            .as("inventory of " + member)
            .isTrue();
      }
      assertThat(fleet.object(HOST, Requests.INVENTORY + "/muster-acme-m2").isObject()).isTrue();
    }
  }
}
