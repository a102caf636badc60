package dev.muster.changes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.desired.Expressions;
import dev.muster.plan.FactSpec;
import dev.muster.plan.Plan;
import dev.muster.topology.ClusterDeclaration;
import dev.muster.topology.Topology;
import java.util.List;
import java.util.Optional;

/** Facts that later steps of a run need although earlier ones destroy what they are read from. */
final class CarriedFacts {
  private CarriedFacts() {}

  /**
   * Puts them into the snapshot: as they are now, or else as a run remembered that ended in
   * between.
   */
  static void read(
      Plan plan, Topology topology, List<ClusterDeclaration> clusters, Snapshot snapshot) {
    for (FactSpec fact : plan.facts().values()) {
      for (ClusterDeclaration cluster : clusters) {
        if (fact.carry()) {
          Expressions.ofCluster(plan, topology, cluster)
              .live(fact, snapshot)
              .or(() -> remembered(fact, cluster, snapshot))
              .ifPresent(value -> snapshot.carry(cluster, fact.name(), value));
        }
      }
    }
  }

  private static Optional<JsonNode> remembered(
      FactSpec fact, ClusterDeclaration cluster, Snapshot snapshot) {
    return snapshot
        .inventory()
        .entry(cluster.name())
        .flatMap(entry -> Optional.ofNullable(entry.carried().get(fact.name())));
  }
}
