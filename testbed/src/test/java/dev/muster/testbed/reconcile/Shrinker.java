package dev.muster.testbed.reconcile;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Zeller's ddmin over the events of a case: chunks are left out, smaller and smaller ones, as long
 * as what is left still fails.
 *
 * <p>Not jqwik: its shrinking works on the values behind a generator and wants hundreds of runs,
 * where a run costs up to seconds here; and what is to be kept is not a seed of a generator, which
 * is another case as soon as the generator changes, but the lines themselves.
 */
final class Shrinker {
  private final Predicate<List<String>> fails;
  private final long deadline;
  private int runs;

  private Shrinker(Predicate<List<String>> fails, Duration budget) {
    this.fails = fails;
    this.deadline = System.nanoTime() + budget.toNanos();
  }

  /**
   * The smallest failing part that was found in time.
   *
   * @param fails whether these events fail, in the same way
   */
  static List<String> shrink(List<String> events, Duration budget, Predicate<List<String>> fails) {
    return new Shrinker(fails, budget).ddmin(events);
  }

  private List<String> ddmin(List<String> all) {
    List<String> events = all;
    int chunks = 2;
    while (events.size() > 1 && System.nanoTime() < deadline) {
      int size = Math.max(1, (events.size() + chunks - 1) / chunks);
      boolean smaller = false;
      // From the end: what comes last is rarely what broke it.
      for (int from = ((events.size() - 1) / size) * size; from >= 0; from -= size) {
        List<String> rest = without(events, from, Math.min(events.size(), from + size));
        if (System.nanoTime() < deadline && !rest.isEmpty() && fail(rest)) {
          events = rest;
          chunks = Math.max(2, chunks - 1);
          smaller = true;
          break;
        }
      }
      if (!smaller) {
        if (size == 1) {
          break;
        }
        chunks = Math.min(events.size(), chunks * 2);
      }
    }
    return events;
  }

  private boolean fail(List<String> events) {
    runs++;
    return fails.test(events);
  }

  private static List<String> without(List<String> events, int from, int to) {
    List<String> rest = new ArrayList<>(events.subList(0, from));
    rest.addAll(events.subList(to, events.size()));
    return rest;
  }

  @Override
  public String toString() {
    return runs + " runs";
  }
}
