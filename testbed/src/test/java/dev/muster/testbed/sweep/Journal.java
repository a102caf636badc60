package dev.muster.testbed.sweep;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;

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

  /** Whether it was done before; what failed is to be done again. */
  boolean has(Object run) {
    return !done.getOrDefault(run.toString(), "FAILED").equals("FAILED");
  }

  /** The outcome of a run that was done before. */
  String outcome(Object run) {
    return done.getOrDefault(run.toString(), "");
  }

  synchronized void note(Object run, Object outcome) {
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
