package dev.muster.cli;

import dev.muster.changes.Selection;
import dev.muster.plan.Plan;
import dev.muster.plan.Step;
import dev.muster.plan.StepSpec;
import dev.muster.problem.MusterException;
import dev.muster.problem.Suggestion;
import dev.muster.topology.ClusterDeclaration;
import dev.muster.topology.Topology;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Which members and steps a command is about. */
final class SelectionOptions {
  @Option(
      names = "--only",
      paramLabel = "SELECTOR",
      split = ",",
      description = "Only these members, steps or labels (key=value); steps of the host stay in.")
  private List<String> only = new ArrayList<>();

  @Option(
      names = "--exclude",
      paramLabel = "SELECTOR",
      split = ",",
      description = "All but these members, steps or labels.")
  private List<String> exclude = new ArrayList<>();

  /** Whether nothing is left out. */
  boolean all() {
    return only.isEmpty() && exclude.isEmpty();
  }

  Selection selection(Topology topology, Plan plan) {
    for (String selector : both()) {
      check(selector, topology, plan);
    }
    return step ->
        (only.isEmpty() || only.stream().anyMatch(s -> included(s, step, plan)))
            && exclude.stream().noneMatch(s -> matches(s, step));
  }

  private List<String> both() {
    List<String> both = new ArrayList<>(only);
    both.addAll(exclude);
    return both;
  }

  /** A member's steps build on those of the host, so choosing members keeps these. */
  private static boolean included(String selector, Step step, Plan plan) {
    boolean namesStep = plan.steps().stream().anyMatch(s -> s.id().equals(selector));
    return matches(selector, step) || step.member().isEmpty() && !namesStep;
  }

  private static boolean matches(String selector, Step step) {
    if (step.spec().id().equals(selector) || step.id().equals(selector)) {
      return true;
    }
    if (step.member().isEmpty()) {
      return false;
    }
    ClusterDeclaration member = step.member().get();
    int equals = selector.indexOf('=');
    return equals < 0
        ? member.name().equals(selector)
        : member
            .fields()
            .path("labels")
            .path(selector.substring(0, equals))
            .asText()
            .equals(selector.substring(equals + 1));
  }

  private static void check(String selector, Topology topology, Plan plan) {
    if (selector.contains("=") || selector.endsWith("]")) {
      return;
    }
    List<String> names = new ArrayList<>();
    topology.members().forEach(member -> names.add(member.name()));
    plan.steps().stream().map(StepSpec::id).forEach(names::add);
    if (!names.contains(selector)) {
      throw MusterException.of(
          "no member and no step is called \"" + selector + "\"",
          Suggestion.closest(selector, names)
              .map(close -> "did you mean " + close + "?")
              .orElse("use one of: " + String.join(", ", names)));
    }
  }
}
