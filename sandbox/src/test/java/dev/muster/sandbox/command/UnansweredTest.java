package dev.muster.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.client.ApiClient;
import dev.muster.sandbox.client.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A write whose answer never comes: muster looks whether it took effect. */
@Timeout(120)
final class UnansweredTest {
  private static final Kind LEASE = new Kind("coordination.k8s.io", "v1", "Lease", "leases", true);

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "answer-lost create /clusters @host 1, created Cluster/m1 on host",
    "answer-lost patch /clusterconfigurations/ks-installer @m1 1, patched ClusterConfiguration/kubesphere-system/ks-installer on m1",
  })
  void goesOnWhereItTookEffect(String rule, String told) {
    try (FaultyRuns runs = new FaultyRuns(folder)) {
      FaultyRuns.Ending ending = runs.apply("", List.of(rule));

      assertThat(ending.code()).as(ending.said()).isZero();
      assertThat(ending.said())
          .containsOnlyOnce(told)
          .contains("note: the answer to a write of ", " was lost (", "), but it took effect");
    }
  }

  @Test
  void goesOnWhereADeletionTookEffect() {
    try (FaultyRuns runs = new FaultyRuns(folder)) {
      runs.join();
      FaultyRuns.Ending ending =
          runs.apply(
              "    state: absent\n",
              List.of("answer-lost delete /deployments/cluster-agent @m1 1"));

      assertThat(ending.code()).as(ending.said()).isZero();
      assertThat(ending.said())
          .containsOnlyOnce("deleted Deployment/kubesphere-system/cluster-agent on m1")
          .contains("), but it took effect");
      assertThat(runs.agentIsThere()).isFalse();
    }
  }

  /** Found by stopping runs: the list that it was planned from was not read anew. */
  @Test
  void goesOnWhereAPatchOfOneOfAListTookEffect() {
    try (FaultyRuns runs = new FaultyRuns(folder)) {
      runs.join();
      FaultyRuns.Ending ending =
          runs.apply(
              "    state: absent\n", List.of("answer-lost patch /namespaces/shop-orders @m1 1"));

      assertThat(ending.code()).as(ending.said()).isZero();
      assertThat(ending.said())
          .contains(
              "note: the answer to a write of Namespace/shop-orders on m1",
              "), but it took effect");
    }
  }

  /** The inventory is muster's own, so nothing is told of it. */
  @ParameterizedTest
  @CsvSource({
    "create /api/v1/namespaces/kube-system/configmaps @host 1, ''",
    "update /configmaps/muster-sandbox-m1 @host 1, ''",
    "delete /configmaps/muster-sandbox-m1 @host 1, '    state: absent\n'",
  })
  void goesOnWhereItsInventoryIsWritten(String request, String more) {
    try (FaultyRuns runs = new FaultyRuns(folder)) {
      if (!more.isEmpty()) {
        runs.join();
      }
      List<String> met = new ArrayList<>();
      FaultyRuns.Ending ending =
          runs.run(more, List.of("answer-lost " + request), met::add, "apply", "--yes");

      assertThat(ending.code()).as(ending.said()).isZero();
      assertThat(ending.said()).doesNotContain("inventory");
      assertThat(met).hasSize(1);
      FaultyRuns.Ending plan = runs.run(more, List.of(), told -> {}, "plan");
      assertThat(plan.said()).contains("no changes");
    }
  }

  /** It is the server that may say no more; nothing is sent a second time. */
  @Test
  void stopsWhereItDidNot() {
    List<String> met = new ArrayList<>();
    try (FaultyRuns runs = new FaultyRuns(folder)) {
      FaultyRuns.Ending ending =
          runs.run("", List.of("lost create /clusters @host"), met::add, "apply", "--yes");

      assertThat(ending.code()).as(ending.said()).isEqualTo(3);
      assertThat(ending.said())
          .contains(
              "cannot create Cluster/m1 on host: ",
              "; it was not there when muster looked afterwards")
          .doesNotContain("created Cluster/m1");
      assertThat(met).hasSize(1);
    }
  }

  @Test
  void saysThatItDoesNotKnowWhereNobodyTellsIt() {
    try (FaultyRuns runs = new FaultyRuns(folder)) {
      FaultyRuns.Ending ending =
          runs.apply(
              "", List.of("answer-lost create /clusters @host 1", "409 get /clusters/m1 @host"));

      assertThat(ending.code()).as(ending.said()).isEqualTo(3);
      assertThat(ending.said())
          .contains("cannot create Cluster/m1 on host: ", "; whether it took effect is not known")
          .doesNotContain("created Cluster/m1");
    }
  }

  /**
   * Found by stopping runs: the one that woke said "cannot create", and the one that had taken over
   * found it there, so nobody told who had made it.
   */
  @Test
  void doesNotClaimItWithoutTheLock() {
    try (FaultyRuns runs = new FaultyRuns(folder)) {
      FaultyRuns.Ending ending =
          runs.run(
              "",
              List.of("answer-lost create /clusters @host 1"),
              met -> takeOver(runs.kubectl("host")),
              "apply",
              "--yes");

      assertThat(ending.code()).as(ending.said()).isEqualTo(3);
      assertThat(ending.said())
          .contains(
              "cannot create Cluster/m1 on host: ",
              "; it is there now, and whether this run did that is not known; the lock of"
                  + " this run was taken over by run ")
          .doesNotContain("created Cluster/m1");
    }
  }

  /** It was made by somebody else in the same moment, so it must not be deleted with the member. */
  @Test
  void doesNotClaimWhatSomebodyElseHasMade() {
    try (FaultyRuns runs = new FaultyRuns(folder)) {
      runs.join();
      ApiClient member = runs.kubectl("m1").as("kubectl", "kubectl-create");
      ObjectNode agent = member.get(Kind.DEPLOYMENT, "kubesphere-system", "cluster-agent");
      agent.remove("status");
      agent
          .withObjectProperty("metadata")
          .remove(List.of("uid", "resourceVersion", "creationTimestamp", "managedFields"));
      member.delete(Kind.DEPLOYMENT, "kubesphere-system", "cluster-agent");

      FaultyRuns.Ending ending =
          runs.run(
              "",
              List.of("lost create /deployments @m1 1"),
              met -> member.create(Kind.DEPLOYMENT, agent),
              "apply",
              "--yes");

      assertThat(ending.code()).as(ending.said()).isEqualTo(3);
      assertThat(ending.said())
          .contains(
              "cannot create Deployment/kubesphere-system/cluster-agent on m1: ",
              "; whether it took effect is not known")
          .doesNotContain("created Deployment");
    }
  }

  /** Another run holds the lock from now on; returns when the proof of ours is old. */
  private static void takeOver(ApiClient host) {
    ObjectNode now = host.get(LEASE, "kube-system", "muster-sandbox");
    now.withObjectProperty("spec").put("holderIdentity", "20260101-000000-aaaa by other@elsewhere");
    host.update(LEASE, now);
    try {
      Thread.sleep(Duration.ofSeconds(6).toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
