package dev.muster.session;

import dev.muster.changes.InventoryEntry;
import dev.muster.changes.Selection;
import dev.muster.plan.Plan;
import dev.muster.plan.Step;
import dev.muster.plan.StepSpec;
import dev.muster.problem.MusterException;
import dev.muster.problem.Suggestion;
import dev.muster.topology.ClusterDeclaration;
import dev.muster.topology.Topology;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which members and steps are meant, by name or label.
 *
 * @param only these, and the steps of the host; all when empty
 * @param exclude all but these
 */
public record Selectors(List<String> only, List<String> exclude) {
  public Selectors {
    only = List.copyOf(only);
    exclude = List.copyOf(exclude);
  }

  /** Everything. */
  public static Selectors everything() {
    return new Selectors(List.of(), List.of());
  }

  /** Whether nothing is left out. */
  public boolean all() {
    return only.isEmpty() && exclude.isEmpty();
  }

  /**
   * What was chosen.
   *
   * @throws MusterException when a name means nothing; one that is left out may be a member that
   *     vanished from the topology, so it is looked at when the inventory has been read
   */
  public Selection selection(Topology topology, Plan plan) {
    List<String> known = names(topology, plan);
    for (String selector : only) {
      if (isName(selector) && !known.contains(selector)) {
        throw unknown(selector, known);
      }
    }
    Set<String> leftOut = new LinkedHashSet<>(exclude);
    leftOut.removeIf(selector -> !isName(selector) || known.contains(selector));
    return new Selection() {
      @Override
      public boolean includes(Step step) {
        return chosen(step, plan) && exclude.stream().noneMatch(s -> excluded(s, step));
      }

      @Override
      public Set<String> leftOut() {
        return Set.copyOf(leftOut);
      }
    };
  }

  /**
   * Looks at the names that are left out and that the topology does not know.
   *
   * @throws MusterException when one is no member that vanished either
   */
  static void check(
      Set<String> leftOut, Topology topology, Plan plan, List<InventoryEntry> vanished) {
    List<String> known = names(topology, plan);
    vanished.forEach(entry -> known.add(entry.name()));
    for (String selector : leftOut) {
      if (!known.contains(selector)) {
        throw unknown(selector, known);
      }
    }
  }

  /** A member's steps build on those of the host, so choosing members keeps these. */
  private boolean chosen(Step step, Plan plan) {
    if (only.isEmpty() || only.stream().anyMatch(selector -> isStep(selector, step))) {
      return true;
    }
    if (step.members().isEmpty()) {
      return only.stream()
          .anyMatch(selector -> plan.steps().stream().noneMatch(s -> s.id().equals(selector)));
    }
    // Of a pair both have to be meant: nothing of others is looked at.
    return step.members().stream()
        .allMatch(member -> only.stream().anyMatch(selector -> isMember(selector, member)));
  }

  private static boolean excluded(String selector, Step step) {
    return isStep(selector, step)
        || step.members().stream().anyMatch(member -> isMember(selector, member));
  }

  private static boolean isStep(String selector, Step step) {
    return step.spec().id().equals(selector) || step.id().equals(selector);
  }

  private static boolean isMember(String selector, ClusterDeclaration member) {
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

  /** Whether it is the name of a member or a step, and no label or single step. */
  private static boolean isName(String selector) {
    return !selector.contains("=") && !selector.endsWith("]");
  }

  private static List<String> names(Topology topology, Plan plan) {
    List<String> names = new ArrayList<>();
    topology.members().forEach(member -> names.add(member.name()));
    plan.steps().stream().map(StepSpec::id).forEach(names::add);
    return names;
  }

  private static MusterException unknown(String selector, List<String> names) {
    return MusterException.of(
        "no member and no step is called \"" + selector + "\"",
        Suggestion.closest(selector, names)
            .map(close -> "did you mean " + close + "?")
            .orElse("use one of: " + String.join(", ", names)));
  }
}
