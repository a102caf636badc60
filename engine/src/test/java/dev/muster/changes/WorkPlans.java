package dev.muster.changes;

import dev.muster.Garden;
import dev.muster.changes.StepPlan.Decision;
import dev.muster.plan.Plan;
import dev.muster.plan.Step;
import dev.muster.topology.Topology;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Change sets of which only counts what becomes of each step. */
public final class WorkPlans {
  private WorkPlans() {}

  /** A topology of the garden with this rollout and members m1, m2, ... */
  public static Topology topology(String rollout, int members) {
    StringBuilder spec = new StringBuilder();
    if (!rollout.isEmpty()) {
      spec.append("  rollout: ").append(rollout).append('\n');
    }
    spec.append("  host: {}\n  members:\n");
    for (int i = 1; i <= members; i++) {
      spec.append("  - {name: m").append(i).append(", labels: {parity: ");
      spec.append(i % 2 == 0 ? "even" : "odd").append("}}\n");
    }
    return Garden.topology(spec.toString());
  }

  public static ChangeSet garden(Topology topology, Function<Step, Decision> decide) {
    return of(Garden.plan(), topology, decide);
  }

  public static ChangeSet orchard(Topology topology, Function<Step, Decision> decide) {
    return of(Garden.plan(Path.of("src/test/resources/plans/orchard.yaml")), topology, decide);
  }

  private static ChangeSet of(Plan plan, Topology topology, Function<Step, Decision> decide) {
    List<StepPlan> steps =
        plan.expand(topology).stream().map(step -> planned(step, decide.apply(step))).toList();
    return new ChangeSet(
        "acme", plan.title(), List.of(), steps, Unmanaged.none(), Waves.of(topology, steps));
  }

  private static StepPlan planned(Step step, Decision decision) {
    return new StepPlan(
        step,
        decision,
        decision == Decision.RUN ? "" : "as it is",
        List.of(),
        Map.of(),
        Set.of(),
        Optional.empty(),
        List.of());
  }
}
