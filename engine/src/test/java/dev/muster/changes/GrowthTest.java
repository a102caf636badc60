package dev.muster.changes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.Garden;
import dev.muster.plan.Plan;
import dev.muster.problem.Problems;
import dev.muster.resource.Redactor;
import dev.muster.topology.Topology;
import dev.muster.topology.TopologyReader;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * What a plan costs on paper, without a network, as the fleet grows. The measure is this thread's
 * processor time, and what is held is a ratio within one run: eight times the members may cost
 * sixteen times as much, where anything that looks at all members for each member costs 64 times.
 */
@Isolated("measures")
@Timeout(300)
final class GrowthTest {
  private static final int FEW = Integer.getInteger("growth.few", 250);
  private static final int TIMES = 8;

  private final Plan plan = Garden.plan(Path.of("src/test/resources/growth/plan.yaml"));

  @Test
  void readingATopologyGrowsWithItsMembers() {
    grows("reading the topology", members -> topology(text(members)));
  }

  @Test
  void aPlanWithNothingToChangeGrowsWithItsMembers() {
    grows("a plan with nothing to change", members -> plan(members, members));
  }

  @Test
  void aPlanOfANewFleetGrowsWithItsMembers() {
    grows("a plan of a new fleet", members -> plan(members, 0));
  }

  /** One round of work whose size is the number of members. */
  private interface Work {
    Runnable of(int members);
  }

  private static void grows(String what, Work work) {
    Runnable few = work.of(FEW);
    Runnable many = work.of(FEW * TIMES);
    few.run(); // loads classes, compiles expressions
    long small = Math.min(time(few), Math.min(time(few), time(few)));
    long large = time(many);
    System.out.printf(
        "%s: %d members %.3f s, %d members %.3f s%n",
        what, FEW, small / 1e9, FEW * TIMES, large / 1e9);
    assertThat((double) large / small)
        .as("%s: how much more %d times the members cost", what, TIMES)
        .isLessThan(2.0 * TIMES);
  }

  private static long time(Runnable work) {
    var threads = ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadCpuTime();
    work.run();
    return threads.getCurrentThreadCpuTime() - before;
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
    Problems problems = new Problems();
    return TopologyReader.open("t.yaml", text, Path.of("/"), problems)
        .flatMap(
            reader ->
                reader.read(
                    Garden.schema("topology"),
                    plan.inputs(),
                    (source, folder, where, found) -> List.of(),
                    (source, folder, where, found) -> Optional.empty(),
                    problems))
        .orElseThrow(() -> new AssertionError(problems.all().toString()));
  }

  /**
   * @param joined as many of the members are as declared
   */
  private Runnable plan(int members, int joined) {
    Topology topology = read(text(members));
    MemoryClusters clusters = new MemoryClusters();
    clusters.put("host", identity("host"));
    clusters.put("host", configMap("bed", "recipe", "water"));
    for (int i = 0; i < members; i++) {
      clusters.put(name(i), identity(name(i)));
      ObjectNode bed = configMap("bed", "recipe", i < joined ? "water" : "earth");
      bed.withObject("/data").put("name", name(i));
      clusters.put(name(i), bed);
      if (i < joined) {
        clusters.put("host", configMap(name(i), "key", name(i) + "-key"));
      }
    }
    return () -> {
      Snapshot snapshot = new Snapshot(new Redactor());
      LiveReader reader = new LiveReader(plan, topology, clusters, Runnable::run);
      ChangeSet changeSet =
          new Planner(plan, topology, reader).plan(snapshot, Selection.everything());
      assertThat(changeSet.steps()).hasSize(1 + 2 * members);
      assertThat(changeSet.steps().stream().filter(s -> s.decision() == StepPlan.Decision.RUN))
          .hasSize(joined == members ? 0 : 2 * members);
    };
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
