package dev.muster.changes;

import dev.muster.desired.Expressions;
import dev.muster.plan.Plan;
import dev.muster.plan.Step;
import dev.muster.plan.StepSpec;
import dev.muster.resource.ObjectRef;
import dev.muster.topology.ClusterDeclaration;
import dev.muster.topology.Topology;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which steps of pairs deal with an object. It follows from plan and topology alone, and is asked
 * for each object of each pair: going through all pairs each time would be cubic.
 */
final class PairIndex {
  private final Plan plan;
  private final Topology topology;

  /** Step of the plan and cluster to path to steps. */
  private final Map<String, Map<String, List<Step>>> steps = new ConcurrentHashMap<>();

  PairIndex(Plan plan, Topology topology) {
    this.plan = plan;
    this.topology = topology;
  }

  /** Those of one step of the plan in one cluster. */
  List<Step> of(StepSpec spec, ClusterDeclaration self, ObjectRef ref) {
    return steps
        .computeIfAbsent(spec.id() + " " + self.name(), k -> byPath(spec, self))
        .getOrDefault(ref.path(), List.of());
  }

  private Map<String, List<Step>> byPath(StepSpec spec, ClusterDeclaration self) {
    Map<String, List<Step>> byPath = new HashMap<>();
    for (Step step : Plan.about(spec, self, topology)) {
      Expressions expressions = Expressions.at(plan, topology, step);
      for (String name : spec.declares()) {
        String path = expressions.need(step.cluster(), plan.object(name)).ref().path();
        byPath.computeIfAbsent(path, p -> new ArrayList<>()).add(step);
      }
    }
    return byPath;
  }
}
