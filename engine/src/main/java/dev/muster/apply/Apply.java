package dev.muster.apply;

import dev.muster.changes.ChangeSet;
import dev.muster.changes.Snapshot;
import dev.muster.changes.StepPlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs a change set: each step as soon as those before it are done, members independently of each
 * other. Writes nothing that is not in the change set.
 */
public final class Apply {
  private final StepRunner runner;
  private final RunListener listener;
  private final int parallel;
  private volatile boolean interrupted;

  public Apply(StepRunner runner, RunListener listener, int parallel) {
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
    long began = System.nanoTime();
    AtomicInteger threads = new AtomicInteger();
    ExecutorService executor =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "muster-step-" + threads.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    Semaphore places = new Semaphore(parallel);
    Map<String, StepOutcome> outcomes = new ConcurrentHashMap<>();
    Map<String, CompletableFuture<Void>> running = new LinkedHashMap<>();
    try {
      for (StepPlan step : changeSet.steps()) {
        List<CompletableFuture<Void>> before = new ArrayList<>();
        step.step().dependsOn().forEach(id -> before.add(Objects.requireNonNull(running.get(id))));
        running.put(
            step.step().id(),
            CompletableFuture.allOf(before.toArray(CompletableFuture[]::new))
                .thenRunAsync(
                    () -> outcomes.put(step.step().id(), perform(step, outcomes, places, snapshot)),
                    executor));
      }
      CompletableFuture.allOf(running.values().toArray(CompletableFuture[]::new)).join();
    } finally {
      executor.shutdownNow();
    }
    Map<String, StepOutcome> ordered = new LinkedHashMap<>();
    changeSet
        .steps()
        .forEach(step -> ordered.put(step.step().id(), outcome(outcomes, step.step().id())));
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    return new RunReport(runId, ordered, runner.writes(), interrupted, took);
  }

  private StepOutcome perform(
      StepPlan planned, Map<String, StepOutcome> outcomes, Semaphore places, Snapshot snapshot) {
    StepOutcome outcome = decide(planned, outcomes, places, snapshot);
    if (!(outcome instanceof StepOutcome.NotNeeded)) {
      listener.on(
          new RunEvent.StepEnded(planned.step().id(), planned.step().cluster().name(), outcome));
    }
    return outcome;
  }

  private StepOutcome decide(
      StepPlan planned, Map<String, StepOutcome> outcomes, Semaphore places, Snapshot snapshot) {
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
    List<String> failedBefore =
        planned.step().dependsOn().stream().filter(id -> !outcome(outcomes, id).done()).toList();
    if (!failedBefore.isEmpty()) {
      StepOutcome cause = outcome(outcomes, failedBefore.get(0));
      return cause instanceof StepOutcome.Deferred deferred
          ? deferred
          : new StepOutcome.Skipped(failedBefore.get(0) + " is " + cause.word());
    }
    if (planned.decision() == StepPlan.Decision.DONE) {
      return new StepOutcome.Unchanged(Duration.ZERO);
    }
    if (interrupted) {
      return new StepOutcome.Interrupted();
    }
    try {
      places.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new StepOutcome.Interrupted();
    }
    try {
      return interrupted ? new StepOutcome.Interrupted() : runner.run(planned, snapshot);
    } finally {
      places.release();
    }
  }

  /** A step starts only after those before it have ended, so they have an outcome. */
  private static StepOutcome outcome(Map<String, StepOutcome> outcomes, String id) {
    return Objects.requireNonNull(outcomes.get(id), id);
  }
}
