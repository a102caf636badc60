package dev.muster.sandbox.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Whatever a task of a strand ends with, those behind it have their turn. */
class WorkerPoolTest {
  @Test
  void tasksAfterAnErrorAreRun() {
    try (WorkerPool pool = new WorkerPool(1)) {
      CountDownLatch begun = new CountDownLatch(1);
      CountDownLatch behind = new CountDownLatch(1);
      CountDownLatch later = new CountDownLatch(1);
      WorkerPool.Strand strand = pool.strand();
      strand.execute(
          () -> {
            await(begun);
            throw new NoClassDefFoundError("as when memory is short");
          });
      strand.execute(behind::countDown);
      begun.countDown();
      assertThat(await(behind)).isTrue();
      strand.execute(later::countDown);
      assertThat(await(later)).isTrue();
    }
  }

  private static boolean await(CountDownLatch latch) {
    try {
      return latch.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
