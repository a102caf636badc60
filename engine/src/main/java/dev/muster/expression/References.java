package dev.muster.expression;

import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.CelCall;
import dev.cel.common.ast.CelExpr.CelComprehension;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Finds what an expression reads. */
final class References {
  private final Set<String> variables;
  private final Set<Reference> found = new LinkedHashSet<>();
  private boolean disclosed;

  private References(Set<String> variables) {
    this.variables = variables;
  }

  static Set<Reference> of(CelExpr expr, Set<String> variables) {
    References references = new References(variables);
    references.visit(expr, Set.of());
    return references.found;
  }

  /** A select, or an index that may be one: what it is applied to, and by what. */
  record Step(CelExpr operand, CelExpr key, Optional<String> field) {
    static Optional<Step> of(CelExpr expr) {
      if (expr.getKind() == Kind.SELECT) {
        return Optional.of(
            new Step(expr.select().operand(), expr, Optional.of(expr.select().field())));
      }
      if (expr.getKind() == Kind.CALL && isIndex(expr.call())) {
        CelExpr key = expr.call().args().get(1);
        boolean constant =
            key.getKind() == Kind.CONSTANT
                && key.constant().getKind() == CelConstant.Kind.STRING_VALUE;
        return Optional.of(
            new Step(
                expr.call().args().get(0),
                key,
                constant ? Optional.of(key.constant().stringValue()) : Optional.empty()));
      }
      return Optional.empty();
    }

    private static boolean isIndex(CelCall call) {
      return call.args().size() == 2 && List.of("_[_]", "_[?_]", "_?._").contains(call.function());
    }
  }

  /** The parts of an expression, in the order they are evaluated. */
  static List<CelExpr> children(CelExpr expr) {
    return switch (expr.getKind()) {
      case SELECT -> List.of(expr.select().operand());
      case CALL -> {
        ArrayList<CelExpr> parts = new ArrayList<>();
        expr.call().target().ifPresent(parts::add);
        parts.addAll(expr.call().args());
        yield parts;
      }
      case LIST -> expr.list().elements();
      case MAP ->
          expr.map().entries().stream()
              .flatMap(entry -> Stream.of(entry.key(), entry.value()))
              .toList();
      case STRUCT -> expr.struct().entries().stream().map(entry -> entry.value()).toList();
      case COMPREHENSION -> {
        CelComprehension loop = expr.comprehension();
        yield List.of(
            loop.iterRange(),
            loop.accuInit(),
            loop.loopCondition(),
            loop.loopStep(),
            loop.result());
      }
      case IDENT, CONSTANT, NOT_SET -> List.of();
    };
  }

  private void visit(CelExpr expr, Set<String> bound) {
    if (expr.getKind() == Kind.COMPREHENSION) {
      loop(expr.comprehension(), bound);
    } else if (expr.getKind() == Kind.IDENT || Step.of(expr).isPresent()) {
      chain(expr, bound);
    } else {
      boolean before = disclosed;
      disclosed |= discloses(expr);
      children(expr).forEach(child -> visit(child, bound));
      disclosed = before;
    }
  }

  private static boolean discloses(CelExpr expr) {
    return expr.getKind() == Kind.CALL
        && CredentialFunctions.DISCLOSING.contains(expr.call().function());
  }

  private void chain(CelExpr expr, Set<String> bound) {
    Deque<String> path = new ArrayDeque<>();
    CelExpr current = expr;
    for (Optional<Step> step = Step.of(current); step.isPresent(); step = Step.of(current)) {
      if (step.get().field().isPresent()) {
        path.addFirst(step.get().field().get());
      } else if (!position(step.get().key())) {
        path.clear();
        visit(step.get().key(), bound);
      }
      current = step.get().operand();
    }
    if (current.getKind() != Kind.IDENT) {
      visit(current, bound);
      return;
    }
    String name = current.ident().name();
    if (!bound.contains(name) && variables.contains(name)) {
      found.add(new Reference(name, List.copyOf(path), disclosed));
    }
  }

  /** What is said of a list, such as which keys of its elements are secret, is said of each. */
  private static boolean position(CelExpr key) {
    return key.getKind() == Kind.CONSTANT
        && key.constant().getKind() == CelConstant.Kind.INT64_VALUE;
  }

  private void loop(CelComprehension loop, Set<String> bound) {
    visit(loop.iterRange(), bound);
    visit(loop.accuInit(), bound);
    Set<String> inside = new HashSet<>(bound);
    inside.add(loop.accuVar());
    visit(loop.result(), Set.copyOf(inside));
    inside.add(loop.iterVar());
    inside.add(loop.iterVar2());
    visit(loop.loopCondition(), inside);
    visit(loop.loopStep(), inside);
  }
}
