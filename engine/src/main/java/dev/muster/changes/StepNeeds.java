package dev.muster.changes;

import dev.muster.desired.Expressions;
import dev.muster.desired.Need;
import dev.muster.expression.Outcome;
import dev.muster.expression.Template;
import dev.muster.plan.ObjectSource;
import dev.muster.plan.Plan;
import dev.muster.plan.Step;
import dev.muster.resource.Redactor;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** What has to be read before it is known what a step would do. */
public final class StepNeeds {
  private StepNeeds() {}

  /**
   * What the step's own expressions and its gate's terms need; nothing that only waiting needs, and
   * nothing at all where the topology alone says that the step is not wanted.
   */
  public static Set<Need> of(Plan plan, Step step, Expressions expressions) {
    Set<Need> needs = new LinkedHashSet<>();
    if (step.spec().when().filter(when -> neverHolds(when, expressions)).isPresent()) {
      return needs;
    }
    for (Template template : step.spec().allTemplates()) {
      needs.addAll(expressions.needs(template));
    }
    for (String object : step.spec().touches()) {
      needs.add(expressions.need(step.cluster(), plan.object(object)));
    }
    plan.gate(step.spec())
        .ifPresent(
            gate ->
                gate.ready().stream()
                    .flatMap(term -> term.templates().stream())
                    .forEach(template -> needs.addAll(expressions.needs(template))));
    needs.removeIf(need -> need.object().source() instanceof ObjectSource.Log);
    return needs;
  }

  /** Whether the topology alone says no, so that nothing has to be read for the step. */
  private static boolean neverHolds(Template when, Expressions expressions) {
    return expressions.needs(when).isEmpty()
        && when.references().stream().noneMatch(reference -> reference.root().equals("rotation"))
        && expressions.evaluate(when, new Snapshot(new Redactor()), Map.of())
            instanceof Outcome.Value value
        && !value.value().asBoolean(true);
  }
}
