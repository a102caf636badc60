package dev.muster.session;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Threads that ask clusters. A few of them are enough as long as answers come; one that has waited
 * for long does not count any more, and another takes its place, so that clusters that do not
 * answer hold up nobody else.
 */
final class Readers extends ThreadPoolExecutor {
  private static final int MOVING = 32;
  private static final int MOST = 512;
  private static final long LONG = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long LOOK_MS = 200;

  private final Map<Thread, Long> since = new ConcurrentHashMap<>();
  private final AtomicBoolean watched = new AtomicBoolean();

  Readers() {
    super(
        MOVING,
        MOST,
        10,
        TimeUnit.SECONDS,
        new LinkedBlockingQueue<>(),
        task -> {
          Thread thread = new Thread(task, "muster-read");
          thread.setDaemon(true);
          return thread;
        });
    allowCoreThreadTimeOut(true);
  }

  @Override
  public void execute(Runnable task) {
    super.execute(task);
    if (!getQueue().isEmpty() && watched.compareAndSet(false, true)) {
      Thread watcher = new Thread(this::watch, "muster-read-watch");
      watcher.setDaemon(true);
      watcher.start();
    }
  }

  @Override
  protected void beforeExecute(Thread thread, Runnable task) {
    since.put(thread, System.nanoTime());
  }

  @Override
  protected void afterExecute(Runnable task, Throwable thrown) {
    since.remove(Thread.currentThread());
  }

  private void watch() {
    try {
      while (!getQueue().isEmpty()) {
        Thread.sleep(LOOK_MS);
        long now = System.nanoTime();
        long waiting = since.values().stream().filter(began -> now - began > LONG).count();
        setCorePoolSize((int) Math.min(MOVING + waiting, MOST));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      watched.set(false);
      setCorePoolSize(MOVING);
    }
  }
}
