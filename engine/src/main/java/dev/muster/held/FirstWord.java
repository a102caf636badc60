package dev.muster.held;

import dev.muster.live.Failure;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits for the first thing that a watch says. */
final class FirstWord {
  static final Failure SILENCE =
      new Failure(Failure.Kind.TIMEOUT, "the cluster has not answered in time");

  /** Longer than any watch is silent about a cluster that does not answer. */
  private static final int PATIENCE_SECONDS = 60;

  private final CountDownLatch latch = new CountDownLatch(1);

  boolean spoken() {
    return latch.getCount() == 0;
  }

  void said() {
    latch.countDown();
  }

  void await() {
    try {
      boolean inTime = latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (!inTime) {
        latch.countDown();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
