package dev.muster.lint;

import dev.muster.expression.Outcome;
import dev.muster.expression.Template;
import dev.muster.plan.FactSpec;
import dev.muster.plan.GateSpec;
import dev.muster.plan.Plan;
import dev.muster.plan.Probe;
import dev.muster.plan.ReadyTerm;
import dev.muster.plan.Requirement;
import dev.muster.plan.StepSpec;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Conditions that are decided before anything is read. */
final class Conditions {
  private final Findings findings;
  private final Plan plan;

  Conditions(Findings findings) {
    this.findings = findings;
    this.plan = findings.plan();
  }

  void look() {
    Set<String> dead = new HashSet<>();
    for (StepSpec step : plan.steps()) {
      Optional<Boolean> when = step.when().flatMap(Conditions::decided);
      if (when.isPresent() && !when.get()) {
        dead.add(step.id());
        findings.add(
            Rule.STEP_UNREACHABLE,
            step.where(),
            "step " + step.id() + " is never done: its `when` is false whatever is read",
            "correct the condition, or take the step out");
      } else if (when.isPresent()) {
        constant(step.when().get(), "`when` of step " + step.id() + " always holds");
      }
      step.require().forEach(requirement -> require(step.id(), requirement));
    }
    plan.gates().values().forEach(this::gate);
    neverComes(dead);
  }

  private void require(String step, Requirement requirement) {
    decided(requirement.that())
        .ifPresent(
            holds -> {
              if (holds) {
                constant(requirement.that(), "a requirement of step " + step + " always holds");
              } else {
                findings.add(
                    Rule.STEP_REFUSED,
                    requirement.that().where(),
                    "step " + step + " is always refused: this requirement is false",
                    "correct the requirement, or take the step out");
              }
            });
  }

  private void constant(Template template, String what) {
    findings.add(
        Rule.CONSTANT_CONDITION,
        template.where(),
        what,
        "take it out, or let it depend on what it was meant to");
  }

  private void gate(GateSpec gate) {
    for (ReadyTerm term : Stream.concat(gate.ready().stream(), gate.proof().stream()).toList()) {
      decided(term.that())
          .ifPresent(
              holds -> {
                if (holds) {
                  constant(term.that(), "a term of gate " + gate.name() + " always holds");
                } else {
                  findings.add(
                      Rule.GATE_NEVER_OPENS,
                      term.that().where(),
                      "gate " + gate.name() + " never opens: this term is false",
                      "correct the term, or take it out");
                }
              });
    }
    probes(gate, "failed", gate.failed());
    probes(gate, "why", gate.why());
    if (gate.failed().isEmpty() && gate.why().isEmpty()) {
      findings.add(
          Rule.GATE_UNEXPLAINED,
          findings.at("gates/" + gate.name()),
          "gate " + gate.name() + " has no cause under `failed` or `why`",
          "name what most often keeps it closed, and the command to look at it, under `why`");
    }
  }

  private void probes(GateSpec gate, String list, List<Probe> probes) {
    boolean decidedBefore = false;
    for (Probe probe : probes) {
      if (decidedBefore) {
        findings.add(
            Rule.UNREACHABLE_CAUSE,
            probe.when().where(),
            "this cause of gate " + gate.name() + " is never told: one before it always holds",
            "put the one that always holds last");
      }
      Optional<Boolean> holds = decided(probe.when());
      if (holds.isPresent() && !holds.get()) {
        findings.add(
            Rule.UNREACHABLE_CAUSE,
            probe.when().where(),
            "this cause of gate " + gate.name() + " never holds",
            "correct the condition, or take the cause out");
      }
      if (holds.orElse(false) && list.equals("failed")) {
        constant(probe.when(), "gate " + gate.name() + " fails whenever it is not open at once");
      }
      decidedBefore |= holds.orElse(false);
    }
  }

  /** What only steps bring forth that are never done. */
  private void neverComes(Set<String> dead) {
    Set<String> facts = new HashSet<>();
    for (FactSpec fact : plan.facts().values()) {
      if (fact.after().filter(dead::contains).isPresent()) {
        facts.add(fact.name());
        findings.add(
            Rule.VALUE_NEVER_COMES,
            fact.where(),
            "fact "
                + fact.name()
                + " comes after step "
                + fact.after().get()
                + ", which is never done",
            "name the step that brings it forth");
      }
    }
    Set<String> made = new HashSet<>();
    Set<String> living = new HashSet<>();
    for (StepSpec step : plan.steps()) {
      (dead.contains(step.id()) ? made : living).addAll(step.create().keySet());
    }
    plan.writers().forEach(writer -> living.addAll(writer.renders()));
    made.removeAll(living);
    for (StepSpec step : plan.steps()) {
      for (Template template :
          dead.contains(step.id()) ? List.<Template>of() : step.contentTemplates()) {
        template.references().stream()
            .filter(r -> !r.path().isEmpty() && made.contains(r.path().get(0)))
            .findFirst()
            .ifPresent(
                r ->
                    findings.add(
                        Rule.VALUE_NEVER_COMES,
                        template.where(),
                        "step "
                            + step.id()
                            + " needs "
                            + r
                            + ", which only a step makes that is never done",
                        "correct that step's condition, or take the value from elsewhere"));
      }
    }
  }

  /** The value of a condition that reads nothing. */
  static Optional<Boolean> decided(Template template) {
    return template.references().isEmpty()
            && template.evaluate(Map.of()) instanceof Outcome.Value value
            && value.value().isBoolean()
        ? Optional.of(value.value().asBoolean())
        : Optional.empty();
  }
}
