package dev.muster.testbed.sweep;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
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
  static Supplier<Arena> arenas(Ground ground) {
    return real() ? () -> new RealArena(ground) : () -> new SandboxArena(ground);
  }

  /** Whether there are such arenas: members of real API servers are installed already. */
  static boolean has(Ground ground) {
    return !real() || ground == Ground.INSTALLED || ground == Ground.OLD;
  }

  private static boolean real() {
    return System.getProperty("muster.sweep.arena", "").equals("real");
  }

  /** For the names of files: nothing for simulated clusters. */
  static String arena() {
    return real() ? "real-" : "";
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

  /**
   * In an order in which every part of a whole sweep is like the whole, so that one that is stopped
   * says something too.
   */
  static <T> List<T> mixed(List<T> all) {
    if (!whole()) {
      return all;
    }
    List<T> mixed = new ArrayList<>(all);
    Collections.shuffle(mixed, new Random(20261126));
    return mixed;
  }

  /** Those whose description has {@code -Dmuster.sweep.only} in it, to repeat what was found. */
  static <T> List<T> only(List<T> all) {
    String part = System.getProperty("muster.sweep.only", "");
    return all.stream().filter(item -> item.toString().contains(part)).toList();
  }
}
