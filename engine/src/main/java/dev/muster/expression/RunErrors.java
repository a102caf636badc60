package dev.muster.expression;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelErrorCode;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelEvaluationException;
import dev.muster.expression.Chain.Walk;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What CEL finds wrong when it evaluates, as an outcome in the words of the expression. */
final class RunErrors {
  private static final Pattern POSITION =
      Pattern.compile("evaluation error at [^:]*:(\\d+): (.*)", Pattern.DOTALL);
  private static final Pattern KEY = Pattern.compile("'([^']*)'");

  private final CelAbstractSyntaxTree ast;
  private final Map<String, JsonNode> values;
  private final Set<String> variables;

  RunErrors(CelAbstractSyntaxTree ast, Map<String, JsonNode> values, Set<String> variables) {
    this.ast = ast;
    this.values = values;
    this.variables = variables;
  }

  Outcome outcome(CelEvaluationException failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof FunctionFailure own) {
        return new Outcome.Error(String.valueOf(own.getMessage()));
      }
    }
    Matcher message = POSITION.matcher(String.valueOf(failure.getMessage()));
    boolean placed = message.matches();
    String text = placed ? message.group(2) : String.valueOf(failure.getMessage());
    List<CelExpr> at = placed ? at(Integer.parseInt(message.group(1))) : List.of();
    CelErrorCode code = failure.getErrorCode();
    if (code == CelErrorCode.ATTRIBUTE_NOT_FOUND || code == CelErrorCode.INDEX_OUT_OF_BOUNDS) {
      return absent(at, text, code == CelErrorCode.INDEX_OUT_OF_BOUNDS);
    }
    return new Outcome.Error(message(code, text, at));
  }

  private String message(CelErrorCode code, String text, List<CelExpr> at) {
    return switch (code) {
      case OVERLOAD_NOT_FOUND -> overload(text, at);
      case DIVIDE_BY_ZERO -> "division by zero";
      case NUMERIC_OVERFLOW -> "a number is too large";
      case DUPLICATE_ATTRIBUTE -> "a map has the same key twice";
      case BAD_FORMAT -> call(at) + "the text does not have the form of that type";
      case ITERATION_BUDGET_EXCEEDED ->
          "costs too much: more than " + Language.MAX_ITERATIONS + " rounds of its loops";
      case INVALID_ARGUMENT ->
          text.contains("error parsing regexp: ")
              ? "not a regular expression: "
                  + text.substring(text.indexOf("regexp: ") + 8).replaceAll(": `.*", "")
              : call(at) + "a value is not allowed here";
      default -> internal(text, at);
    };
  }

  private String internal(String text, List<CelExpr> at) {
    if (text.startsWith("Expected boolean value")) {
      return at.stream()
          .flatMap(expr -> chains(expr).stream())
          .map(chain -> Map.entry(chain, chain.walk(values).node()))
          .filter(read -> !read.getValue().isBoolean())
          .map(
              read ->
                  read.getKey().text()
                      + " is "
                      + Values.kind(read.getValue())
                      + " where true or false is needed")
          .findFirst()
          .orElse("a value is not true or false where that is needed");
    }
    if (text.startsWith("Unexpected iter_range type")) {
      return "can only go through a list or a map, got a value of another type";
    }
    return call(at) + "cannot be evaluated with these values";
  }

  private static String call(List<CelExpr> at) {
    return at.stream()
        .filter(expr -> expr.getKind() == Kind.CALL)
        .map(expr -> expr.call().function())
        .filter(name -> Character.isLetter(name.charAt(0)))
        .map(name -> name + "(): ")
        .findFirst()
        .orElse("");
  }

  private String overload(String text, List<CelExpr> at) {
    Matcher name = KEY.matcher(text);
    String function = name.find() ? name.group(1) : "";
    String label =
        !function.isEmpty() && Character.isLetter(function.charAt(0))
            ? function + "()"
            : '"' + CompileErrors.operator(function) + '"';
    Optional<CelExpr> call =
        at.stream()
            .filter(e -> e.getKind() == Kind.CALL && e.call().function().equals(function))
            .findFirst();
    return label
        + " cannot take "
        + call.map(
                expr ->
                    References.children(expr).stream()
                        .map(this::kind)
                        .collect(Collectors.joining(" and ")))
            .orElse("values of these types");
  }

  /** The type of a part, as far as it can be known without evaluating it. */
  private String kind(CelExpr part) {
    Optional<JsonNode> read =
        Chain.of(part).filter(this::isRead).map(chain -> chain.walk(values).node());
    if (read.isPresent()) {
      return Values.kind(read.get()) + " (" + Chain.of(part).map(Chain::text).orElse("") + ")";
    }
    return ast.getType(part.id())
        .filter(type -> !type.equals(SimpleType.DYN))
        .map(type -> CompileErrors.plain(type.name()))
        .map(type -> (type.equals("int") ? "an " : "a ") + type)
        .orElse("a value of another type");
  }

  private boolean isRead(Chain chain) {
    return variables.contains(chain.root());
  }

  /** Looks for the part that reads what is not there; where only a loop knows, names the key. */
  private Outcome absent(List<CelExpr> at, String text, boolean position) {
    Matcher matcher = KEY.matcher(text);
    String key = matcher.find() ? matcher.group(1) : "";
    List<CelExpr> places = new ArrayList<>(at);
    places.add(ast.getExpr());
    for (CelExpr place : places) {
      for (Chain chain : chains(place)) {
        Walk walk = chain.walk(values);
        if (walk.outcome().isPresent() && text.contains(walk.stop())) {
          return walk.outcome().get();
        }
      }
    }
    if (position) {
      return new Outcome.Missing("a list has no entry at that position");
    }
    // A computed key is a value, and values are not quoted.
    return new Outcome.Missing(
        key.isEmpty() ? "a map has no such key" : "no such key " + Functions.quoted(key));
  }

  private List<Chain> chains(CelExpr expr) {
    List<Chain> chains = new ArrayList<>();
    Chain.of(expr).filter(this::isRead).ifPresent(chains::add);
    References.children(expr).forEach(child -> chains.addAll(chains(child)));
    return chains;
  }

  private List<CelExpr> at(int position) {
    List<CelExpr> found = new ArrayList<>();
    collect(ast.getExpr(), position, found);
    return found;
  }

  private void collect(CelExpr expr, int position, List<CelExpr> found) {
    Integer own = ast.getSource().getPositionsMap().get(expr.id());
    if (own != null && own == position) {
      found.add(expr);
    }
    References.children(expr).forEach(child -> collect(child, position, found));
  }
}
