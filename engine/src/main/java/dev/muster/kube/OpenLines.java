package dev.muster.kube;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntSupplier;
import java.util.stream.Stream;

/**
 * Keeps the number of open connections bounded. Lines in use are never closed, so more requests or
 * watches at once than the bound exceed it.
 */
final class OpenLines {
  /** Clients with a thread each that may be open. */
  private static final int HEAVY = 64;

  /** As many are open in any case; nobody asks then how many files there may be. */
  private static final int FEW = 64;

  /** Sockets that a line may keep, and as many files for everything else. */
  private static final int FILES_PER_LINE = 4;

  private static final int MANY = 4096;

  private final int few;
  private final IntSupplier most;
  private final Set<Line> longestUnusedFirst = new LinkedHashSet<>();

  OpenLines(int most) {
    this(most, () -> most);
  }

  /**
   * @param few how many may be open without asking for the bound
   */
  OpenLines(int few, IntSupplier most) {
    this.few = few;
    this.most = most;
  }

  /** Those whose clients have a thread and more of their own. */
  static OpenLines heavy() {
    return new OpenLines(HEAVY);
  }

  /** Those that have sockets and nothing else: as many as this process may have files for. */
  static OpenLines light() {
    return new OpenLines(FEW, OpenLines::byFiles);
  }

  void used(Line line) {
    List<Line> candidates;
    int surplus;
    synchronized (this) {
      longestUnusedFirst.remove(line);
      longestUnusedFirst.add(line);
      int size = longestUnusedFirst.size();
      surplus = size <= few ? 0 : size - most.getAsInt();
      if (surplus <= 0) {
        return;
      }
      candidates = new ArrayList<>(longestUnusedFirst);
    }
    // Outside the lock: a line that is just being opened would hold up all others.
    for (Line candidate : candidates) {
      if (surplus > 0 && candidate != line && candidate.dropIfIdle()) {
        surplus--;
      }
    }
  }

  /** Half of the files that this process may have open. */
  private static int byFiles() {
    return Limit.LINES;
  }

  /** Does not change once the JVM, which takes all it may have, runs. */
  private static final class Limit {
    static final int LINES = lines();

    private static int lines() {
      try (Stream<String> limits = Files.lines(Path.of("/proc/self/limits"))) {
        return limits
            .filter(line -> line.startsWith("Max open files"))
            .map(line -> line.split(" {2,}")[1])
            .map(soft -> soft.matches("\\d{1,9}") ? Integer.parseInt(soft) : Integer.MAX_VALUE)
            .mapToInt(files -> Math.max(FEW, Math.min(MANY, files / FILES_PER_LINE)))
            .findFirst()
            .orElse(FEW);
      } catch (IOException | UncheckedIOException e) {
        // Another system than Linux, the least of which gives 10,240 files to a JVM.
        return 1024;
      }
    }
  }

  synchronized void forget(Line line) {
    longestUnusedFirst.remove(line);
  }
}
