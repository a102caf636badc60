package dev.muster.testbed.sweep;

import dev.muster.sandbox.fault.Fault;
import dev.muster.sandbox.fault.Request;
import dev.muster.sandbox.fault.Rule;
import dev.muster.testbed.Muster;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A run of muster that is killed at one of its requests, and the run after it.
 *
 * @param answered whether the server has heard of the request by then
 */
record Crash(Scenario scenario, Request.Point point, boolean answered) {
  /** What came of it. */
  enum Outcome {
    /** Killed, and the next run has put everything right. */
    CONVERGED,
    /** The request did not come in this run: it is one of those that depend on chance. */
    NOT_REACHED,
    /** Something is not as it has to be. */
    FAILED
  }

  /**
   * @param faults what is not as it has to be, in sentences
   */
  record Result(Crash crash, Outcome outcome, List<String> faults) {
    /** One of which only the outcome is known any more. */
    static Result before(Crash crash, String outcome) {
      return new Result(crash, Outcome.valueOf(outcome), List.of());
    }
  }

  Result in(Arena arena, Baseline baseline) {
    scenario.prepare(arena);
    Leaks leaks = Leaks.of(arena);
    // The request may come before the process is known here.
    CompletableFuture<Muster.Running> process = new CompletableFuture<>();
    Fault fault = answered ? new Fault.DropAnswer() : new Fault.DropRequest();
    arena.faults().add(Rule.at(point, fault).then(request -> process.join().kill()));
    Muster.Running running = arena.muster().start(Scenario.words(scenario.command()));
    process.complete(running);
    Muster.Result first = running.await();
    List<String> wrong = new ArrayList<>();
    boolean killed = first.exit() == 137;
    if (killed == arena.faults().met().isEmpty() || !killed && first.exit() != 0) {
      wrong.add("the run was not killed as meant: " + first);
    }
    if (killed) {
      Muster.Result second = arena.muster().call(Scenario.words(scenario.again()));
      if (second.exit() != 0) {
        wrong.add("run again: " + second);
      }
    }
    Aftermath.reaches(arena, "plan", "--detailed-exitcode").ifPresent(wrong::add);
    Aftermath.reaches(arena, "drift").ifPresent(wrong::add);
    scenario.rest(arena);
    wrong.addAll(Aftermath.of(arena, baseline));
    wrong.addAll(leaks.found());
    Outcome good = killed ? Outcome.CONVERGED : Outcome.NOT_REACHED;
    return new Result(this, wrong.isEmpty() ? good : Outcome.FAILED, wrong);
  }

  @Override
  public String toString() {
    return scenario + ": killed " + (answered ? "after " : "before ") + point;
  }
}
