package dev.muster.courier;

import dev.muster.desired.Expressions;
import dev.muster.expression.Template;
import dev.muster.plan.GateSpec;
import dev.muster.plan.Plan;
import dev.muster.plan.ReadyTerm;
import dev.muster.plan.Step;
import dev.muster.topology.Topology;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A plan whose gates ask only what can be seen where the member is: the host does not change while
 * it is only a recording, so what it has to show is waited for at home.
 */
public final class HereOnly {
  private HereOnly() {}

  /** The same plan with the gates of the member's own steps cut down. */
  public static Plan plan(Plan plan, Topology topology, String member) {
    Map<String, GateSpec> gates = new LinkedHashMap<>(plan.gates());
    for (Step step : plan.expand(topology)) {
      if (step.cluster().name().equals(member)) {
        plan.gate(step.spec())
            .ifPresent(gate -> gates.put(gate.name(), cut(plan, topology, step, gate)));
      }
    }
    return plan.withGates(gates);
  }

  private static GateSpec cut(Plan plan, Topology topology, Step step, GateSpec gate) {
    Expressions expressions = Expressions.at(plan, topology, step);
    List<ReadyTerm> ready =
        gate.ready().stream().filter(term -> here(expressions, step, term.that())).toList();
    List<ReadyTerm> proof =
        gate.proof().stream().filter(term -> here(expressions, step, term.that())).toList();
    return new GateSpec(
        gate.name(),
        gate.timeoutKey(),
        gate.timeout(),
        ready,
        gate.stable().filter(stable -> here(expressions, step, stable.value())),
        proof,
        gate.failed(),
        gate.why(),
        gate.progress());
  }

  /** Whether it looks at something of the member itself. */
  private static boolean here(Expressions expressions, Step step, Template template) {
    return expressions.needs(template).stream()
        .anyMatch(need -> need.cluster().name().equals(step.cluster().name()));
  }
}
