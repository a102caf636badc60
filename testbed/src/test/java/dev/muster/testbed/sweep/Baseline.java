package dev.muster.testbed.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.sandbox.fault.Request;
import dev.muster.testbed.Muster;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A change to which nothing happened.
 *
 * @param points each of its requests, in their order
 * @param endState the fleet afterwards
 * @param created what it made, sorted
 */
record Baseline(List<Request.Point> points, String endState, List<String> created) {
  /** The same, with one object more that is made on the way. */
  Baseline andCreated(String object) {
    return new Baseline(
        points, endState, Stream.concat(created.stream(), Stream.of(object)).sorted().toList());
  }

  static Baseline of(Scenario scenario, Supplier<Arena> arenas) {
    List<Baseline> both =
        Workers.each(
            List.of(1, 2),
            time -> once(scenario, arenas),
            failure -> {
              throw new IllegalStateException("without any fault", failure.thrown());
            });
    Baseline first = both.get(0);
    Baseline second = both.get(1);
    // Else no difference that a sweep finds would mean anything.
    assertThat(Aftermath.difference(first.endState(), second.endState())).isEmpty();
    assertThat(second.created()).isEqualTo(first.created());
    return first;
  }

  static Baseline once(Scenario scenario, Supplier<Arena> arenas) {
    try (Arena arena = arenas.get()) {
      scenario.prepare(arena);
      Muster.Result result = arena.muster().call(Scenario.words(scenario.command()));
      assertThat(result.exit()).as(result.toString()).isZero();
      List<Request.Point> points = arena.faults().seen().stream().map(Request::point).toList();
      List<String> created = arena.faults().created().stream().sorted().toList();
      Muster.Result plan = arena.muster().call("plan", "--detailed-exitcode");
      assertThat(plan.exit()).as(plan.toString()).isZero();
      scenario.rest(arena);
      return new Baseline(points, EndState.settled(arena), created);
    }
  }
}
