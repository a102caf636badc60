package dev.muster.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.client.ApiClient;
import dev.muster.sandbox.client.Kind;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Before 3.3, ks-apiserver reads its file when it starts, so it is restarted for each change of it.
 */
@Timeout(120)
final class RestartTest {
  private static final String RESTARTED =
      "patched Deployment/kubesphere-system/ks-apiserver on host";

  @TempDir private Path folder;

  /** All that is declared is written by then, so only the inventory tells that it is due. */
  @Test
  void isMadeUpForByTheNextRun() {
    try (FaultyRuns runs = new FaultyRuns(folder, "3.1")) {
      FaultyRuns.Ending cut =
          runs.apply("", List.of("lost patch /deployments/ks-apiserver @host 1"));
      assertThat(cut.code()).as(cut.said()).isEqualTo(3);
      assertThat(cut.said())
          .contains("patched ConfigMap/kubesphere-system/kubesphere-config on host")
          .doesNotContain(RESTARTED);

      FaultyRuns.Ending plan = runs.run("", List.of(), told -> {}, "plan");
      assertThat(plan.said()).contains("~ patch Deployment/kubesphere-system/ks-apiserver");
      FaultyRuns.Ending drift = runs.run("", List.of(), told -> {}, "drift");
      assertThat(drift.said())
          .contains(
              "pending  spec.template.metadata.annotations['muster.dev/restarted-for']",
              "outlook:  it has to be restarted for what an earlier run has changed");

      FaultyRuns.Ending next = runs.apply("", List.of());
      assertThat(next.code()).as(next.said()).isZero();
      assertThat(next.said()).contains(RESTARTED);
      assertThat(mark(runs)).isNotEmpty();
    }
  }

  @Test
  void isMadeOnce() {
    try (FaultyRuns runs = new FaultyRuns(folder, "3.1")) {
      FaultyRuns.Ending lost =
          runs.apply("", List.of("answer-lost patch /deployments/ks-apiserver @host 1"));
      assertThat(lost.code()).as(lost.said()).isZero();
      assertThat(lost.said()).containsOnlyOnce(RESTARTED).contains("), but it took effect");
      String mark = mark(runs);

      FaultyRuns.Ending next = runs.apply("", List.of());
      assertThat(next.code()).as(next.said()).isZero();
      assertThat(next.said()).contains("no changes");
      assertThat(mark(runs)).isEqualTo(mark);
    }
  }

  /** The edit may be in force, and putting the file right is the very change it was before. */
  @Test
  void isMadeAgainForTheSameChange() {
    try (FaultyRuns runs = new FaultyRuns(folder, "3.1")) {
      runs.join();
      String mark = mark(runs);
      edit(runs);

      FaultyRuns.Ending healed = runs.apply("", List.of());
      assertThat(healed.code()).as(healed.said()).isZero();
      assertThat(healed.said()).contains(RESTARTED);
      assertThat(mark(runs)).isNotEmpty().isNotEqualTo(mark);
    }
  }

  @Test
  void isMadeUpForByTheNextHealingToo() {
    try (FaultyRuns runs = new FaultyRuns(folder, "3.1")) {
      runs.join();
      edit(runs);
      FaultyRuns.Ending cut =
          runs.run(
              "",
              List.of("lost patch /deployments/ks-apiserver @host 1"),
              told -> {},
              "drift",
              "--heal",
              "--yes");
      assertThat(cut.said())
          .contains("patched ConfigMap/kubesphere-system/kubesphere-config on host")
          .doesNotContain(RESTARTED);

      FaultyRuns.Ending healed = runs.run("", List.of(), told -> {}, "drift", "--heal", "--yes");
      assertThat(healed.said()).contains(RESTARTED);
      assertThat(runs.run("", List.of(), told -> {}, "drift").said()).contains("no drift");
    }
  }

  private static void edit(FaultyRuns runs) {
    ApiClient host = runs.kubectl("host").as("kubectl", "kubectl-edit");
    ObjectNode config = host.get(Kind.CONFIG_MAP, "kubesphere-system", "kubesphere-config");
    ObjectNode data = config.withObjectProperty("data");
    String text = data.path("kubesphere.yaml").asText();
    data.put("kubesphere.yaml", text.replace("203.0.113.20", "203.0.113.66"));
    host.update(Kind.CONFIG_MAP, config);
  }

  private static String mark(FaultyRuns runs) {
    return mark(runs.kubectl("host"));
  }

  /** What ks-apiserver was restarted for; empty when it was not. */
  static String mark(ApiClient cluster) {
    JsonNode deployment = cluster.get(Kind.DEPLOYMENT, "kubesphere-system", "ks-apiserver");
    return deployment
        .at("/spec/template/metadata/annotations/muster.dev~1restarted-for")
        .asText("");
  }
}
