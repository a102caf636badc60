package dev.muster.testbed.sweep;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/** Does much at once, since most of the time of a fleet is waiting. */
final class Workers {
  private Workers() {}

  static int parallel() {
    return Integer.getInteger("muster.sweep.parallel", 6);
  }

  /** The results in the order of the work; what goes wrong in one does not keep the others. */
  static <T, R> List<R> each(
      List<T> work, Function<T, R> doing, Function<RuntimeFailure<T>, R> failed) {
    ExecutorService threads = Executors.newFixedThreadPool(parallel());
    try {
      List<Future<R>> futures = new ArrayList<>();
      for (T item : work) {
        futures.add(threads.submit(() -> doing.apply(item)));
      }
      List<R> results = new ArrayList<>();
      for (int i = 0; i < futures.size(); i++) {
        try {
          results.add(futures.get(i).get());
        } catch (ExecutionException e) {
          results.add(
              failed.apply(
                  new RuntimeFailure<>(work.get(i), Objects.requireNonNullElse(e.getCause(), e))));
        }
      }
      return results;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } finally {
      threads.shutdownNow();
    }
  }

  /** One item of work that threw. */
  record RuntimeFailure<T>(T item, Throwable thrown) {}
}
