package dev.muster.testbed.sweep;

import dev.muster.sandbox.fault.Fault;
import dev.muster.sandbox.fault.Request;
import dev.muster.sandbox.fault.Rule;
import dev.muster.testbed.Muster;
import dev.muster.testbed.Wait;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;

/**
 * A run of muster that is stopped (SIGSTOP) at one of its requests, loses its lock to another run,
 * and wakes when that has done the work.
 *
 * @param answered whether the server takes the request in before
 * @param loss how it loses its lock
 */
record Stop(Scenario scenario, Request.Point point, boolean answered, Loss loss) {
  /** How long a write may be on its way after the lock was proven, and a second. */
  private static final Duration PROOF = Duration.ofSeconds(11);

  /** As the README has them: what a run that is not let write any more may end with. */
  private static final Set<Integer> DOCUMENTED = Set.of(0, 1, 3, 4, 5, 7);

  private static final Pattern CLAIM = Pattern.compile("^  [^ ]+  (patched|created|deleted) ");

  private static final Pattern UNKNOWN =
      Pattern.compile("^step [^ ]+: failed, cannot .* is not known");

  private static final Pattern LOST =
      Pattern.compile(
          "the lock of this run (was released by hand|was taken over by run [0-9]{8}-)"
              + "|cannot take the lock|holds the lock");

  private static final String LEASE =
      "host /apis/coordination.k8s.io/v1/namespaces/kube-system/leases/muster-acme";

  /** How a run loses its lock. */
  enum Loss {
    /** Somebody who knows that it hangs gives the lock back. */
    RELEASED,
    /** The next run waits until the Lease has run out. */
    RUN_OUT
  }

  /** What came of it. */
  enum Outcome {
    /** It has lost its lock and has written nothing since, and all is as it should be. */
    FENCED,
    /** The next run had nothing to do, so it wanted no lock; all is as it should be. */
    UNCONTESTED,
    /** The request did not come in this run. */
    NOT_REACHED,
    FAILED
  }

  /**
   * @param said what the run that was stopped has said in the end
   * @param wrong what is not as it has to be, in sentences
   */
  record Result(Stop stop, Outcome outcome, String said, List<String> wrong) {}

  Result in(Arena arena, Baseline baseline) {
    scenario.prepare(arena);
    CompletableFuture<Muster.Running> process = new CompletableFuture<>();
    CompletableFuture<Long> stopped = new CompletableFuture<>();
    Fault fault = answered ? new Fault.DropAnswer() : new Fault.DropRequest();
    arena
        .faults()
        .add(
            Rule.at(point, fault)
                .then(
                    request -> {
                      process.join().signal("STOP");
                      stopped.complete(System.nanoTime());
                    }));
    Muster.Running running = arena.muster().start(Scenario.words(scenario.command()));
    process.complete(running);
    Wait.until(
        Duration.ofSeconds(60), "stopped or over", () -> stopped.isDone() || running.ended());
    if (!stopped.isDone()) {
      return new Result(this, Outcome.NOT_REACHED, running.await().toString(), List.of());
    }
    List<String> wrong = new ArrayList<>();
    TakeOver takeOver = TakeOver.of(arena, scenario, loss);
    wrong.addAll(takeOver.wrong());
    Wait.until("the proof is old", () -> System.nanoTime() - stopped.join() > PROOF.toNanos());
    int before = arena.faults().written().size();
    running.signal("CONT");
    Muster.Result woken = running.await();
    Baseline expected = baseline;
    if (takeOver.happened()) {
      List<Request> written = arena.faults().written();
      if (written.size() > before) {
        wrong.add("written after the takeover: " + written.subList(before, written.size()));
      }
      wrong.addAll(said(woken));
      wrong.addAll(claimed(arena, woken, takeOver.second()));
      expected = takeOver.released() ? baseline.andCreated(LEASE) : baseline;
    }
    Aftermath.reaches(arena, "plan", "--detailed-exitcode").ifPresent(wrong::add);
    scenario.rest(arena);
    wrong.addAll(Aftermath.of(arena, expected));
    Outcome good = takeOver.happened() ? Outcome.FENCED : Outcome.UNCONTESTED;
    return new Result(
        this, wrong.isEmpty() ? good : Outcome.FAILED, woken.toString(), List.copyOf(wrong));
  }

  /** What a run has to say when it has lost its lock. */
  private static List<String> said(Muster.Result woken) {
    List<String> wrong = new ArrayList<>();
    if (!DOCUMENTED.contains(woken.exit())) {
      wrong.add("no exit code for this: " + woken);
    }
    String text = woken.out() + woken.err();
    if (woken.exit() != 0 && !LOST.matcher(text).find()) {
      wrong.add("it does not say what became of its lock: " + woken);
    }
    if (woken.exit() != 0 && !text.contains("next: ") && !text.contains("hint: ")) {
      wrong.add("it does not say what to do: " + woken);
    }
    return wrong;
  }

  /**
   * Each write belongs to one of the runs, which says so and has it in its record; of one whose
   * answer never came, the run that woke says that it does not know.
   */
  private static List<String> claimed(Arena arena, Muster.Result woken, Muster.Result second) {
    long written = arena.faults().written().stream().filter(Stop::ofThePlan).count();
    long unknown = woken.out().lines().filter(line -> UNKNOWN.matcher(line).find()).count();
    long told = claims(woken) + claims(second);
    return told <= written && told + unknown >= written
        ? List.of()
        : List.of(
            "the runs tell of %d writes of %d, and of %d that are not known: %s"
                .formatted(told, written, unknown, woken));
  }

  private static long claims(Muster.Result run) {
    return run.out().lines().filter(line -> CLAIM.matcher(line).find()).count();
  }

  /** Neither lock nor inventory. */
  private static boolean ofThePlan(Request request) {
    String path = request.path();
    return !path.contains("/leases") && !path.contains("/namespaces/kube-system/configmaps");
  }

  @Override
  public String toString() {
    return scenario
        + ": stopped "
        + (answered ? "after " : "before ")
        + point
        + (loss == Loss.RELEASED ? ", lock released" : ", lock run out");
  }
}
