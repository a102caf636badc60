package dev.muster.changes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.Garden;
import dev.muster.plan.Plan;
import dev.muster.resource.Redactor;
import dev.muster.topology.Topology;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * The same as {@link PairGrowthTest} of the plan for pairs that comes with the program, with its
 * requirements, documents and tokens: 50 clusters are as large as a mesh gets.
 */
@Isolated("measures")
@Timeout(300)
final class MeshGrowthTest {
  private static final Plan PLAN = Garden.plan(Path.of("../plans/istio-multi-primary.yaml"));

  @Test
  void aMeshCostsWhatItsPairsCost() {
    Fleet ten = new Fleet(10);
    for (int i = 0; i < 10; i++) {
      ten.time();
    }
    double few = Math.min(ten.time(), Math.min(ten.time(), ten.time()));
    for (int clusters : List.of(25, 50)) {
      Fleet fleet = new Fleet(clusters);
      double many = Math.min(fleet.time(), fleet.time());
      double pairs = (double) pairs(clusters) / pairs(10);
      System.out.printf(
          "mesh: 10 clusters %.3f s, %d clusters %.3f s, %.1f times for %.1f times the pairs%n",
          few, clusters, many, many / few, pairs);
      assertThat(many / few).as("%d clusters against 10", clusters).isLessThan(2 * pairs);
    }
  }

  private static int pairs(int clusters) {
    return clusters * (clusters - 1);
  }

  /** Clusters in which the mesh is installed, and that do not know of each other yet. */
  private static final class Fleet {
    private final MemoryClusters clusters = new MemoryClusters();
    private final Topology topology;

    Fleet(int size) {
      StringBuilder members = new StringBuilder();
      for (int i = 1; i < size; i++) {
        members.append("  - {name: m%d, server: \"https://10.0.0.%d:6443\"}\n".formatted(i, i));
      }
      topology =
          Garden.topology(
              PLAN,
              "apiVersion: muster.dev/v1alpha1\nkind: Topology\nmetadata: {name: mesh}\nspec:\n"
                  + "  host: {name: main, server: \"https://10.0.0.254:6443\"}\n  members:\n"
                  + members);
      topology.clusters().forEach(cluster -> install(cluster.name()));
    }

    private void install(String name) {
      for (String object :
          List.of(
              "{'kind': 'Namespace', 'metadata': {'name': 'kube-system'}}",
              "{'kind': 'Namespace', 'metadata': {'name': 'istio-system'}}",
              "{'kind': 'ConfigMap', 'metadata': {'name': 'istio'}, 'data': {'mesh': 'defaultConfig:\\n  meshId: one\\n'}}",
              "{'kind': 'ConfigMap', 'metadata': {'name': 'istio-ca-root-cert'}, 'data': {'root-cert.pem': 'one root'}}",
              "{'kind': 'ConfigMap', 'metadata': {'name': 'kube-root-ca.crt'}, 'data': {'ca.crt': 'authority'}}",
              "{'kind': 'ServiceAccount', 'metadata': {'name': 'istio-reader-service-account'}}",
              "{'apiVersion': 'apps/v1', 'kind': 'Deployment', 'metadata': {'name': 'istiod'}, 'spec': {'template': {'spec': {'containers': [{'name': 'discovery', 'env': [{'name': 'CLUSTER_ID', 'value': 'NAME'}]}]}}}}")) {
        ObjectNode node = (ObjectNode) Garden.json(object.replace("NAME", name));
        ObjectNode metadata = node.withObject("/metadata");
        metadata.put("uid", metadata.path("name").asText() + " of " + name);
        if (!node.path("kind").asText().equals("Namespace")) {
          metadata.put("namespace", "istio-system");
        }
        if (!node.has("apiVersion")) {
          node.put("apiVersion", "v1");
        }
        clusters.put(name, node);
      }
    }

    /** Seconds of CPU. */
    double time() {
      var threads = ManagementFactory.getThreadMXBean();
      long before = threads.getCurrentThreadCpuTime();
      ChangeSet changeSet =
          new Planner(PLAN, topology, new LiveReader(PLAN, topology, clusters, Runnable::run))
              .plan(new Snapshot(new Redactor()), Selection.everything());
      long took = threads.getCurrentThreadCpuTime() - before;
      assertThat(changeSet.refusals()).isEmpty();
      assertThat(changeSet.failures()).isEmpty();
      assertThat(changeSet.steps().stream().filter(s -> s.decision() == StepPlan.Decision.RUN))
          .hasSize(pairs(topology.clusters().size()));
      return took / 1e9;
    }
  }
}
