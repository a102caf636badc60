package dev.muster.plan;

import dev.muster.expression.Reference;
import dev.muster.expression.Template;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Tells which steps bring forth what an expression names: those that write the object, those that
 * write what another controller renders it from, and those that a fact says it follows.
 */
public final class Producers {
  private final Plan plan;
  private final Set<String> removing = new HashSet<>();

  public Producers(Plan plan) {
    this.plan = plan;
    plan.steps().stream().filter(this::isRemoving).forEach(step -> removing.add(step.id()));
  }

  /**
   * What is for removed members, and what comes after that, takes away and brings nothing forth.
   */
  private boolean isRemoving(StepSpec step) {
    return isRemoving(step, new HashSet<>());
  }

  private boolean isRemoving(StepSpec step, Set<String> visited) {
    if (step.subjects() == Subjects.REMOVED) {
      return true;
    }
    return visited.add(step.id())
        && plan.steps().stream()
            .filter(other -> step.after().contains(other.id()))
            .anyMatch(other -> isRemoving(other, visited));
  }

  /**
   * Ids of the producing steps, in the order of the plan.
   *
   * @param self which cluster {@code self} means in the template
   */
  public Set<String> of(Template template, On self) {
    Set<String> steps = new LinkedHashSet<>();
    template.references().forEach(reference -> steps.addAll(of(reference, self)));
    return steps;
  }

  /** The same for one thing that an expression reads. */
  Set<String> of(Reference reference, On self) {
    FactSpec fact = plan.facts().get(reference.root());
    if (fact != null) {
      return of(fact, On.HOST);
    }
    Optional<Boolean> host = ofHost(reference, self);
    if (host.isEmpty() || reference.path().isEmpty()) {
      return Set.of();
    }
    String name = reference.path().get(0);
    FactSpec clusterFact = plan.facts().get(name);
    if (clusterFact != null && clusterFact.ofCluster()) {
      return of(clusterFact, host.get() ? On.HOST : On.MEMBER);
    }
    return plan.objects().containsKey(name) ? ofObject(name, host.get()) : Set.of();
  }

  /** The steps that write an object or what it is rendered from. */
  public Set<String> of(ObjectSpec object, On on) {
    return ofObject(object.name(), on == On.HOST);
  }

  /** The steps that a fact follows. */
  public Set<String> of(FactSpec fact, On self) {
    if (fact.carry()) {
      // It is the value from before the run, which no step of it brings forth.
      return Set.of();
    }
    if (fact.after().isPresent()) {
      return Set.of(fact.after().get());
    }
    Set<String> steps = new LinkedHashSet<>();
    fact.from().forEach(template -> steps.addAll(of(template, self)));
    return steps;
  }

  private Set<String> ofObject(String name, boolean host) {
    Set<String> steps = new LinkedHashSet<>();
    for (StepSpec step : plan.steps()) {
      if (removing.contains(step.id())) {
        continue;
      }
      for (String written : step.writes()) {
        if (isOfHost(step, written) != host) {
          continue;
        }
        if (written.equals(name) || renders(written).contains(name)) {
          steps.add(step.id());
        }
      }
    }
    return steps;
  }

  private boolean isOfHost(StepSpec step, String object) {
    ObjectSpec spec = plan.objects().get(object);
    return step.on() == On.HOST && (spec == null || !spec.perMember());
  }

  private List<String> renders(String object) {
    return plan.writers().stream()
        .filter(writer -> writer.reads().equals(object))
        .flatMap(writer -> writer.renders().stream())
        .toList();
  }

  /** Whether a reference means the host; empty when it means no cluster. */
  static Optional<Boolean> ofHost(Reference reference, On self) {
    return switch (reference.root()) {
      case "host" -> Optional.of(true);
      case "member" -> Optional.of(false);
      case "self" -> Optional.of(self == On.HOST);
      default -> Optional.empty();
    };
  }
}
