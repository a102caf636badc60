package dev.muster.plan;

import dev.muster.problem.Problems;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The order of steps: it follows from what they name. Ties keep the order of the file.
 *
 * @param steps each after those it depends on
 */
record StepOrder(List<StepSpec> steps, Map<String, List<String>> dependsOn) {

  /** Reports a cycle as its whole path and then yields nothing. */
  static Optional<StepOrder> of(Plan plan, Problems problems) {
    Producers producers = new Producers(plan);
    Map<String, List<String>> edges = new LinkedHashMap<>();
    for (StepSpec step : plan.steps()) {
      Set<String> before = new LinkedHashSet<>(step.after());
      step.contentTemplates().forEach(t -> before.addAll(producers.of(t, step.on())));
      before.remove(step.id());
      edges.put(step.id(), List.copyOf(before));
    }
    List<StepSpec> sorted = new ArrayList<>();
    Map<String, Boolean> done = new HashMap<>();
    for (StepSpec step : plan.steps()) {
      if (!visit(step, plan, edges, done, new ArrayList<>(), sorted, problems)) {
        return Optional.empty();
      }
    }
    return Optional.of(new StepOrder(sorted, edges));
  }

  private static boolean visit(
      StepSpec step,
      Plan plan,
      Map<String, List<String>> edges,
      Map<String, Boolean> done,
      List<StepSpec> path,
      List<StepSpec> sorted,
      Problems problems) {
    Boolean state = done.get(step.id());
    if (state != null && state) {
      return true;
    }
    if (state != null) {
      List<StepSpec> cycle = new ArrayList<>(path.subList(path.indexOf(step), path.size()));
      cycle.add(step);
      List<String> lines = new ArrayList<>();
      for (int i = 0; i + 1 < cycle.size(); i++) {
        lines.add(
            cycle.get(i).id()
                + " ("
                + cycle.get(i).where()
                + ") waits for "
                + cycle.get(i + 1).id());
      }
      lines.add("take one of these references or `after` entries out");
      problems.error(
          step.where(),
          "the steps wait for each other in a circle: "
              + String.join(" -> ", cycle.stream().map(StepSpec::id).toList()),
          lines.toArray(String[]::new));
      return false;
    }
    done.put(step.id(), false);
    path.add(step);
    for (String before : edges.getOrDefault(step.id(), List.of())) {
      StepSpec other =
          plan.steps().stream().filter(s -> s.id().equals(before)).findFirst().orElseThrow();
      if (!visit(other, plan, edges, done, path, sorted, problems)) {
        return false;
      }
    }
    path.remove(path.size() - 1);
    done.put(step.id(), true);
    sorted.add(step);
    return true;
  }
}
