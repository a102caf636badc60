package dev.muster.testbed;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits for a condition with a bound, for servers and tests alike. */
public final class Wait {
  private Wait() {}

  /** Waits for at most two minutes: a bound for what hangs, whatever else the machine does. */
  public static void until(String claim, Callable<Boolean> condition) {
    until(Duration.ofMinutes(2), claim, condition);
  }

  /** Asks again and again until the condition holds; an exception of the condition is passed on. */
  public static void until(Duration longest, String claim, Callable<Boolean> condition) {
    long deadline = System.nanoTime() + longest.toNanos();
    try {
      while (!condition.call()) {
        if (System.nanoTime() > deadline) {
          throw new IllegalStateException("not within " + longest.toSeconds() + " s: " + claim);
        }
        Thread.sleep(50);
      }
    } catch (RuntimeException e) {
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting: " + claim, e);
    } catch (Exception e) {
      throw new IllegalStateException(claim, e);
    }
  }
}
