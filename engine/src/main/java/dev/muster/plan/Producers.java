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
  private static final Set<String> CLUSTERS = Set.of("host", "member", "self", "peer");

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
    if (step.subjects().removing()) {
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
   * @param peer which one {@code peer} means
   */
  Set<String> of(Reference reference, On self, On peer) {
    FactSpec fact = plan.facts().get(reference.root());
    if (fact != null) {
      return of(fact, On.HOST);
    }
    Set<String> steps = new LinkedHashSet<>();
    if (!reference.path().isEmpty()) {
      for (On cluster : clusters(reference, self, peer)) {
        steps.addAll(of(reference.path().get(0), cluster));
      }
    }
    return steps;
  }

  private Set<String> of(String name, On cluster) {
    FactSpec clusterFact = plan.facts().get(name);
    if (clusterFact != null && clusterFact.ofCluster()) {
      return of(clusterFact, cluster);
    }
    // A token can be issued when its account is there.
    String object =
        Optional.ofNullable(plan.tokens().get(name)).map(TokenSpec::account).orElse(name);
    return plan.objects().containsKey(object) ? ofObject(object, cluster == On.HOST) : Set.of();
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
    for (Template template : fact.from()) {
      template.references().forEach(reference -> steps.addAll(of(reference, self, On.EACH)));
    }
    return steps;
  }

  private Set<String> ofObject(String name, boolean host) {
    Set<String> steps = new LinkedHashSet<>();
    for (StepSpec step : plan.steps()) {
      if (removing.contains(step.id())) {
        continue;
      }
      for (String written : step.writes()) {
        if (!step.forEachPair() && isOfHost(step, written) != host) {
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

  /** What kind of cluster a reference may mean; nothing when it means none. */
  private static List<On> clusters(Reference reference, On self, On peer) {
    On on =
        switch (reference.root()) {
          case "host" -> On.HOST;
          case "member" -> On.MEMBER;
          case "self" -> self;
          default -> peer;
        };
    if (!CLUSTERS.contains(reference.root())) {
      return List.of();
    }
    return on == On.EACH ? List.of(On.HOST, On.MEMBER) : List.of(on);
  }
}
