package dev.muster.sandbox.client;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads of all simulated programs of one fleet: a bounded pool that works and one timer that
 * only wakes it. Nothing sleeps on them, so their number does not grow with the number of clusters.
 */
public final class WorkerPool implements AutoCloseable {
  private static final Logger LOG = System.getLogger(WorkerPool.class.getName());

  private final ThreadPoolExecutor workers;
  private final ScheduledThreadPoolExecutor timer;
  private volatile boolean closed;

  public WorkerPool(int threads) {
    workers =
        new ThreadPoolExecutor(
            threads, threads, 5, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), named("worker"));
    workers.allowCoreThreadTimeOut(true);
    timer = new ScheduledThreadPoolExecutor(1, named("timer"));
    timer.setRemoveOnCancelPolicy(true);
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** A queue of its own on these threads: what is given to one strand never runs twice at once. */
  public Strand strand() {
    return new Strand();
  }

  public boolean isClosed() {
    return closed;
  }

  /** How many of its threads are alive. */
  public int threads() {
    return workers.getPoolSize() + timer.getPoolSize();
  }

  /**
   * Interrupts what runs, drops what waits, and returns when the threads are gone (at most 2 s).
   */
  @Override
  public void close() {
    closed = true;
    timer.shutdownNow();
    workers.shutdownNow();
    try {
      boolean ended =
          workers.awaitTermination(1500, TimeUnit.MILLISECONDS)
              && timer.awaitTermination(500, TimeUnit.MILLISECONDS);
      if (!ended) {
        LOG.log(Level.WARNING, "simulated controllers still run 2 s after they were stopped");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static ThreadFactory named(String role) {
    AtomicInteger count = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, "muster-sandbox-" + role + "-" + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  /** A serial queue of tasks; state that only its tasks touch needs no lock. */
  public final class Strand {
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private boolean running;

    private Strand() {}

    public void execute(Runnable task) {
      synchronized (tasks) {
        if (closed) {
          return;
        }
        tasks.add(task);
        if (running) {
          return;
        }
        running = true;
      }
      submit();
    }

    /** Runs the task on this strand after a while. */
    public void after(Duration delay, Runnable task) {
      if (closed) {
        return;
      }
      try {
        var unused = timer.schedule(() -> execute(task), delay.toNanos(), TimeUnit.NANOSECONDS);
      } catch (RejectedExecutionException e) {
        LOG.log(Level.DEBUG, "stopped while a task was put off");
      }
    }

    /** Runs the task now and again after each pause for as long as an API server refuses it. */
    public void untilAccepted(Duration pause, Runnable task) {
      execute(
          () -> {
            try {
              task.run();
            } catch (ApiException e) {
              LOG.log(Level.DEBUG, "again in {0}: {1}", pause, e.getMessage());
              after(pause, () -> untilAccepted(pause, task));
            }
          });
    }

    private void submit() {
      try {
        workers.execute(this::runOne);
      } catch (RejectedExecutionException e) {
        LOG.log(Level.DEBUG, "stopped while a task was queued");
      }
    }

    // One task per turn, so that a busy strand does not keep a thread from the others.
    private void runOne() {
      Runnable task;
      synchronized (tasks) {
        task = tasks.remove();
      }
      try {
        task.run();
      } catch (RuntimeException e) {
        if (!closed) {
          LOG.log(Level.WARNING, "a simulated controller failed: " + e.getMessage(), e);
        }
      } finally {
        // Also after an Error, which ends the thread but not what waits behind it.
        next();
      }
    }

    private void next() {
      synchronized (tasks) {
        if (tasks.isEmpty() || closed) {
          running = false;
          return;
        }
      }
      submit();
    }
  }
}
