package dev.muster.testbed.sweep;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * How much of a sweep is done: everything with {@code -Dmuster.sweep=whole}, else a bounded part.
 */
final class Sample {
  private Sample() {}

  static boolean whole() {
    return System.getProperty("muster.sweep", "").equals("whole");
  }

  /** Simulated clusters, or, with {@code -Dmuster.sweep.arena=real}, real API servers. */
  static Supplier<Arena> arenas() {
    boolean real = System.getProperty("muster.sweep.arena", "").equals("real");
    return real ? RealArena::new : SandboxArena::new;
  }

  /**
   * So many, spread evenly over all, in their order.
   *
   * @param kept which ones are always among them
   */
  static <T> List<T> of(List<T> all, int most, Predicate<T> kept) {
    if (whole() || all.size() <= most) {
      return all;
    }
    Set<T> chosen = new LinkedHashSet<>();
    for (int i = 0; i < most; i++) {
      chosen.add(all.get((int) ((long) i * all.size() / most)));
    }
    all.stream().filter(kept).forEach(chosen::add);
    return List.copyOf(chosen);
  }

  /** Those whose description has {@code -Dmuster.sweep.only} in it, to repeat what was found. */
  static <T> List<T> only(List<T> all) {
    String part = System.getProperty("muster.sweep.only", "");
    return all.stream().filter(item -> item.toString().contains(part)).toList();
  }
}
