package dev.muster.trial;

import dev.muster.expression.Outcome;
import dev.muster.expression.Template;
import dev.muster.plan.FactSpec;
import dev.muster.plan.GateSpec;
import dev.muster.plan.Plan;
import dev.muster.plan.Probe;
import dev.muster.plan.ReadyTerm;
import dev.muster.plan.Requirement;
import dev.muster.plan.RotationSpec;
import dev.muster.plan.RuleSpec;
import dev.muster.plan.StepSpec;
import dev.muster.problem.Problem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What of a plan the cases have come by. Not thread-safe. */
public final class Coverage {
  /**
   * A part of the plan.
   *
   * @param kind {@code step}, {@code gate} or {@code refusal}
   */
  public record Part(String kind, String text) {}

  private static final int LONGEST = 60;

  private final Plan plan;
  private final Set<String> steps = new HashSet<>();
  private final Set<String> opened = new HashSet<>();

  /** Terms that did not hold, and probes that did; a plan's templates are the same all along. */
  private final Map<Template, Boolean> decided = new IdentityHashMap<>();

  private final Set<String> messages = new HashSet<>();

  public Coverage(Plan plan) {
    this.plan = plan;
  }

  /** Name and version of the plan. */
  String plan() {
    return plan.title();
  }

  /** A step that was wanted, and neither refused nor left out. */
  void step(StepSpec spec) {
    steps.add(spec.id());
  }

  void opened(GateSpec gate) {
    opened.add(gate.name());
  }

  /** Notes the outcome where it decides. */
  Outcome evaluated(GateSpec gate, Template template, Outcome outcome) {
    boolean holds = outcome instanceof Outcome.Value value && value.value().asBoolean(false);
    boolean term =
        gate.ready().stream().anyMatch(t -> t.that() == template)
            || gate.proof().stream().anyMatch(t -> t.that() == template);
    boolean probe = TrialGates.probes(gate).stream().anyMatch(p -> p.when() == template);
    if (term && !holds || probe && holds) {
      decided.put(template, true);
    }
    return outcome;
  }

  void said(List<Problem> problems) {
    problems.forEach(problem -> messages.add(problem.message()));
  }

  void noted(List<String> notes) {
    messages.addAll(notes);
  }

  /** What no case has reached, in the order of the plan. */
  public List<Part> missing() {
    return parts().entrySet().stream().filter(e -> !e.getValue()).map(Map.Entry::getKey).toList();
  }

  /** Of each kind how many parts there are, and how many of them were reached. */
  public Map<String, int[]> counts() {
    Map<String, int[]> counts = new LinkedHashMap<>();
    parts()
        .forEach(
            (part, reached) -> {
              int[] count = counts.computeIfAbsent(part.kind(), kind -> new int[2]);
              count[0] += reached ? 1 : 0;
              count[1]++;
            });
    return counts;
  }

  private Map<Part, Boolean> parts() {
    Map<Part, Boolean> parts = new LinkedHashMap<>();
    for (StepSpec step : plan.steps()) {
      parts.put(new Part("step", step.id()), steps.contains(step.id()));
    }
    plan.gates().values().forEach(gate -> gate(gate, parts));
    for (StepSpec step : plan.steps()) {
      for (Requirement requirement : step.require()) {
        refusal("step " + step.id(), requirement.message(), parts);
      }
    }
    for (FactSpec fact : plan.facts().values()) {
      fact.require().ifPresent(r -> refusal("fact " + fact.name(), r.message(), parts));
    }
    for (RotationSpec rotation : plan.rotations().values()) {
      rotation.require().forEach(r -> refusal("rotation " + rotation.name(), r.message(), parts));
    }
    for (RuleSpec rule : plan.rules()) {
      refusal(rule.kind() == RuleSpec.Kind.NOTE ? "note" : "input", rule.message(), parts);
    }
    return parts;
  }

  private void gate(GateSpec gate, Map<Part, Boolean> parts) {
    parts.put(new Part("gate", gate.name() + ": open"), opened.contains(gate.name()));
    List<ReadyTerm> terms = new ArrayList<>(gate.ready());
    terms.addAll(gate.proof());
    for (ReadyTerm term : terms) {
      parts.put(
          new Part("gate", gate.name() + ": waiting, " + shown(term.waiting())),
          decided.containsKey(term.that()));
    }
    for (Probe probe : gate.failed()) {
      parts.put(
          new Part("gate", gate.name() + ": failed, " + shown(probe.cause())),
          decided.containsKey(probe.when()));
    }
    for (Probe probe : gate.why()) {
      parts.put(
          new Part("gate", gate.name() + ": because " + shown(probe.cause())),
          decided.containsKey(probe.when()));
    }
  }

  private void refusal(String of, Template message, Map<Part, Boolean> parts) {
    Pattern form = form(message.source());
    boolean reached = messages.stream().anyMatch(said -> form.matcher(said).matches());
    parts.put(new Part("refusal", of + ": " + shown(message)), reached);
  }

  /** The words of a message, with anything in the place of what is computed. */
  private static Pattern form(String source) {
    StringBuilder form = new StringBuilder();
    for (Piece piece : pieces(source)) {
      form.append(piece.computed() ? ".*" : Pattern.quote(piece.text()));
    }
    return Pattern.compile(form.toString(), Pattern.DOTALL);
  }

  private record Piece(String text, boolean computed) {}

  private static List<Piece> pieces(String source) {
    List<Piece> pieces = new ArrayList<>();
    int from = 0;
    while (from < source.length()) {
      int start = source.indexOf("${", from);
      if (start < 0) {
        pieces.add(new Piece(source.substring(from), false));
        return pieces;
      }
      pieces.add(new Piece(source.substring(from, start), false));
      int end = end(source, start);
      pieces.add(new Piece(source.substring(start, end), true));
      from = end;
    }
    return pieces;
  }

  private static int end(String source, int start) {
    int depth = 0;
    for (int i = start + 1; i < source.length(); i++) {
      depth += source.charAt(i) == '{' ? 1 : source.charAt(i) == '}' ? -1 : 0;
      if (depth == 0) {
        return i + 1;
      }
    }
    return source.length();
  }

  private static String shown(Template template) {
    StringBuilder text = new StringBuilder();
    pieces(template.source()).forEach(p -> text.append(p.computed() ? "..." : p.text()));
    String line = text.toString().strip();
    return line.length() > LONGEST ? line.substring(0, LONGEST - 3) + "..." : line;
  }
}
