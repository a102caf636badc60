package dev.muster.testbed.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.sandbox.fault.Request;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every request of a change, and both sides of it: muster is killed there, started again, and the
 * fleet ends as if nothing had happened. The whole sweep: {@code testbed/sweep crash}.
 */
final class CrashSweepIT {
  private static final int SAMPLED_POINTS = Integer.getInteger("muster.sweep.sample", 4);
  private static final SweepTable TABLE =
      new SweepTable("crash", "| change | requests | cuts | converged | not reached | failed |");

  static List<Scenario> scenarios() {
    return Scenario.all();
  }

  @AfterAll
  static void tell() {
    TABLE.write();
  }

  @ParameterizedTest
  @MethodSource("scenarios")
  void aRunThatIsKilledAtAnyRequestIsFinishedByTheNext(Scenario scenario) {
    Supplier<Arena> arenas = Sample.arenas(scenario.ground());
    Baseline baseline = Baseline.of(scenario, arenas);
    List<Request.Point> all = List.copyOf(new LinkedHashSet<>(baseline.points()));
    List<Crash> crashes = new ArrayList<>();
    for (Request.Point point : Sample.of(all, SAMPLED_POINTS, CrashSweepIT::kept)) {
      crashes.add(new Crash(scenario, point, false));
      crashes.add(new Crash(scenario, point, true));
    }
    List<Crash.Result> results =
        Journal.of("crash-" + Sample.arena() + scenario.name())
            .each(
                Sample.only(crashes),
                new Journal.Piece<>(
                    crash -> inAnArena(crash, arenas, baseline),
                    Crash.Result::outcome,
                    Crash.Result::before,
                    failure ->
                        new Crash.Result(
                            failure.item(),
                            Crash.Outcome.FAILED,
                            List.of(failure.thrown().toString()))));
    TABLE.row(
        scenario.name(),
        all.size(),
        results.size(),
        count(results, Crash.Outcome.CONVERGED),
        count(results, Crash.Outcome.NOT_REACHED),
        count(results, Crash.Outcome.FAILED));
    results.stream()
        .filter(result -> result.outcome() == Crash.Outcome.NOT_REACHED)
        .forEach(result -> TABLE.note(result.crash() + ": not reached"));
    assertThat(results)
        .filteredOn(result -> result.outcome() == Crash.Outcome.FAILED)
        .as("cuts after which the fleet is not as it should be")
        .isEmpty();
    // A sweep that meets nothing would hold of anything.
    assertThat(count(results, Crash.Outcome.CONVERGED)).isGreaterThan(results.size() / 2);
  }

  private static Crash.Result inAnArena(Crash crash, Supplier<Arena> arenas, Baseline baseline) {
    try (Arena arena = arenas.get()) {
      return crash.in(arena, baseline);
    }
  }

  /**
   * Where the sweep has found something: a host that had been written to by a run which was killed
   * at its gate, was never noted as settled.
   */
  private static boolean kept(Request.Point point) {
    return point.verb().equals("patch") && point.path().endsWith("/configmaps/kubesphere-config");
  }

  private static int count(List<Crash.Result> results, Crash.Outcome outcome) {
    return (int) results.stream().filter(result -> result.outcome() == outcome).count();
  }
}
