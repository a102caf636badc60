package dev.muster.changes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.Garden;
import dev.muster.Growth;
import dev.muster.diff.Fingerprint;
import dev.muster.graph.FleetGraph;
import dev.muster.graph.Graph;
import dev.muster.graph.GraphText;
import dev.muster.plan.Plan;
import dev.muster.report.Clean;
import dev.muster.report.PlanJson;
import dev.muster.report.PlanMarkdown;
import dev.muster.report.PlanText;
import dev.muster.report.Style;
import dev.muster.resource.Redactor;
import dev.muster.topology.Topology;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/** What a plan costs on paper, without a network, as the fleet grows to 10,000 members. */
@Isolated("measures")
@Timeout(300)
final class GrowthTest {
  private final Plan plan = Garden.plan(Path.of("src/test/resources/growth/plan.yaml"));

  @Test
  void readingATopologyGrowsWithItsMembers() {
    Growth.isLinear("reading the topology", members -> topology(text(members)));
  }

  @Test
  void aPlanWithNothingToChangeGrowsWithItsMembers() {
    Growth.isLinear("a plan with nothing to change", members -> plan(members, members));
  }

  @Test
  void aPlanOfANewFleetGrowsWithItsMembers() {
    Growth.isLinear("a plan of a new fleet", members -> plan(members, 0));
  }

  @Test
  void drawingTheStepsGrowsWithItsMembers() {
    for (boolean apart : List.of(true, false)) {
      Growth.isLinear(
          apart ? "drawing each member" : "drawing members that are alike",
          members -> {
            Topology topology = read(text(members));
            return () -> {
              Graph graph = FleetGraph.of(plan, topology, apart);
              assertThat(graph.nodes()).hasSize(apart ? 2 * members + 2 : 4);
              GraphText.of(graph);
            };
          });
    }
  }

  @Test
  void tellingAPlanGrowsWithItsMembers() {
    Fingerprint fingerprint = Fingerprint.withNewKey(new SecureRandom());
    Clean clean = new Clean(new Redactor());
    tells(
        "text",
        (topology, c) -> new PlanText(plan, topology, fingerprint, clean, Style.PLAIN).render(c));
    tells(
        "Markdown",
        (topology, c) -> new PlanMarkdown(plan, topology, fingerprint, clean).render(c));
    tells("JSON", (topology, c) -> new PlanJson(plan, fingerprint, clean).render(c));
  }

  private void tells(String form, BiFunction<Topology, ChangeSet, String> render) {
    Growth.isLinear(
        "telling a plan as " + form,
        members -> {
          Topology topology = read(text(members));
          ChangeSet changeSet = planned(topology, clusters(members, 0));
          return () -> assertThat(render.apply(topology, changeSet)).isNotEmpty();
        });
  }

  private static String text(int members) {
    StringBuilder text =
        new StringBuilder(
            "apiVersion: muster.dev/v1alpha1\nkind: Topology\nmetadata: {name: acme}\nspec:\n"
                + "  host: {name: host}\n  members:\n");
    for (int i = 0; i < members; i++) {
      text.append("  - name: ").append(name(i)).append("\n    labels: {region: north}\n");
    }
    return text.toString();
  }

  private static String name(int member) {
    return "m-%05d".formatted(member);
  }

  private Runnable topology(String text) {
    return () -> read(text);
  }

  private Topology read(String text) {
    return Garden.topology(plan, text);
  }

  /**
   * @param joined as many of the members are as declared
   */
  private Runnable plan(int members, int joined) {
    Topology topology = read(text(members));
    MemoryClusters clusters = clusters(members, joined);
    return () -> {
      ChangeSet changeSet = planned(topology, clusters);
      assertThat(changeSet.steps()).hasSize(2 + 2 * members);
      assertThat(changeSet.steps().stream().filter(s -> s.decision() == StepPlan.Decision.RUN))
          .hasSize(joined == members ? 0 : 1 + 2 * members);
    };
  }

  private ChangeSet planned(Topology topology, MemoryClusters clusters) {
    Snapshot snapshot = new Snapshot(new Redactor());
    LiveReader reader = new LiveReader(plan, topology, clusters, Runnable::run);
    return new Planner(plan, topology, reader).plan(snapshot, Selection.everything());
  }

  private static MemoryClusters clusters(int members, int joined) {
    MemoryClusters clusters = new MemoryClusters();
    clusters.put("host", identity("host"));
    clusters.put("host", configMap("bed", "recipe", "water"));
    if (joined == members) {
      clusters.put("host", configMap("harvest", "state", "open"));
    }
    for (int i = 0; i < members; i++) {
      clusters.put(name(i), identity(name(i)));
      ObjectNode bed = configMap("bed", "recipe", i < joined ? "water" : "earth");
      bed.withObject("/data").put("name", name(i));
      clusters.put(name(i), bed);
      if (i < joined) {
        clusters.put("host", configMap(name(i), "key", name(i) + "-key"));
      }
    }
    return clusters;
  }

  private static ObjectNode identity(String name) {
    ObjectNode namespace = (ObjectNode) Garden.json("{'apiVersion': 'v1', 'kind': 'Namespace'}");
    namespace.putObject("metadata").put("name", "kube-system").put("uid", "uid-of-" + name);
    return namespace;
  }

  private static ObjectNode configMap(String name, String key, String value) {
    ObjectNode object = (ObjectNode) Garden.json("{'apiVersion': 'v1', 'kind': 'ConfigMap'}");
    object
        .putObject("metadata")
        .put("namespace", "garden")
        .put("name", name)
        .put("uid", "uid-of-" + name);
    object.putObject("data").put(key, value);
    return object;
  }
}
