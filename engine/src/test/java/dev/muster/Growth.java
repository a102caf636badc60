package dev.muster;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;

/**
 * Holds that a cost grows with the size and no faster. The measure is this thread's processor time,
 * and what is held is a ratio within one run: eight times the size may cost 24 times as much, since
 * caches and the collector have their share the more so beside other work, where anything that
 * looks at everything for each of its parts costs 64 times.
 */
public final class Growth {
  private static final int FEW = Integer.getInteger("growth.few", 1250);
  private static final int TIMES = 8;

  private Growth() {}

  /** One round of work of a size. */
  public interface Work {
    Runnable of(int size);
  }

  /** Up to a size of 10,000. */
  public static void isLinear(String what, Work work) {
    Runnable few = work.of(FEW);
    few.run(); // loads classes, compiles expressions
    long small = Math.min(time(few), Math.min(time(few), time(few)));
    Runnable many = work.of(FEW * TIMES);
    long large = time(many);
    for (int again = 0; again < 3 && large > 2 * TIMES * small; again++) {
      large = Math.min(large, time(many));
    }
    System.out.printf(
        "%s: %d in %.3f s, %d in %.3f s%n", what, FEW, small / 1e9, FEW * TIMES, large / 1e9);
    assertThat((double) large / small)
        .as("%s: how much more %d times the size costs", what, TIMES)
        .isLessThan(3.0 * TIMES);
  }

  private static long time(Runnable work) {
    var threads = ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadCpuTime();
    work.run();
    return threads.getCurrentThreadCpuTime() - before;
  }
}
