package dev.muster.rights;

import dev.muster.changes.Snapshot;
import dev.muster.desired.Expressions;
import dev.muster.expression.Outcome;
import dev.muster.expression.Reference;
import dev.muster.expression.Template;
import dev.muster.expression.Term;
import dev.muster.resource.Redactor;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whether a condition may ever hold for a topology, whatever its clusters are like: operand by
 * operand, as those that name nothing live are decided already.
 */
final class Possibility {
  /** Of a cluster, and not of the topology. */
  private static final Set<String> LIVE = Set.of("uid", "recordedUid", "clock");

  private final Snapshot nothing = new Snapshot(new Redactor());
  private final Map<Template, List<Term>> terms = new IdentityHashMap<>();

  /** Whether the topology alone does not say no. */
  boolean mayHold(Template condition, Expressions expressions) {
    if (decided(condition, expressions)) {
      return !(expressions.evaluate(condition, nothing, Map.of()) instanceof Outcome.Value value)
          || value.value().asBoolean(true);
    }
    List<Term> operands = operands(condition);
    if (operands.isEmpty()) {
      return true;
    }
    return condition.anyOf()
        ? operands.stream().anyMatch(term -> mayHold(term.template(), expressions))
        : operands.stream().allMatch(term -> mayHold(term.template(), expressions));
  }

  /** Whether another topology could say no to a step that this one says yes to. */
  boolean dependsOnTopology(Template condition, Expressions expressions) {
    List<Term> operands = operands(condition);
    return decided(condition, expressions)
        || !operands.isEmpty()
            && !condition.anyOf()
            && operands.stream().anyMatch(term -> decided(term.template(), expressions));
  }

  /** They are compiled each time they are asked for, and there may be a thousand members. */
  private List<Term> operands(Template condition) {
    return terms.computeIfAbsent(condition, Template::terms);
  }

  private static boolean decided(Template condition, Expressions expressions) {
    return expressions.needs(condition).isEmpty()
        && condition.references().stream().noneMatch(Possibility::live);
  }

  private static boolean live(Reference reference) {
    return reference.root().equals("rotation")
        || !reference.path().isEmpty() && LIVE.contains(reference.path().get(0));
  }
}
