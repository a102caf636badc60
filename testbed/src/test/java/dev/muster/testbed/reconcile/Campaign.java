package dev.muster.testbed.reconcile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/**
 * Plays many cases side by side and shrinks what fails.
 *
 * @param cases draws a case from a seed
 * @param play plays one, with {@link Broken} when the property does not hold
 * @param atOnce how many are played side by side
 * @param patience how long one failure is shrunk
 */
record Campaign(
    LongFunction<Case> cases, Consumer<List<String>> play, int atOnce, Duration patience) {

  /** Plays the cases of these seeds; the answer tells each failure once, shrunk. */
  List<String> play(long first, int count) {
    Map<String, List<Long>> failed = new TreeMap<>();
    Map<String, String> firsts = new TreeMap<>();
    ExecutorService threads = Executors.newFixedThreadPool(atOnce);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (long seed = first; seed < first + count; seed++) {
        long each = seed;
        running.add(threads.submit(() -> note(each, failed, firsts)));
      }
      for (Future<?> one : running) {
        one.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.ExecutionException e) {
      throw new IllegalStateException(e);
    } finally {
      threads.shutdownNow();
    }
    List<String> told = new ArrayList<>();
    failed.forEach((how, seeds) -> told.add(shrunk(how, seeds, firsts)));
    return told;
  }

  private void note(long seed, Map<String, List<Long>> failed, Map<String, String> firsts) {
    try {
      play.accept(cases.apply(seed).events());
    } catch (Broken e) {
      synchronized (failed) {
        failed.computeIfAbsent(e.how(), how -> new ArrayList<>()).add(seed);
        firsts.putIfAbsent(e.how(), String.valueOf(e.getMessage()));
      }
    }
  }

  private String shrunk(String how, List<Long> seeds, Map<String, String> firsts) {
    long start = System.nanoTime();
    Case found = cases.apply(seeds.get(0));
    // What fails only now and then is told as it failed the first time.
    AtomicReference<String> details = new AtomicReference<>(firsts.getOrDefault(how, ""));
    List<String> events =
        Shrinker.shrink(found.events(), patience, part -> how.equals(outcome(part, details)));
    String text =
        "# "
            + how
            + "\n# seeds "
            + seeds
            + ", shrunk from "
            + found.events().size()
            + " events in "
            + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start)
            + " s\n"
            + found.with(events).text();
    keep(text, seeds.get(0), Objects.requireNonNullElse(details.get(), ""));
    return text;
  }

  private String outcome(List<String> events, AtomicReference<String> details) {
    try {
      play.accept(events);
      return "";
    } catch (Broken e) {
      details.set(String.valueOf(e.getMessage()));
      return e.how();
    }
  }

  private static void keep(String text, long seed, String details) {
    try {
      Path folder = Files.createDirectories(Path.of("target/reconcile"));
      Files.writeString(folder.resolve("seed-" + seed + ".case"), text);
      Files.writeString(folder.resolve("seed-" + seed + ".log"), details);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
