package dev.muster.changes;

import dev.muster.changes.StepPlan.Decision;
import dev.muster.desired.DesiredState;
import dev.muster.desired.Evaluated;
import dev.muster.desired.Expressions;
import dev.muster.diff.Change;
import dev.muster.expression.Outcome;
import dev.muster.expression.Template;
import dev.muster.gate.GateCheck;
import dev.muster.gate.GateStatus;
import dev.muster.gate.StepVariable;
import dev.muster.plan.Plan;
import dev.muster.plan.Requirement;
import dev.muster.plan.Step;
import dev.muster.problem.Problem;
import dev.muster.topology.Topology;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Computes what one step would do, from what was read. */
final class StepPlanner {
  private final Plan plan;
  private final Step step;
  private final Planned planned;
  private final DesiredState desired;
  private final Expressions expressions;
  private final StepProblems problems;
  private final ObjectChanges objects;
  private final Charge charge;

  StepPlanner(
      Plan plan,
      Topology topology,
      PairIndex pairs,
      Step step,
      Snapshot snapshot,
      Planned planned,
      LiveReader reader,
      Predicate<String> settled) {
    this.plan = plan;
    this.step = step;
    this.planned = planned;
    this.desired = new DesiredState(plan, topology, step, planned, settled);
    this.expressions = desired.expressions();
    this.charge =
        new Charge(plan, step, snapshot, new Writers(plan, topology, pairs, snapshot, settled));
    this.problems = new StepProblems(step);
    this.objects =
        new ObjectChanges(plan, step, snapshot, planned, reader, desired, charge, problems);
  }

  StepPlan plan() {
    Optional<Template> when = step.spec().when();
    if (when.isPresent()) {
      Evaluated needed = desired.evaluate(when.get());
      if (needed instanceof Evaluated.Value value && !value.value().asBoolean()) {
        return result(Decision.NOT_NEEDED, List.of(), Optional.empty());
      }
      if (!(needed instanceof Evaluated.Value) && !(needed instanceof Evaluated.Unknown)) {
        problems.fail(needed);
      }
    }
    Requirements.of(step.spec(), plan).forEach(this::require);
    if (problems.refused()) {
      return result(Decision.REFUSED, List.of(), Optional.empty());
    }
    List<Change> changes = objects.all();
    desired.problems().forEach(problems::fail);
    if (problems.refused()) {
      return result(Decision.REFUSED, changes, Optional.empty());
    }
    if (problems.failed()) {
      return result(Decision.FAILED, changes, Optional.empty());
    }
    boolean writes = changes.stream().anyMatch(change -> !(change instanceof Change.Unchanged));
    Optional<GateStatus> gate = writes ? Optional.empty() : gate();
    boolean run = writes || gate.filter(GateStatus.Waiting.class::isInstance).isPresent();
    return result(run ? Decision.RUN : Decision.DONE, changes, gate);
  }

  /** What cannot be decided yet is no reason to refuse: it is asked again before the write. */
  private void require(Requirement requirement) {
    if (problems.refused()) {
      return; // The first is the most telling; those behind it often follow from it.
    }
    Evaluated evaluated = desired.evaluate(requirement.that());
    boolean refuses = evaluated instanceof Evaluated.Value value && !value.value().asBoolean();
    if (refuses) {
      problems.refuse(
          Problem.error(
              step.subject().where(),
              said(requirement.message()),
              requirement.hint().map(this::said).stream().toArray(String[]::new)));
    } else if (evaluated instanceof Evaluated.Unreadable || evaluated instanceof Evaluated.Broken) {
      problems.fail(evaluated);
    }
  }

  /** As it is written, where what it names is not known or must not be shown. */
  private String said(Template template) {
    return desired.evaluate(template) instanceof Evaluated.Value text && !text.sensitive()
        ? text.value().asText()
        : template.source();
  }

  private Optional<GateStatus> gate() {
    return plan.gate(step.spec()).map(gate -> new GateCheck(gate, this::outcome).ready());
  }

  private Outcome outcome(Template template) {
    return expressions.evaluateRead(template, planned, StepVariable.untouched());
  }

  private StepPlan result(Decision decision, List<Change> changes, Optional<GateStatus> gate) {
    List<Problem> all = problems.all();
    return new StepPlan(
        step,
        decision,
        all.isEmpty() ? "" : all.get(0).message(),
        changes,
        objects.shown(),
        objects.fromManifests(),
        gate,
        all,
        charge.ownership());
  }
}
