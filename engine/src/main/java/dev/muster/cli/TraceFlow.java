package dev.muster.cli;

import dev.muster.changes.ChangeSet;
import dev.muster.changes.Selection;
import dev.muster.changes.StepPlan;
import dev.muster.changes.Tracer;
import dev.muster.plan.StepSpec;
import dev.muster.problem.MusterException;
import dev.muster.problem.Suggestion;
import dev.muster.report.TraceText;
import dev.muster.session.Session;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Tells what each expression of a step comes to, and from what. */
final class TraceFlow {
  private final MusterCommand top;
  private final PrintWriter out;

  TraceFlow(MusterCommand top, PrintWriter out) {
    this.top = top;
    this.out = out;
  }

  /**
   * @param name of a step of the plan, or of one for a member: {@code step[member]}
   * @param member only its steps
   */
  ExitCode run(Session session, String name, Optional<String> member, Instant logsSince) {
    ChangeSet changeSet = session.plan(Selection.everything());
    List<StepPlan> steps =
        changeSet.steps().stream()
            .filter(s -> s.step().id().equals(name) || s.step().spec().id().equals(name))
            .filter(s -> member.isEmpty() || s.step().subject().name().equals(member.get()))
            .toList();
    if (steps.isEmpty()) {
      throw unknown(session, changeSet, name);
    }
    for (StepPlan step : steps) {
      String decided = step.decision().name().toLowerCase(Locale.ROOT).replace('_', ' ');
      out.println(
          top.style().bold("step " + step.step().id())
              + " on "
              + step.step().cluster().name()
              + ": "
              + decided
              + (step.reason().isEmpty() ? "" : ", " + session.clean().line(step.reason())));
      Tracer tracer =
          new Tracer(
              session.planFile(),
              session.topology(),
              session.clusters(),
              session.reader(),
              session.snapshot(),
              logsSince,
              step.step());
      out.print(new TraceText(session.clean(), top.style()).render(tracer.trace()));
      out.flush();
    }
    return PlanCommand.exitCode(changeSet, false);
  }

  private static MusterException unknown(Session session, ChangeSet changeSet, String name) {
    List<String> known = new ArrayList<>();
    session.planFile().steps().stream().map(StepSpec::id).forEach(known::add);
    changeSet.steps().forEach(step -> known.add(step.step().id()));
    return MusterException.of(
        "there is no step \"" + name + "\" here",
        Suggestion.closest(name, known)
            .map(close -> "did you mean " + close + "?")
            .orElse("`muster graph` shows the steps of this topology"));
  }
}
