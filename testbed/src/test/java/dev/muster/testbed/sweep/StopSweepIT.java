package dev.muster.testbed.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.sandbox.fault.Request;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Fencing: a run is stopped at each of its writes, its lock is taken over, and it writes nothing
 * more when it wakes. The whole sweep: {@code testbed/sweep stops}.
 */
final class StopSweepIT {
  private static final Set<String> WRITES = Set.of("create", "update", "patch", "delete");
  private static final int SAMPLED_STOPS = 3;
  private static final SweepTable TABLE =
      new SweepTable(
          "stops",
          "| change | writes | lock | stops | fenced | uncontested | not reached | failed |");

  @Test
  void aRunThatWakesAfterItsLockWasTakenOverWritesNothing() {
    Map<Scenario, Baseline> baselines = new LinkedHashMap<>();
    Map<Scenario, Integer> writes = new LinkedHashMap<>();
    List<Stop> stops = new ArrayList<>();
    for (Scenario scenario : scenarios()) {
      Baseline baseline = Baseline.of(scenario, () -> new SandboxArena(scenario.ground()));
      List<Request.Point> points =
          new LinkedHashSet<>(baseline.points())
              .stream().filter(point -> WRITES.contains(point.verb())).toList();
      baselines.put(scenario, baseline);
      writes.put(scenario, points.size());
      stops.addAll(stops(scenario, points));
    }
    List<Stop.Result> results =
        Workers.each(
            Sample.only(stops),
            stop -> {
              try (Arena arena = new SandboxArena(stop.scenario().ground())) {
                return stop.in(arena, Objects.requireNonNull(baselines.get(stop.scenario())));
              }
            },
            failure ->
                new Stop.Result(
                    failure.item(), Stop.Outcome.FAILED, "", List.of(failure.thrown().toString())));
    tabulate(writes, results);
    log(results);
    assertThat(results)
        .filteredOn(result -> result.outcome() == Stop.Outcome.FAILED)
        .as("stops after which something is not as it should be")
        .isEmpty();
    assertThat(count(results, Stop.Outcome.FENCED)).isGreaterThanOrEqualTo(results.size() / 2);
  }

  private static List<Scenario> scenarios() {
    // A rotation that is made again has another end, so there is nothing to compare.
    return Scenario.all().stream().filter(change -> !change.name().equals("rotate")).toList();
  }

  /** Those that take longest come first: a Lease runs out in a minute. */
  private static List<Stop> stops(Scenario scenario, List<Request.Point> points) {
    List<Stop> stops = new ArrayList<>();
    for (Request.Point point : points) {
      stops.add(new Stop(scenario, point, points.indexOf(point) % 2 == 0, Stop.Loss.RUN_OUT));
    }
    List<Stop> released = new ArrayList<>();
    for (Request.Point point : points) {
      released.add(new Stop(scenario, point, false, Stop.Loss.RELEASED));
      released.add(new Stop(scenario, point, true, Stop.Loss.RELEASED));
    }
    // One that is giving its lock back has nothing left to do: nobody makes a released Lease anew.
    Request.Point end = points.get(points.size() - 1);
    released.removeIf(stop -> stop.point().equals(end) && end.path().contains("/leases"));
    if (!Sample.whole()) {
      // Where the lock is taken and given back, nobody has much to lose.
      released.removeIf(stop -> stop.point().path().contains("/leases"));
      boolean longest = scenario.name().equals("join");
      stops = longest ? List.of(stops.get(stops.size() / 2)) : List.of();
      // An odd number apart: both sides.
      released = Sample.of(released, SAMPLED_STOPS, stop -> false);
    }
    return Stream.concat(stops.stream(), released.stream()).toList();
  }

  private static void tabulate(Map<Scenario, Integer> writes, List<Stop.Result> results) {
    writes.forEach(
        (scenario, number) -> {
          for (Stop.Loss loss : Stop.Loss.values()) {
            List<Stop.Result> some =
                results.stream()
                    .filter(r -> r.stop().scenario().equals(scenario) && r.stop().loss() == loss)
                    .toList();
            TABLE.row(
                scenario.name(),
                number,
                loss == Stop.Loss.RELEASED ? "released" : "run out",
                some.size(),
                count(some, Stop.Outcome.FENCED),
                count(some, Stop.Outcome.UNCONTESTED),
                count(some, Stop.Outcome.NOT_REACHED),
                count(some, Stop.Outcome.FAILED));
          }
        });
    TABLE.write();
  }

  /** What the runs have said that lost their lock, to be read by people. */
  private static void log(List<Stop.Result> results) {
    StringBuilder text = new StringBuilder();
    for (Stop.Result result : results) {
      text.append("## ").append(result.stop()).append(": ").append(result.outcome()).append("\n\n");
      result.wrong().forEach(line -> text.append(line).append("\n\n"));
      text.append(result.said().indent(4)).append('\n');
    }
    SweepTable.write("stops-said.md", text.toString());
  }

  private static int count(List<Stop.Result> results, Stop.Outcome outcome) {
    return (int) results.stream().filter(result -> result.outcome() == outcome).count();
  }
}
