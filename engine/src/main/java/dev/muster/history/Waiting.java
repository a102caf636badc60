package dev.muster.history;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Waits for a lock file of git, and takes away one that its process left behind. Git holds the lock
 * of a ref for milliseconds; a process killed within them would lock its successor out for ever.
 */
final class Waiting {
  private static final long LONGEST_PAUSE_MILLIS = 200;

  private final Path lock;
  private final Duration patience;
  private final long start = System.nanoTime();
  private int attempts;
  private List<Object> seen = List.of();
  private long seenSince = start;

  Waiting(Path lock, Duration patience) {
    this.lock = lock;
    this.patience = patience;
  }

  int attempts() {
    return attempts;
  }

  /** Pauses, longer from time to time and never in step with others; false when it is enough. */
  boolean again() {
    attempts++;
    long now = System.nanoTime();
    if (now - start > patience.toNanos()) {
      return false;
    }
    removeAbandoned(now);
    long most = Math.min(LONGEST_PAUSE_MILLIS, 4L * attempts);
    try {
      Thread.sleep(ThreadLocalRandom.current().nextLong(most) + 1);
    } catch (InterruptedException e) {
      // the caller goes on as well and restores it: a record that ends late beats one without end
      Thread.currentThread().interrupt();
    }
    return true;
  }

  /** Judges by this process's own clock, since those of the file system may go differently. */
  private void removeAbandoned(long now) {
    List<Object> current = identity().orElse(List.of());
    if (!current.equals(seen)) {
      seen = current;
      seenSince = now;
    } else if (!seen.isEmpty() && now - seenSince > patience.toNanos() / 2) {
      try {
        Files.deleteIfExists(lock);
      } catch (IOException e) {
        // then it stays, and the one who waits is told about it
      }
    }
  }

  private Optional<List<Object>> identity() {
    try {
      BasicFileAttributes file =
          Files.readAttributes(lock, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      Object key = file.fileKey();
      return file.isRegularFile()
          ? Optional.of(List.of(key == null ? "" : key, file.lastModifiedTime(), file.size()))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
