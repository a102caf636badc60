package dev.muster.changes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.Garden;
import dev.muster.diff.Fingerprint;
import dev.muster.live.Cluster;
import dev.muster.live.ForwardingCluster;
import dev.muster.live.Listing;
import dev.muster.live.Reading;
import dev.muster.plan.Plan;
import dev.muster.report.Clean;
import dev.muster.report.PlanText;
import dev.muster.report.Style;
import dev.muster.resource.ObjectRef;
import dev.muster.resource.Redactor;
import dev.muster.topology.ClusterDeclaration;
import dev.muster.topology.Topology;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * What a plan for pairs of clusters costs on paper as the fleet grows: it may grow with the number
 * of pairs, four times the clusters being some sixteen times the pairs, and not with its cube.
 */
@Isolated("measures")
@Timeout(300)
final class PairGrowthTest {
  private static final int FEW = Integer.getInteger("growth.pairs", 10);
  private static final int TIMES = 4;

  private static final Path LETTERS = Path.of("src/test/resources/plan-tests/letters/letters.yaml");

  @TempDir private Path folder;

  private final Plan plan = Garden.plan(LETTERS);

  @Test
  void aPlanGrowsWithThePairs() {
    Fleet few = new Fleet(FEW);
    Fleet many = new Fleet(FEW * TIMES);
    few.planned();
    few.settled();
    many.planned();
    for (boolean settled : List.of(false, true)) {
      long small = Math.min(time(few, settled), Math.min(time(few, settled), time(few, settled)));
      long large = Math.min(time(many, settled), time(many, settled));
      double ratio = (double) large / small;
      System.out.printf(
          "%s: %d clusters %.3f s, %d clusters %.3f s%n",
          settled ? "nothing to change" : "new fleet", FEW, small / 1e9, FEW * TIMES, large / 1e9);
      double pairs = (double) pairs(FEW * TIMES) / pairs(FEW);
      assertThat(ratio).as("how much more %.0f times the pairs cost", pairs).isLessThan(2 * pairs);
    }
  }

  @Test
  void stepsWaitForThoseOfTheirOwnPairOnly() {
    ChangeSet changeSet = new Fleet(20).planned();
    assertThat(changeSet.steps()).hasSize(20 + 2 * pairs(20));
    assertThat(changeSet.steps().stream().mapToInt(s -> s.step().dependsOn().size()).max())
        .as("edges of a step")
        .hasValue(2);
    assertThat(changeSet.step("answer[m3/m7]").orElseThrow().step().dependsOn())
        .containsExactly("box[m7]", "letter[m7/m3]");
  }

  @Test
  void whatIsTheSameOfAllPairsIsToldOnce() {
    Fleet fleet = new Fleet(20);
    ChangeSet changeSet = fleet.planned();
    String text =
        new PlanText(
                plan,
                fleet.topology,
                Fingerprint.withNewKey(new SecureRandom()),
                new Clean(new Redactor()),
                Style.PLAIN)
            .render(changeSet);
    assertThat(text.lines().count()).as(text).isLessThan(80);
    assertThat(text)
        .contains("step answer[<self>/<peer>] on <self>")
        .contains(
            "<self> stands for each of the topology's clusters (20)\n    <peer> stands for each other of 19:");
  }

  @Test
  void aListAnswersAllReadsOfAKindInOneRequest() throws IOException {
    String text = Files.readString(LETTERS);
    Path listed = folder.resolve("listed.yaml");
    Files.writeString(
        listed,
        text.replace(
            "  objects:\n", "  objects:\n    letters: {on: each, list: v1/Secret/post}\n"));
    Fleet fleet = new Fleet(6);
    Plan withList = Garden.plan(listed);
    Map<String, Integer> requests = new TreeMap<>();
    Clusters counted = new CountedClusters(fleet.after, requests);
    LiveReader reader = new LiveReader(withList, fleet.topology, counted, Runnable::run);
    ChangeSet changeSet =
        new Planner(withList, fleet.topology, reader)
            .plan(new Snapshot(new Redactor()), Selection.everything());
    assertThat(changeSet.steps()).allMatch(s -> s.decision() == StepPlan.Decision.DONE);
    assertThat(requests)
        .as("the seal is no letter, and read by its name")
        .containsEntry("list Secret", 6)
        .containsEntry("read Secret", 6)
        .containsEntry("read ConfigMap", 6 + pairs(6));
  }

  private record CountedClusters(MemoryClusters clusters, Map<String, Integer> requests)
      implements Clusters {
    @Override
    public Cluster open(ClusterDeclaration declaration) {
      return new ForwardingCluster(clusters.open(declaration)) {
        @Override
        public Reading read(ObjectRef ref) {
          requests.merge("read " + ref.kind(), 1, Integer::sum);
          return super.read(ref);
        }

        @Override
        public Listing list(ObjectRef kind, String labelSelector) {
          requests.merge("list " + kind.kind(), 1, Integer::sum);
          return super.list(kind, labelSelector);
        }
      };
    }

    @Override
    public Cluster behind(String name, String kubeconfig) {
      return clusters.behind(name, kubeconfig);
    }

    @Override
    public void close() {}
  }

  private static int pairs(int clusters) {
    return clusters * (clusters - 1);
  }

  private static long time(Fleet fleet, boolean settled) {
    var threads = ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadCpuTime();
    if (settled) {
      fleet.settled();
    } else {
      fleet.planned();
    }
    return threads.getCurrentThreadCpuTime() - before;
  }

  /** Libraries of which none, or each, has written to all others. */
  private final class Fleet {
    private final Topology topology;
    private final MemoryClusters before = new MemoryClusters();
    private final MemoryClusters after = new MemoryClusters();
    private final Map<String, InventoryEntry> entries = new LinkedHashMap<>();

    Fleet(int clusters) {
      StringBuilder text = new StringBuilder("  host: {name: main}\n  members:\n");
      for (int i = 1; i < clusters; i++) {
        text.append("  - {name: m").append(i).append("}\n");
      }
      topology = read(text.toString());
      topology.clusters().forEach(cluster -> fill(cluster.name()));
      for (StepPlan step : plan(after, new Snapshot(new Redactor())).steps()) {
        assertThat(step.decision()).as(step.step().id()).isEqualTo(StepPlan.Decision.DONE);
        String name = step.step().subject().name();
        InventoryEntry entry =
            entries.computeIfAbsent(name, n -> entry(n, step.step().subject().host()));
        entries.put(name, step.ownership().settled(entry, Map.of()));
      }
    }

    private InventoryEntry entry(String name, boolean host) {
      return new InventoryEntry(
          name,
          host,
          "uid-of-" + name,
          "",
          name,
          "",
          List.of(),
          Map.of(),
          Map.of(),
          Map.of(),
          Optional.empty());
    }

    private void fill(String name) {
      ObjectNode seal = object("Secret", "seal", "print", "print of " + name);
      for (MemoryClusters clusters : List.of(before, after)) {
        ObjectNode identity = object("Namespace", "kube-system", "a", "b");
        identity.withObject("/metadata").put("uid", "uid-of-" + name).remove("namespace");
        clusters.put(name, identity).put(name, seal);
      }
      after.put(name, object("ConfigMap", "box", "address", address(name)));
      topology.clusters().stream()
          .filter(peer -> !peer.name().equals(name))
          .forEach(peer -> exchange(name, peer.name()));
    }

    private void exchange(String name, String peer) {
      ObjectNode letter = object("Secret", "to-" + peer, "seal", "print of " + name);
      letter.withObject("/metadata/annotations").put("address", address(peer));
      letter.withObject("/metadata/labels").put("stamped", "yes");
      ObjectNode answer = object("ConfigMap", "answer-to-" + peer, "address", address(peer));
      answer.withObject("/data").put("read", "yes");
      after.put(name, letter).put(name, answer);
    }

    private String address(String name) {
      return name.equals("main") ? "1, main street" : name + " street";
    }

    ChangeSet planned() {
      ChangeSet changeSet = plan(before, new Snapshot(new Redactor()));
      assertThat(changeSet.failures()).isEmpty();
      assertThat(changeSet.steps()).allMatch(s -> s.decision() == StepPlan.Decision.RUN);
      return changeSet;
    }

    void settled() {
      Snapshot snapshot = new Snapshot(new Redactor());
      snapshot.putInventory(new Inventory(entries), Map.of());
      assertThat(plan(after, snapshot).steps())
          .allMatch(s -> s.decision() == StepPlan.Decision.DONE)
          .noneMatch(s -> s.step().id().startsWith("take-back"));
    }

    private ChangeSet plan(MemoryClusters clusters, Snapshot snapshot) {
      LiveReader reader = new LiveReader(plan, topology, clusters, Runnable::run);
      return new Planner(plan, topology, reader).plan(snapshot, Selection.everything());
    }
  }

  private static ObjectNode object(String kind, String name, String key, String value) {
    ObjectNode object = (ObjectNode) Garden.json("{'apiVersion': 'v1'}");
    object.put("kind", kind);
    object
        .putObject("metadata")
        .put("name", name)
        .put("namespace", "post")
        .put("uid", "uid-of-" + name);
    object.putObject("data").put(key, value);
    return object;
  }

  private Topology read(String spec) {
    String text =
        "apiVersion: muster.dev/v1alpha1\nkind: Topology\nmetadata: {name: post}\nspec:\n" + spec;
    return Garden.topology(plan, text);
  }
}
