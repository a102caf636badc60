package dev.muster.apply;

import dev.muster.bound.Exhausted;
import dev.muster.changes.ChangeSet;
import dev.muster.changes.Snapshot;
import dev.muster.changes.StepPlan;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs a change set: each step as soon as those before it are done, members independently of each
 * other. Writes nothing that is not in the change set.
 */
public final class Apply {
  private final StepWork runner;
  private final RunListener listener;
  private final int parallel;
  private volatile boolean interrupted;

  public Apply(StepWork runner, RunListener listener, int parallel) {
    this.runner = runner;
    this.listener = listener;
    this.parallel = parallel;
  }

  /** Ends the run after what is under way; may be called from another thread. */
  public void interrupt() {
    interrupted = true;
    runner.interrupt();
  }

  /** Runs every step that has something to do; returns when all have ended. */
  public RunReport run(String runId, ChangeSet changeSet, Snapshot snapshot) {
    AtomicInteger threads = new AtomicInteger();
    return run(
        runId,
        changeSet,
        snapshot,
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "muster-step-" + threads.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            }));
  }

  /**
   * The same with the steps on threads of the caller's choice; on one, their order is always the
   * same.
   *
   * @param executor is shut down in the end
   */
  public RunReport run(
      String runId, ChangeSet changeSet, Snapshot snapshot, ExecutorService executor) {
    long began = System.nanoTime();
    Semaphore places = new Semaphore(parallel);
    Map<String, StepOutcome> outcomes = new ConcurrentHashMap<>();
    WaveOrder waves = new WaveOrder(changeSet);
    Run run = new Run(waves, outcomes, places, snapshot, ConcurrentHashMap.newKeySet());
    // Made before any is wired: a step of a later wave may stand before those it waits for.
    Map<String, CompletableFuture<Void>> ended = new LinkedHashMap<>();
    changeSet.steps().forEach(step -> ended.put(step.step().id(), new CompletableFuture<>()));
    try {
      for (StepPlan step : changeSet.steps()) {
        String id = step.step().id();
        Stream<String> before =
            Stream.concat(step.step().dependsOn().stream(), waves.before(id).stream());
        CompletableFuture.allOf(before.map(b -> future(ended, b)).toArray(CompletableFuture[]::new))
            .thenRunAsync(() -> outcomes.put(id, perform(step, run)), executor)
            .whenComplete((done, failure) -> end(future(ended, id), failure));
      }
      CompletableFuture.allOf(ended.values().toArray(CompletableFuture[]::new)).join();
    } finally {
      executor.shutdownNow();
    }
    Map<String, StepOutcome> ordered = new LinkedHashMap<>();
    changeSet
        .steps()
        .forEach(step -> ordered.put(step.step().id(), outcome(outcomes, step.step().id())));
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    return new RunReport(
        runId, ordered, runner.writes(), interrupted, took, waves.stop(outcomes), Optional.empty());
  }

  /**
   * What the steps of one run share.
   *
   * @param outcomes of the steps that have ended
   * @param places one for each step that may work at the same time
   * @param begun the waves that were told of
   */
  private record Run(
      WaveOrder waves,
      Map<String, StepOutcome> outcomes,
      Semaphore places,
      Snapshot snapshot,
      Set<Integer> begun) {}

  private static CompletableFuture<Void> future(
      Map<String, CompletableFuture<Void>> ended, String id) {
    return Objects.requireNonNull(ended.get(id), id);
  }

  private static void end(CompletableFuture<Void> future, @Nullable Throwable failure) {
    if (failure == null) {
      future.complete(null);
    } else {
      future.completeExceptionally(failure);
    }
  }

  private StepOutcome perform(StepPlan planned, Run run) {
    StepOutcome outcome = decide(planned, run);
    if (!(outcome instanceof StepOutcome.NotNeeded)) {
      listener.on(
          new RunEvent.StepEnded(planned.step().id(), planned.step().cluster().name(), outcome));
    }
    return outcome;
  }

  private StepOutcome decide(StepPlan planned, Run run) {
    Map<String, StepOutcome> outcomes = run.outcomes();
    switch (planned.decision()) {
      case NOT_NEEDED -> {
        return new StepOutcome.NotNeeded();
      }
      case DEFERRED -> {
        return new StepOutcome.Deferred(planned.reason());
      }
      case EXCLUDED -> {
        return new StepOutcome.NotNeeded();
      }
      case REFUSED -> {
        return new StepOutcome.Refused(planned.reason(), "");
      }
      case FAILED -> {
        return new StepOutcome.Failed(planned.reason(), "");
      }
      case SKIPPED, DONE, RUN -> {}
    }
    boolean always = planned.step().spec().always();
    List<String> failedBefore =
        planned.step().dependsOn().stream().filter(id -> !outcome(outcomes, id).done()).toList();
    if (!failedBefore.isEmpty() && !always) {
      StepOutcome cause = outcome(outcomes, failedBefore.get(0));
      return cause instanceof StepOutcome.Deferred || cause instanceof StepOutcome.LeftAlone
          ? cause
          : new StepOutcome.Skipped(failedBefore.get(0) + " is " + cause.word());
    }
    if (planned.decision() == StepPlan.Decision.DONE) {
      return new StepOutcome.Unchanged(Duration.ZERO);
    }
    Optional<String> leftAlone = run.waves().leftAlone(planned.step().id(), outcomes);
    if (leftAlone.isPresent() && !always) {
      return new StepOutcome.LeftAlone(leftAlone.get());
    }
    if (interrupted && !always) {
      return new StepOutcome.Interrupted();
    }
    tellOfWave(planned, run);
    try {
      run.places().acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new StepOutcome.Interrupted();
    }
    try {
      return interrupted && !always
          ? new StepOutcome.Interrupted()
          : runner.run(planned, run.snapshot());
    } catch (OutOfMemoryError e) {
      // The run ends like any other, with its record, and gives the lock back.
      return new StepOutcome.Failed(
          Exhausted.during("step " + planned.step().id()), Exhausted.HINT);
    } finally {
      run.places().release();
    }
  }

  private void tellOfWave(StepPlan planned, Run run) {
    run.waves()
        .wave(planned.step().id())
        .filter(wave -> run.begun().add(wave.number()))
        .ifPresent(
            wave ->
                listener.on(
                    new RunEvent.WaveStarted(wave.number(), run.waves().count(), wave.members())));
  }

  /** A step starts only after those before it have ended, so they have an outcome. */
  private static StepOutcome outcome(Map<String, StepOutcome> outcomes, String id) {
    return Objects.requireNonNull(outcomes.get(id), id);
  }
}
