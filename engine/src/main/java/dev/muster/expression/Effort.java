package dev.muster.expression;

import dev.muster.bound.Bounds;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * The time that one evaluation may take. CEL counts the rounds of loops, not what is done in them,
 * and comparing texts of megabytes a hundred thousand times takes hours.
 */
final class Effort {
  private static final ThreadLocal<Effort> CURRENT = new ThreadLocal<>();

  /**
   * The time is over. No exception: CEL takes those for the value of the function, which {@code ||}
   * and {@code &&} may do without, so that the loop would go on.
   */
  static final class Spent extends Error {
    private static final long serialVersionUID = 1;

    private Spent() {
      super(
          "costs too much: more than " + Bounds.EXPRESSION.toSeconds() + " s of computing",
          null,
          false,
          false);
    }
  }

  private final long limit;
  private final long end;
  private long measuredFrom = -1;

  private Effort(Duration limit) {
    this.limit = limit.toNanos();
    this.end = System.nanoTime() + this.limit;
  }

  /** Evaluates; within another evaluation, that one's time goes on. */
  static <T> T within(Duration limit, Supplier<T> evaluation) {
    if (CURRENT.get() != null) {
      return evaluation.get();
    }
    CURRENT.set(new Effort(limit));
    try {
      return evaluation.get();
    } finally {
      CURRENT.remove();
    }
  }

  /**
   * Asked by each function that can take long.
   *
   * @throws Spent when the time is over
   */
  static void check() {
    Effort effort = CURRENT.get();
    if (effort != null && effort.isOver()) {
      throw new Spent();
    }
  }

  /**
   * A process that was stopped for a while has done nothing wrong, and processor time is costly to
   * ask for: it is measured only from when the time on the clock is over.
   */
  private boolean isOver() {
    if (System.nanoTime() - end < 0) {
      return false;
    }
    long now = processorTime();
    if (measuredFrom < 0) {
      measuredFrom = now;
    }
    return now - measuredFrom > limit;
  }

  private static long processorTime() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    return threads.isCurrentThreadCpuTimeSupported()
        ? threads.getCurrentThreadCpuTime()
        : System.nanoTime();
  }
}
