package dev.muster.cli;

import dev.muster.changes.Expectation;
import dev.muster.changes.StepPlan;
import dev.muster.rehearsal.Performance;
import dev.muster.rehearsal.Rehearsed;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** A real run that is held to what was rehearsed: each step is compared right before its writes. */
final class RehearsedRun {
  private final Rehearsed then;
  private final MusterCommand top;
  private final PrintWriter out;
  private final Map<String, Rehearsed.Deviation> deviations = new ConcurrentSkipListMap<>();

  RehearsedRun(Rehearsed then, MusterCommand top, PrintWriter out) {
    this.then = then;
    this.top = top;
    this.out = out;
  }

  /**
   * Runs, and tells how it compares.
   *
   * @param run with what it adds to the expectations
   * @param quiet whether nothing is told to people
   */
  ExitCode run(Function<UnaryOperator<Expectation>, ExitCode> run, boolean quiet) {
    Performance performance = new Performance();
    ExitCode code = run.apply(expectation -> expectation.and(this::deviation).and(performance));
    if (!quiet) {
      tell(code, Rehearsed.of(performance.steps()));
      out.flush();
    }
    return code;
  }

  private Optional<String> deviation(StepPlan step) {
    Optional<Rehearsed.Deviation> found = then.deviation(step);
    found.ifPresent(deviation -> deviations.put(step.step().id(), deviation));
    return found.map(deviation -> "differs from the rehearsal: " + deviation.text());
  }

  private void tell(ExitCode code, Rehearsed now) {
    List<String> missing = then.missingFrom(now);
    boolean ended = code == ExitCode.OK || code == ExitCode.DEFERRED;
    if (ended && missing.isEmpty()) {
      int changes = then.changes();
      out.println("as rehearsed: the same " + changes + (changes == 1 ? " change" : " changes"));
      return;
    }
    // Also when a run goes on after one that ended in the middle.
    out.println("nothing was written otherwise than rehearsed");
    if (!deviations.isEmpty()) {
      out.println("stopped where it would have differed:");
    }
    deviations.forEach(this::tell);
    if (!missing.isEmpty()) {
      out.println("rehearsed, and not written by this run:");
    }
    missing.forEach(line -> out.print(top.clean("  " + line)));
    if (!deviations.isEmpty()) {
      out.println("next: look at the difference, then record and play again:");
      out.println("  muster plan --snapshot FILE");
    }
  }

  private void tell(String step, Rehearsed.Deviation deviation) {
    out.print(top.clean("  step " + step + ": " + deviation.ref()));
    if (!deviation.path().isEmpty()) {
      out.print(top.clean("    " + deviation.path()));
    }
    out.print(top.clean("    rehearsed: " + deviation.rehearsed()));
    out.print(top.clean("    now: " + deviation.now()));
  }
}
