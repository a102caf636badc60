package dev.muster.testbed.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.sandbox.fault.Fault;
import dev.muster.sandbox.fault.Request;
import dev.muster.sandbox.fault.Rule;
import dev.muster.testbed.Muster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Faults before real kube-apiservers while a fleet is joined: what would take a fleet for each in
 * the sweeps comes one after the other here, or all at once. For more: {@code testbed/sweep real}.
 */
@Timeout(600)
final class RealFaultsIT {
  private static final Set<Integer> DOCUMENTED = Set.of(0, 1, 3, 4, 5, 6, 7, 8);
  private static final Scenario JOIN = Scenario.all().get(0);
  private static final SweepTable TABLE =
      new SweepTable("real-faults", "| fault | requests | run ended with |");

  private static final List<String> SAID = Collections.synchronizedList(new ArrayList<>());

  @SuppressWarnings("NullAway.Init")
  private static Baseline baseline;

  @BeforeAll
  static void withoutFaults() {
    baseline = Baseline.once(JOIN, RealArena::new);
  }

  @AfterAll
  static void tell() {
    TABLE.write();
    SweepTable.write("real-faults-said.md", String.join("\n\n", SAID));
  }

  /** A fault that ends a run, or may. */
  private record Blow(
      String what, Predicate<Request> where, int times, Fault fault, boolean kills) {
    static Blow requestsLost(String what, int times, String path) {
      Fault lost = new Fault.DropRequest();
      return new Blow("requests lost: create " + what, create(path), times, lost, false);
    }
  }

  private static Fault lost() {
    return new Fault.DropAnswer();
  }

  private static Predicate<Request> create(String path) {
    return request -> request.verb().equals("create") && request.path().endsWith(path);
  }

  private static Predicate<Request> at(String cluster, String verb, String path) {
    return request ->
        request.cluster().equals(cluster)
            && request.verb().equals(verb)
            && request.path().endsWith(path);
  }

  @Test
  void aJoinThatIsCutOffAtEachThingItMakesIsFinishedInTheEnd() {
    List<Blow> blows =
        List.of(
            Blow.requestsLost("the host's inventory", 1, "/configmaps"),
            new Blow(
                "kill -9 after the patch of kubesphere-config",
                at("host", "patch", "/configmaps/kubesphere-config"),
                1,
                lost(),
                true),
            Blow.requestsLost("the members' inventories", 2, "/configmaps"),
            new Blow(
                "kill -9 before the patch of ks-installer",
                at("m1", "patch", "/ks-installer"),
                1,
                new Fault.DropRequest(),
                true),
            Blow.requestsLost("the Clusters", 2, "/clusters"),
            Blow.requestsLost("the agents", 2, "/deployments"));
    try (Arena arena = new RealArena()) {
      JOIN.prepare(arena);
      for (Blow blow : blows) {
        strike(arena, blow);
      }
      Muster.Result last = arena.muster().call(Scenario.words(JOIN.again()));
      assertThat(last.exit()).as(last.toString()).isZero();
      assertWhole(arena);
    }
  }

  private static void strike(Arena arena, Blow blow) {
    int before = arena.faults().met().size();
    CompletableFuture<Muster.Running> process = new CompletableFuture<>();
    arena
        .faults()
        .add(
            new Rule(
                blow.where(),
                blow.times(),
                blow.fault(),
                request -> {
                  if (blow.kills()) {
                    process.join().kill();
                  }
                }));
    Muster.Result said;
    if (blow.kills()) {
      Muster.Running running = arena.muster().start(Scenario.words(JOIN.command()));
      process.complete(running);
      said = running.await();
      assertThat(said.exit()).as(blow.what() + ": " + said).isEqualTo(137);
    } else {
      said = arena.muster().call(Scenario.words(JOIN.again()));
      assertThat(said.exit()).as(blow.what() + ": " + said).isIn(DOCUMENTED);
      assertThat(said.exit()).as(blow.what() + ": " + said).isNotZero();
      assertThat(said.out() + said.err())
          .as(blow.what() + ": " + said)
          .contains("host")
          .containsPattern("next: |hint: ");
    }
    SAID.add(blow.what() + ": " + said);
    arena.faults().lift();
    int met = arena.faults().met().size() - before;
    assertThat(met).as(blow.what() + ": " + said).isEqualTo(blow.times());
    TABLE.row(blow.what(), met, said.exit());
  }

  @Test
  void aJoinGoesThroughLostAnswersStaleReadsLostEventsConflictsAndThrottling() {
    Optional<Duration> second = Optional.of(Duration.ofSeconds(1));
    Set<String> met = new ConcurrentSkipListSet<>();
    try (Arena arena = new RealArena()) {
      JOIN.prepare(arena);
      List<Rule> rules = new ArrayList<>();
      // The lock is taken all the same.
      rules.add(Rule.once(create("/leases"), lost()).then(r -> met.add("lock")));
      // What took effect is seen to have done so.
      rules.add(Rule.always(create("/configmaps"), lost()).times(2).then(r -> met.add("book")));
      rules.add(Rule.always(create("/deployments"), lost()).times(2).then(r -> met.add("agent")));
      rules.add(
          Rule.always(at("host", "watch", ""), new Fault.HideEvent(1))
              .times(3)
              .then(r -> met.add("hidden")));
      rules.add(
          Rule.once(at("m1", "watch", ""), new Fault.CloseWatch(1)).then(r -> met.add("closed")));
      rules.add(Rule.once(at("m2", "watch", ""), Fault.Refuse.with(410)).then(r -> met.add("410")));
      rules.add(
          Rule.once(at("m1", "patch", "/ks-installer"), Fault.Refuse.with(409))
              .then(r -> met.add("409")));
      rules.add(
          Rule.once(create("/clusters"), new Fault.Refuse(429, second)).then(r -> met.add("429")));
      rules.add(
          Rule.once(at("m2", "get", "/ks-installer"), new Fault.Refuse(503, second))
              .then(r -> met.add("503")));
      // Only a read that has had another answer before can be stale.
      rules.add(
          Rule.always(
                  request -> request.verb().equals("get") && request.path().endsWith("-config"),
                  new Fault.Stale())
              .times(5)
              .then(r -> met.add("stale")));
      rules.forEach(arena.faults()::add);
      Muster.Result said = arena.muster().call(Scenario.words(JOIN.command()));
      SAID.add(said.toString());
      assertThat(said.exit()).as(said.toString()).isIn(DOCUMENTED);
      TABLE.row("all at once: " + met, arena.faults().met().size(), said.exit());
      // A member may be done before it is watched, and nothing need be read twice.
      assertThat(met)
          .as(said.toString())
          .contains("lock", "book", "agent", "hidden", "410", "409", "429", "503");
      arena.faults().lift();
      Muster.Result again = arena.muster().call(Scenario.words(JOIN.again()));
      assertThat(again.exit()).as(again.toString()).isZero();
      assertWhole(arena);
    }
  }

  private static void assertWhole(Arena arena) {
    assertThat(Aftermath.reaches(arena, "plan", "--detailed-exitcode")).isEmpty();
    assertThat(Aftermath.reaches(arena, "drift")).isEmpty();
    assertThat(Aftermath.of(arena, baseline)).isEmpty();
  }
}
