package dev.muster.testbed.sweep;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * What of a whole sweep is done, a line for each run, in {@code target/sweeps}: a sweep of hours
 * that is stopped goes on where it was. A sample keeps none.
 */
final class Journal {
  private final Path file;
  private final Map<String, String> done = new LinkedHashMap<>();

  private Journal(Path file) {
    this.file = file;
  }

  static Journal of(String name) {
    Path folder = Path.of("target", "sweeps");
    Journal journal = new Journal(folder.resolve(name + ".tsv"));
    try {
      Files.createDirectories(folder);
      if (Sample.whole() && Files.exists(journal.file)) {
        for (String line : Files.readAllLines(journal.file)) {
          String[] parts = line.split("\t", 2);
          journal.done.put(parts[1], parts[0]);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return journal;
  }

  /**
   * How to do one piece of the work.
   *
   * @param doing does it
   * @param outcome its outcome in a word
   * @param before the result of one that was done before, of which only that word is known
   * @param failed the result of one that threw
   */
  record Piece<T, R>(
      Function<T, R> doing,
      Function<R, Object> outcome,
      BiFunction<T, String, R> before,
      Function<Workers.RuntimeFailure<T>, R> failed) {}

  /** Does what is not done yet, and notes each when it is. */
  <T, R> List<R> each(List<T> work, Piece<T, R> piece) {
    List<R> results = new ArrayList<>();
    work.stream()
        .filter(this::has)
        .map(item -> piece.before().apply(item, done.getOrDefault(item.toString(), "")))
        .forEach(results::add);
    results.addAll(
        Workers.each(
            Sample.mixed(work.stream().filter(item -> !has(item)).toList()),
            item -> {
              R result = piece.doing().apply(item);
              note(item, piece.outcome().apply(result));
              return result;
            },
            failure -> {
              R result = piece.failed().apply(failure);
              note(failure.item(), piece.outcome().apply(result));
              return result;
            }));
    return results;
  }

  /** Whether it was done before; what failed is to be done again. */
  private boolean has(Object run) {
    return !done.getOrDefault(run.toString(), "FAILED").equals("FAILED");
  }

  private synchronized void note(Object run, Object outcome) {
    if (!Sample.whole()) {
      return;
    }
    try {
      Files.writeString(
          file, outcome + "\t" + run + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
