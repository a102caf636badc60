package dev.muster.plan;

import dev.muster.expression.Reference;
import dev.muster.expression.Template;
import dev.muster.problem.Problems;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The order of steps: it follows from what they name. Ties keep the order of the file.
 *
 * @param steps each after those it depends on
 */
record StepOrder(List<StepSpec> steps, Map<String, List<String>> dependsOn) {

  /** Reports a cycle as its whole path and then yields nothing; skips steps that do not exist. */
  static Optional<StepOrder> of(Plan plan, Problems problems) {
    Sorting sorting = new Sorting(plan, problems);
    for (StepSpec step : plan.steps()) {
      if (!sorting.visit(step)) {
        return Optional.empty();
      }
    }
    Map<String, List<String>> dependsOn = new LinkedHashMap<>();
    sorting.edges.forEach((id, before) -> dependsOn.put(id, List.copyOf(before.keySet())));
    return Optional.of(new StepOrder(sorting.sorted, dependsOn));
  }

  /** Depth first, in the order of the file. */
  private static final class Sorting {
    private final Map<String, StepSpec> byId = new LinkedHashMap<>();
    private final Problems problems;

    /** Step to the steps before it, each with the reason. */
    private final Map<String, Map<String, String>> edges = new LinkedHashMap<>();

    private final Map<String, Boolean> done = new HashMap<>();
    private final List<StepSpec> path = new ArrayList<>();
    private final List<StepSpec> sorted = new ArrayList<>();

    Sorting(Plan plan, Problems problems) {
      this.problems = problems;
      plan.steps().forEach(step -> byId.putIfAbsent(step.id(), step));
      Producers producers = new Producers(plan);
      byId.values().forEach(step -> edges.put(step.id(), before(step, producers)));
    }

    private Map<String, String> before(StepSpec step, Producers producers) {
      Map<String, String> before = new LinkedHashMap<>();
      step.after().forEach(id -> before.put(id, "`after`"));
      before.remove(step.id());
      for (Template template : step.contentTemplates()) {
        for (Reference reference : template.references()) {
          String reason = reference + " at " + template.where(reference);
          producers.of(reference, step.on(), On.EACH).stream()
              .filter(id -> meet(step, byId.get(id)))
              .filter(id -> !id.equals(step.id()) || reference.root().equals("peer"))
              .forEach(id -> before.putIfAbsent(id, reason));
        }
      }
      before.keySet().retainAll(byId.keySet());
      return before;
    }

    private static boolean meet(StepSpec step, @Nullable StepSpec other) {
      return other == null || step.subjects().meet(other.subjects());
    }

    boolean visit(StepSpec step) {
      Boolean state = done.get(step.id());
      if (state != null) {
        if (!state) {
          reportCycle(step);
        }
        return state;
      }
      done.put(step.id(), false);
      path.add(step);
      for (String before : edges.getOrDefault(step.id(), Map.of()).keySet()) {
        StepSpec other = byId.get(before);
        if (other != null && !visit(other)) {
          return false;
        }
      }
      path.remove(path.size() - 1);
      done.put(step.id(), true);
      sorted.add(step);
      return true;
    }

    private void reportCycle(StepSpec step) {
      List<StepSpec> cycle = new ArrayList<>(path.subList(path.indexOf(step), path.size()));
      cycle.add(step);
      List<String> lines = new ArrayList<>();
      for (int i = 0; i + 1 < cycle.size(); i++) {
        StepSpec from = cycle.get(i);
        StepSpec to = cycle.get(i + 1);
        String reason = edges.getOrDefault(from.id(), Map.of()).getOrDefault(to.id(), "");
        lines.add(
            from.id() + " (" + from.where() + ") waits for " + to.id() + " because of " + reason);
      }
      lines.add("take one of these out, or let a fact say `after` which step brings it forth");
      problems.error(
          step.where(),
          "the steps wait for each other in a circle: "
              + String.join(" -> ", cycle.stream().map(StepSpec::id).toList()),
          lines.toArray(String[]::new));
    }
  }
}
