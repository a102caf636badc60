package dev.muster.testbed.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.sandbox.fault.Request;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every answer that can go wrong, at every request of a change: the run converges, or says what is
 * wrong and is finished by the next one. The whole sweep: {@code testbed/sweep faults}.
 */
final class FaultSweepIT {
  private static final int SAMPLED_RUNS = Integer.getInteger("muster.sweep.sample", 16);
  private static final SweepTable TABLE =
      new SweepTable(
          "faults", "| change | fault | runs | converged | stopped | not met | failed |");

  static List<Scenario> scenarios() {
    return Scenario.all();
  }

  @AfterAll
  static void tell() {
    TABLE.write();
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void aRunConvergesOrSaysWhatIsWrong(Scenario scenario) {
    Supplier<Arena> arenas = Sample.arenas(scenario.ground());
    Baseline baseline = Baseline.of(scenario, arenas);
    List<FaultyRun> all = new ArrayList<>();
    for (Request.Point point : new LinkedHashSet<>(baseline.points())) {
      for (Disorder disorder : Disorder.all()) {
        if (disorder.fits(point)) {
          all.add(new FaultyRun(scenario, point, disorder));
        }
      }
    }
    Journal journal = Journal.of("faults-" + Sample.arena() + scenario.name());
    List<FaultyRun> chosen = Sample.of(Sample.only(all), SAMPLED_RUNS, run -> false);
    List<FaultyRun.Result> results =
        journal.each(
            chosen,
            new Journal.Piece<>(
                run -> inAnArena(run, arenas, baseline),
                FaultyRun.Result::outcome,
                FaultyRun.Result::before,
                failure -> FaultyRun.Result.threw(failure.item(), failure.thrown())));
    tabulate(scenario, results);
    log(scenario, results);
    assertThat(results)
        .filteredOn(result -> result.outcome() == FaultyRun.Outcome.FAILED)
        .as("runs after which something is not as it should be")
        .isEmpty();
  }

  private static FaultyRun.Result inAnArena(
      FaultyRun run, Supplier<Arena> arenas, Baseline baseline) {
    FaultyRun.Result result;
    try (Arena arena = arenas.get()) {
      result = run.in(arena, baseline);
    }
    if (result.outcome() == FaultyRun.Outcome.FAILED) {
      // At once: a whole sweep takes long.
      System.out.println("failed: " + run + "\n" + String.join("\n", result.wrong()));
    }
    return result;
  }

  /** What the runs that stopped have said, to be read by people. */
  private static void log(Scenario scenario, List<FaultyRun.Result> results) {
    StringBuilder text = new StringBuilder();
    for (FaultyRun.Result result : results) {
      if (!result.said().command().isEmpty() && result.said().exit() != 0
          || result.outcome() == FaultyRun.Outcome.FAILED) {
        text.append("## ").append(result.run()).append("\n\n");
        result.wrong().forEach(line -> text.append(line).append("\n\n"));
        text.append(result.said().toString().indent(4)).append('\n');
      }
    }
    SweepTable.write("faults-" + scenario.name() + "-said.md", text.toString());
  }

  private static void tabulate(Scenario scenario, List<FaultyRun.Result> results) {
    Map<String, Map<FaultyRun.Outcome, Integer>> counts = new LinkedHashMap<>();
    for (FaultyRun.Result result : results) {
      counts
          .computeIfAbsent(
              result.run().disorder().toString(), name -> new EnumMap<>(FaultyRun.Outcome.class))
          .merge(result.outcome(), 1, Integer::sum);
    }
    counts.forEach(
        (disorder, outcomes) ->
            TABLE.row(
                scenario.name(),
                disorder,
                outcomes.values().stream().mapToInt(Integer::intValue).sum(),
                outcomes.getOrDefault(FaultyRun.Outcome.CONVERGED, 0),
                outcomes.getOrDefault(FaultyRun.Outcome.STOPPED, 0),
                outcomes.getOrDefault(FaultyRun.Outcome.NOT_MET, 0),
                outcomes.getOrDefault(FaultyRun.Outcome.FAILED, 0)));
  }
}
