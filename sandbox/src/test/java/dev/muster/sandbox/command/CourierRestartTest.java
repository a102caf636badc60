package dev.muster.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.sandbox.fault.FaultRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A plan of one's own restarts a workload of each member for what it has changed there; the run of
 * the courier is cut between the two. What is due is in the receipt.
 */
@Execution(ExecutionMode.CONCURRENT)
class CourierRestartTest {
  private static final String ROLE = "            clusterRole: member\n";
  private static final String RESTART = "    restart: {object: apiserver, for: [configuration]}\n";
  private static final String RESTARTED = "patched Deployment/kubesphere-system/ks-apiserver on m2";

  @Test
  void isMadeUpForByTheSameBundle() throws IOException {
    try (Fleet fleet = Fleet.of(2, "3.3")) {
      Courier courier = cutOff(fleet);
      courier.there().exits(0).says(RESTARTED);
      assertThat(mark(fleet)).isNotEmpty();
      courier.there().exits(0).says("no changes");
      courier.home().exits(0);
      fleet.muster("plan", "--detailed-exitcode").exits(0);
    }
  }

  @Test
  void isMadeUpForByTheNextBundle() throws IOException {
    try (Fleet fleet = Fleet.of(2, "3.3")) {
      Courier courier = cutOff(fleet);
      courier.home().exits(8).says("member-role[m2] failed", "muster.dev/restarted-for");
      courier.pack("m2").exits(0);
      Files.delete(courier.receipt);
      courier.there().exits(0).says(RESTARTED);
      assertThat(mark(fleet)).isNotEmpty();
      courier.home().exits(0);
      fleet.muster("plan", "--detailed-exitcode").exits(0);
    }
  }

  /** The ClusterConfiguration is changed, and the workload has not been restarted for it. */
  private static Courier cutOff(Fleet fleet) throws IOException {
    String plan = Files.readString(Path.of("../plans/kubesphere.yaml"));
    assertThat(plan).containsOnlyOnce(ROLE);
    fleet.write("plan.yaml", plan.replace(ROLE, ROLE + RESTART));
    Courier courier = new Courier(fleet);
    fleet.topology("", "- name: m1\n- {name: m2, " + Courier.ACCESS + "}\nplan: ./plan.yaml");
    fleet.apply().exits(8);
    courier.pack("m2").exits(0);
    String straight = Files.readString(fleet.folder.resolve("there.yaml"));
    try (FaultyWay way =
        FaultyWay.to(
            fleet.sandbox,
            FaultRules.parse(List.of("lost patch /deployments/ks-apiserver @m2 1"), Set.of("m2")),
            told -> {})) {
      fleet.write("there.yaml", Courier.only(Set.of("m2"), way.kubeconfig()));
      Fleet.Result cut = courier.there().exits(3);
      assertThat(cut.all()).doesNotContain(RESTARTED);
    }
    fleet.write("there.yaml", straight);
    assertThat(mark(fleet)).isEmpty();
    return courier;
  }

  private static String mark(Fleet fleet) {
    return RestartTest.mark(fleet.kubectl("m2"));
  }
}
