package dev.muster.expression;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelVariableResolver;
import dev.muster.bound.Bounds;
import dev.muster.expression.CompileErrors.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One compiled CEL expression; safe for use by several threads. */
final class Expression {
  private final Supplier<CelAbstractSyntaxTree> source;
  private final Set<String> variables;
  private final Set<Reference> references;
  private volatile @Nullable Ready ready;

  /**
   * @param source what was checked; asked for when the expression is evaluated for the first time
   */
  Expression(
      Supplier<CelAbstractSyntaxTree> source, Set<String> variables, Set<Reference> references) {
    this.source = source;
    this.variables = Set.copyOf(variables);
    this.references = references;
  }

  /** What can be run. */
  private record Ready(CelAbstractSyntaxTree ast, CelRuntime.Program program) {}

  /** What the place of an expression asks of it. */
  enum Use {
    /**
     * The whole value of a field: {@code omit()}, {@code generated()} and {@code issued()} are
     * allowed.
     */
    WHOLE,
    /** A part of a text. */
    PART,
    /** True or false. */
    CONDITION
  }

  /** Compiles; empty when there are findings. */
  static Optional<Expression> compile(
      Language language, String code, Use use, List<Finding> findings) {
    if (code.isBlank()) {
      findings.add(
          new Finding(
              0, "\"${}\" holds no expression", List.of("for a literal \"${\" write \"$${\"")));
      return Optional.empty();
    }
    CelValidationResult result = language.check(code);
    if (result.hasError()) {
      findings.addAll(new CompileErrors(code, language.variables()).findings(result.getErrors()));
      return Optional.empty();
    }
    try {
      CelAbstractSyntaxTree ast = result.getAst();
      List<Finding> wrong = new ArrayList<>(SpecialCalls.misplaced(ast, use == Use.WHOLE));
      if (use == Use.CONDITION && !mayBeBool(ast.getResultType())) {
        wrong.add(
            new Finding(
                0,
                "a condition must be true or false, this gives a value of type "
                    + CompileErrors.plain(ast.getResultType().name()),
                List.of()));
      }
      findings.addAll(wrong);
      if (!wrong.isEmpty()) {
        return Optional.empty();
      }
      Set<String> variables = language.variables().keySet();
      Expression made =
          new Expression(() -> ast, variables, References.of(ast.getExpr(), variables));
      made.ready = new Ready(ast, Language.program(ast));
      return Optional.of(made);
    } catch (CelValidationException | CelEvaluationException e) {
      findings.add(new Finding(0, "the expression cannot be compiled", List.of()));
      return Optional.empty();
    }
  }

  private static boolean mayBeBool(CelType type) {
    return type.equals(SimpleType.BOOL) || type.equals(SimpleType.DYN);
  }

  Set<Reference> references() {
    return references;
  }

  /** What of it {@code issued(...)} names. */
  Set<Reference> issued() {
    return SpecialCalls.issued(ast());
  }

  /** What was checked. */
  CelAbstractSyntaxTree ast() {
    return ready().ast();
  }

  /** Two threads may both make one; they are equal. */
  private Ready ready() {
    Ready made = ready;
    if (made == null) {
      CelAbstractSyntaxTree ast = source.get();
      try {
        made = new Ready(ast, Language.program(ast));
      } catch (CelEvaluationException e) {
        throw new IllegalStateException("compiled before", e);
      }
      ready = made;
    }
    return made;
  }

  Outcome evaluate(Map<String, JsonNode> values) {
    return Effort.within(Bounds.EXPRESSION, () -> outcome(values));
  }

  private Outcome outcome(Map<String, JsonNode> values) {
    CelVariableResolver resolver =
        name ->
            Optional.ofNullable(values.get(name))
                .filter(node -> !node.isMissingNode())
                .map(Values::fromJson);
    Ready now = ready();
    try {
      return outcome(now.program().eval(resolver));
    } catch (CelEvaluationException e) {
      return new RunErrors(now.ast(), values, variables).outcome(e);
    } catch (FunctionFailure e) {
      return new Outcome.Error(String.valueOf(e.getMessage()));
    } catch (Effort.Spent e) {
      return new Outcome.Error(String.valueOf(e.getMessage()));
    } catch (StackOverflowError e) {
      return new Outcome.Error("costs too much: its values are nested too deeply");
    }
  }

  private static Outcome outcome(Object result) {
    if (result instanceof Optional<?> optional) {
      return optional.isPresent()
          ? outcome(optional.get())
          : new Outcome.Missing("an optional value is absent and has no orValue(...)");
    }
    return result instanceof Values.Special special
        ? special.outcome()
        : new Outcome.Value(Values.toJson(result));
  }
}
