package dev.muster.expression;

import dev.cel.common.CelIssue;
import dev.muster.problem.Problem;
import dev.muster.problem.Severity;
import dev.muster.problem.Suggestion;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What CEL finds wrong when it compiles, in the words of someone who writes a plan. */
final class CompileErrors {
  private static final Pattern UNDECLARED = Pattern.compile("undeclared reference to '([^']*)'.*");
  private static final Pattern OVERLOAD =
      Pattern.compile(
          "found no matching overload for '([^']*)' applied to '(.*)' \\(candidates: (.*)\\)");
  private static final Pattern FIELD =
      Pattern.compile("type '(.*)' does not support field selection");
  private static final Pattern UNEXPECTED =
      Pattern.compile(
          "(?:mismatched input|extraneous input|no viable alternative at input) '(.*?)'(?: expecting .*)?",
          Pattern.DOTALL);
  private static final Pattern LACKING = Pattern.compile("missing '(.*?)' at .*", Pattern.DOTALL);
  private static final Pattern TYPE =
      Pattern.compile("google\\.protobuf\\.(\\w+)|\\b(map|list|optional_type)\\([^()]*\\)|%\\w+");
  private static final Map<String, String> OPERATORS =
      Map.of("_?_:_", "?:", "_[_]", "[]", "@in", "in", "_[?_]", "[?]", "_?._", ".?");

  private final String code;
  private final Map<String, Environment.Type> variables;

  CompileErrors(String code, Map<String, Environment.Type> variables) {
    this.code = code;
    this.variables = variables;
  }

  /** One problem, and the character of the expression that it is about. */
  record Finding(int offset, String message, List<String> hints) {
    Problem problem(Place place, int codeOffset) {
      return new Problem(Severity.ERROR, place.at(codeOffset + offset), message, hints);
    }
  }

  /** All findings, except that of several syntax errors only the first is no consequence. */
  List<Finding> findings(Collection<CelIssue> issues) {
    List<Finding> findings = new ArrayList<>();
    for (CelIssue issue : issues) {
      if (issue.getSeverity() != CelIssue.Severity.ERROR) {
        continue;
      }
      boolean syntax = issue.getExprId() <= 0;
      findings.add(finding(offset(issue), issue.getMessage()));
      if (syntax) {
        break;
      }
    }
    return findings;
  }

  private Finding finding(int offset, String message) {
    Matcher undeclared = UNDECLARED.matcher(message);
    if (undeclared.matches()) {
      return undeclared(offset, undeclared.group(1));
    }
    Matcher overload = OVERLOAD.matcher(message);
    if (overload.matches()) {
      return overload(offset, overload.group(1), overload.group(2), overload.group(3));
    }
    Matcher field = FIELD.matcher(message);
    if (field.matches()) {
      return new Finding(
          offset, "a value of type " + plain(field.group(1)) + " has no fields", List.of());
    }
    Matcher unexpected = UNEXPECTED.matcher(message);
    if (unexpected.matches()) {
      String input = unexpected.group(1);
      boolean end = input.equals("<EOF>") || offset >= code.stripTrailing().length();
      return new Finding(
          offset,
          end ? "the expression ends too early" : "unexpected \"" + tail(input) + "\"",
          List.of());
    }
    Matcher lacking = LACKING.matcher(message);
    if (lacking.matches()) {
      return new Finding(offset, "missing \"" + lacking.group(1) + '"', List.of());
    }
    if (message.startsWith("token recognition error at: ")) {
      String input = message.substring("token recognition error at: '".length());
      String token = input.replaceAll("'$", "").strip();
      return new Finding(
          offset,
          "unexpected \"" + token + "\"",
          token.equals("=") ? List.of("to compare, write ==") : List.of());
    }
    return new Finding(
        offset, plain(message.replaceAll("\\s*\\(in container ''\\)", "")), List.of());
  }

  private Finding undeclared(int offset, String name) {
    boolean call = offset < code.length() && code.charAt(offset) == '(';
    int start = call ? Math.max(0, code.lastIndexOf(name, offset)) : offset;
    Set<String> allowed = call ? Language.functionNames() : new TreeSet<>(variables.keySet());
    List<String> hints = new ArrayList<>();
    Suggestion.closest(name, allowed)
        .ifPresent(word -> hints.add("did you mean \"" + word + "\"?"));
    if (!call) {
      hints.add(
          allowed.isEmpty()
              ? "no variables are known here"
              : "known here: " + String.join(", ", allowed));
    }
    return new Finding(
        start, "unknown " + (call ? "function" : "name") + " \"" + name + "\"", hints);
  }

  private Finding overload(int offset, String function, String applied, String candidates) {
    boolean call = Character.isLetter(function.charAt(0));
    int start = call ? Math.max(0, code.lastIndexOf(function, offset)) : offset;
    String types =
        plain(applied)
            .replaceAll("[()]", "")
            .replaceAll("\\.(?=\\S)", " and ")
            .replaceAll("\\.$", "");
    types = types.replace(", ", " and ");
    String message =
        (call ? function + "()" : "\"" + operator(function) + "\"")
            + (types.isEmpty() ? " needs values" : " cannot take " + types);
    List<String> hints = new ArrayList<>();
    if (call) {
      hints.add(
          "it takes "
              + Pattern.compile("(?<=\\)),")
                  .splitAsStream(plain(candidates))
                  .distinct()
                  .collect(Collectors.joining(" or ")));
    } else if (function.equals("_+_") && applied.contains("string")) {
      hints.add("make a string of the other value with string(...)");
    }
    return new Finding(start, message, hints);
  }

  static String operator(String function) {
    String known = OPERATORS.get(function);
    return known != null ? known : function.replace("_", "");
  }

  /** Without the names of CEL's own machinery. */
  static String plain(String text) {
    String before = "";
    String plain = text;
    while (!plain.equals(before)) {
      before = plain;
      plain =
          TYPE.matcher(plain)
              .replaceAll(
                  match ->
                      match.group(1) != null
                          ? match.group(1).toLowerCase(Locale.ROOT)
                          : match.group(2) != null ? match.group(2).replace("_type", "") : "any");
    }
    return plain.replaceAll("\\bdyn\\b", "any");
  }

  private static String tail(String input) {
    return input.length() > 30 ? "..." + input.substring(input.length() - 30) : input;
  }

  /** CEL counts code points in a line; Java counts chars in the whole. */
  private int offset(CelIssue issue) {
    int start = 0;
    for (int line = 1; line < issue.getSourceLocation().getLine(); line++) {
      start = code.indexOf('\n', start) + 1;
    }
    int column = Math.max(0, issue.getSourceLocation().getColumn());
    int available = code.codePointCount(start, code.length());
    return code.offsetByCodePoints(start, Math.min(column, available));
  }
}
