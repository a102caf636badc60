package dev.muster.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns Ctrl-C and SIGTERM into an orderly end: the run is told, and the process waits until its
 * record is closed.
 */
final class Interruption {
  /** A write under way has its own time limit, and the record takes a moment. */
  private static final int PATIENCE_SECONDS = 40;

  private final CountDownLatch finished = new CountDownLatch(1);
  private final Thread hook;

  private Interruption(Runnable interrupt) {
    hook =
        new Thread(
            () -> {
              interrupt.run();
              try {
                boolean inTime = finished.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
                if (!inTime) {
                  System.err.println(
                      "the run did not end in time; the same command goes on from there");
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "muster-interrupt");
  }

  static Interruption install(Runnable interrupt) {
    Interruption interruption = new Interruption(interrupt);
    Runtime.getRuntime().addShutdownHook(interruption.hook);
    return interruption;
  }

  /** The run has ended and is recorded. */
  void done() {
    finished.countDown();
    try {
      boolean removed = Runtime.getRuntime().removeShutdownHook(hook);
      assert removed;
    } catch (IllegalStateException e) {
      // The process is ending already, through this very hook.
      return;
    }
  }
}
