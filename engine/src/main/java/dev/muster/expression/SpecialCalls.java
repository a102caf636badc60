package dev.muster.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.muster.expression.CompileErrors.Finding;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Checks that {@code omit()}, {@code generated()} and {@code issued()}, which are no values, are
 * used only as the whole result: alone, as a branch of {@code ?:}, or in {@code orValue(...)}.
 */
final class SpecialCalls {
  private static final long MAX_LENGTH = 4096;
  private static final Map<String, String> EXAMPLES =
      Map.of(
          "omit", "omit()",
          "generated", "generated('hex', 64)",
          "issued", "issued(member.readerToken)");

  private SpecialCalls() {}

  static List<Finding> misplaced(CelAbstractSyntaxTree ast, boolean allowed) {
    Set<Long> results = new HashSet<>();
    if (allowed) {
      results(ast.getExpr(), results);
    }
    List<Finding> findings = new ArrayList<>();
    visit(ast.getExpr(), ast, results, findings);
    return findings;
  }

  /** The parts whose value is the value of the whole. */
  private static void results(CelExpr expr, Set<Long> results) {
    results.add(expr.id());
    if (expr.getKind() == Kind.COMPREHENSION) {
      results(expr.comprehension().result(), results);
    } else if (expr.getKind() == Kind.CALL) {
      List<CelExpr> args = expr.call().args();
      if (expr.call().function().equals("_?_:_")) {
        results(args.get(1), results);
        results(args.get(2), results);
      } else if (expr.call().function().equals("orValue") && args.size() == 1) {
        results(args.get(0), results);
      }
    }
  }

  private static void visit(
      CelExpr expr, CelAbstractSyntaxTree ast, Set<Long> results, List<Finding> findings) {
    if (expr.getKind() == Kind.CALL && expr.call().target().isEmpty()) {
      String name = expr.call().function();
      boolean special = EXAMPLES.containsKey(name);
      if (special && !results.contains(expr.id())) {
        findings.add(
            new Finding(
                start(expr, ast, name),
                name + "() must be the whole value of a field",
                List.of(
                    "write ${"
                        + EXAMPLES.get(name)
                        + "} alone, as a branch of ?: or in orValue(...)")));
      } else if (name.equals("generated") && !isKnown(expr.call().args())) {
        findings.add(
            new Finding(
                start(expr, ast, name),
                "generated() needs 'hex' or 'alphanumeric' and a length from 1 to " + MAX_LENGTH,
                List.of("for example generated('hex', 64)")));
      } else if (name.equals("issued") && !isName(expr.call().args())) {
        findings.add(
            new Finding(
                start(expr, ast, name),
                "issued() needs a token of the plan, by its name",
                List.of("for example issued(member.readerToken)")));
      }
    }
    References.children(expr).forEach(child -> visit(child, ast, results, findings));
  }

  /** What the calls of {@code issued()} name. */
  static Set<Reference> issued(CelAbstractSyntaxTree ast) {
    Set<Reference> names = new LinkedHashSet<>();
    issued(ast.getExpr(), names);
    return names;
  }

  private static void issued(CelExpr expr, Set<Reference> names) {
    if (expr.getKind() == Kind.CALL
        && expr.call().function().equals("issued")
        && isName(expr.call().args())) {
      CelExpr name = expr.call().args().get(0);
      String root = name.select().operand().ident().name();
      names.add(new Reference(root, List.of(name.select().field())));
    }
    References.children(expr).forEach(child -> issued(child, names));
  }

  private static boolean isName(List<CelExpr> args) {
    return args.size() == 1
        && args.get(0).getKind() == Kind.SELECT
        && !args.get(0).select().testOnly()
        && args.get(0).select().operand().getKind() == Kind.IDENT;
  }

  private static boolean isKnown(List<CelExpr> args) {
    if (args.size() != 2 || args.stream().anyMatch(arg -> arg.getKind() != Kind.CONSTANT)) {
      return false;
    }
    CelConstant alphabet = args.get(0).constant();
    CelConstant length = args.get(1).constant();
    return alphabet.getKind() == CelConstant.Kind.STRING_VALUE
        && length.getKind() == CelConstant.Kind.INT64_VALUE
        && List.of("hex", "alphanumeric").contains(alphabet.stringValue())
        && length.int64Value() >= 1
        && length.int64Value() <= MAX_LENGTH;
  }

  private static int start(CelExpr expr, CelAbstractSyntaxTree ast, String name) {
    String code = ast.getSource().getContent().toString();
    int position = ast.getSource().getPositionsMap().getOrDefault(expr.id(), 0);
    int offset =
        code.offsetByCodePoints(0, Math.min(position, code.codePointCount(0, code.length())));
    return Math.max(0, code.lastIndexOf(name, offset));
  }
}
