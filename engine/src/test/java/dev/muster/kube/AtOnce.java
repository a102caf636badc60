package dev.muster.kube;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** Does the same on several threads at once. */
final class AtOnce<T> implements AutoCloseable {
  private final List<FutureTask<T>> tasks = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();

  AtOnce(int count, Callable<T> work) {
    for (int i = 0; i < count; i++) {
      FutureTask<T> task = new FutureTask<>(work);
      tasks.add(task);
      threads.add(new Thread(task, "at-once-" + i));
    }
    threads.forEach(Thread::start);
  }

  /** Waits until no thread gets any further by itself. */
  void awaitWaiting() throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!threads.stream().allMatch(AtOnce::waits)) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.sleep(5);
    }
  }

  /** For another thread, or for a server. */
  private static boolean waits(Thread thread) {
    if (thread.getState() == Thread.State.WAITING) {
      return true;
    }
    StackTraceElement[] stack = thread.getStackTrace();
    return stack.length > 0 && stack[0].isNativeMethod() && stack[0].getClassName().contains("nio");
  }

  List<T> results() throws Exception {
    List<T> results = new ArrayList<>();
    for (FutureTask<T> task : tasks) {
      results.add(task.get(30, TimeUnit.SECONDS));
    }
    return results;
  }

  @Override
  public void close() throws InterruptedException {
    for (Thread thread : threads) {
      thread.interrupt();
      thread.join(20_000);
    }
  }
}
