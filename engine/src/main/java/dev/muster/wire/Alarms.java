package dev.muster.wire;

import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Closes connections when their time is up, whatever their thread waits for: a server that sends a
 * byte now and then would outlast any bound on single reads.
 */
final class Alarms {
  private final ScheduledExecutorService timer;

  Alarms(ScheduledExecutorService timer) {
    this.timer = timer;
  }

  /**
   * Closes a connection unless the alarm is put off before.
   *
   * @param nanos from now
   */
  Alarm set(long nanos, Closeable connection) throws IOException {
    Alarm alarm = new Alarm(connection);
    try {
      alarm.future = timer.schedule(alarm::ring, Math.max(nanos, 1), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      throw new IOException("all connections were closed");
    }
    return alarm;
  }

  /** Runs something later, unless everything has been closed by then; whether it will. */
  boolean later(long nanos, Runnable task) {
    try {
      Future<?> ignored = timer.schedule(task, nanos, TimeUnit.NANOSECONDS);
      return !ignored.isCancelled();
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  /** One that is set. */
  static final class Alarm implements AutoCloseable {
    private final Closeable connection;
    private volatile boolean rang;
    private volatile Future<?> future = java.util.concurrent.CompletableFuture.completedFuture(1);

    private Alarm(Closeable connection) {
      this.connection = connection;
    }

    boolean rang() {
      return rang;
    }

    private void ring() {
      rang = true;
      try {
        connection.close();
      } catch (IOException e) {
        // It is being thrown away.
      }
    }

    @Override
    public void close() {
      future.cancel(false);
    }
  }
}
