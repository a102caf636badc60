package dev.muster.changes;

import dev.muster.expression.Template;
import dev.muster.plan.FactSpec;
import dev.muster.plan.Plan;
import dev.muster.plan.Requirement;
import dev.muster.plan.StepSpec;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What has to hold before a step may be done. */
final class Requirements {
  private Requirements() {}

  /** The step's own, then those of the facts that it writes down. */
  static List<Requirement> of(StepSpec step, Plan plan) {
    Set<FactSpec> facts = new LinkedHashSet<>();
    for (Template template : step.contentTemplates()) {
      template.references().stream()
          .map(reference -> plan.facts().get(reference.root()))
          .filter(fact -> fact != null && !fact.ofCluster())
          .forEach(facts::add);
    }
    List<Requirement> requirements = new ArrayList<>(step.require());
    facts.forEach(fact -> fact.require().ifPresent(requirements::add));
    return requirements;
  }
}
