package dev.muster.testbed.sweep;

import dev.muster.sandbox.fault.Request;
import dev.muster.testbed.Muster;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A run of muster in which one request, or one kind of them, meets a fault; and the one after. */
record FaultyRun(Scenario scenario, Request.Point point, Disorder disorder) {
  /** As the README has them: what a change may end with when the API servers fail. */
  private static final Set<Integer> DOCUMENTED = Set.of(0, 1, 3, 4, 5, 6, 7, 8);

  /** What came of it. */
  enum Outcome {
    /** The run has done its work all the same. */
    CONVERGED,
    /** It has said what is wrong, and the next run, without the fault, has done the rest. */
    STOPPED,
    /** The request did not come, or the fault could not happen to it. */
    NOT_MET,
    /** Something is not as it has to be. */
    FAILED
  }

  /**
   * @param said what the run has printed
   * @param wrong what is not as it has to be, in sentences
   */
  record Result(FaultyRun run, Outcome outcome, Muster.Result said, List<String> wrong) {
    private static final Muster.Result SILENCE = new Muster.Result("", -1, "", "");

    /** A run of which only the outcome is known any more. */
    static Result before(FaultyRun run, String outcome) {
      return new Result(run, Outcome.valueOf(outcome), SILENCE, List.of());
    }

    static Result threw(FaultyRun run, Throwable thrown) {
      return new Result(run, Outcome.FAILED, SILENCE, List.of(thrown.toString()));
    }
  }

  Result in(Arena arena, Baseline baseline) {
    scenario.prepare(arena);
    Leaks leaks = Leaks.of(arena);
    arena.faults().add(disorder.at(point));
    Muster.Result said = arena.muster().call(Scenario.words(disorder.calling(scenario.command())));
    boolean met = !arena.faults().met().isEmpty();
    arena.faults().lift();
    List<String> wrong = new ArrayList<>();
    if (!DOCUMENTED.contains(said.exit())) {
      wrong.add("no documented exit code: " + said.exit());
    }
    if (!met && said.exit() != 0) {
      wrong.add("nothing happened to it, but it failed");
    }
    wrong.addAll(Account.of(this, said));
    wrong.addAll(Account.ofRecord(arena, said));
    if (said.exit() != 0 || met && disorder.lies()) {
      List<String> next = said.exit() == 0 ? List.of("apply", "--yes") : scenario.again();
      Muster.Result second = arena.muster().call(Scenario.words(next));
      if (second.exit() != 0) {
        wrong.add("without the fault: " + second);
      }
    }
    if (disorder.denies(point)) {
      EndState.takeAway(arena, point, baseline.endState());
    }
    Aftermath.reaches(arena, "plan", "--detailed-exitcode").ifPresent(wrong::add);
    scenario.rest(arena);
    wrong.addAll(Aftermath.of(arena, baseline));
    wrong.addAll(leaks.found());
    Outcome good = !met ? Outcome.NOT_MET : said.exit() == 0 ? Outcome.CONVERGED : Outcome.STOPPED;
    return new Result(this, wrong.isEmpty() ? good : Outcome.FAILED, said, wrong);
  }

  @Override
  public String toString() {
    return scenario + ": " + disorder + " at " + point;
  }
}
