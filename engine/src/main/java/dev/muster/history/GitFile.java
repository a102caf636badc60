package dev.muster.history;

import dev.muster.problem.MusterException;
import dev.muster.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** One file of a repository at a revision, fetched within bounds of time and size. */
public final class GitFile {
  private static final Duration LONGEST = Duration.ofSeconds(120);
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final long LARGEST = 256L << 20;

  private final Duration longest;
  private final long largest;

  private GitFile(Duration longest, long largest) {
    this.longest = longest;
    this.largest = largest;
  }

  /** Within the bounds that fit honest repositories. */
  public static GitFile usual() {
    return new GitFile(LONGEST, LARGEST);
  }

  static GitFile within(Duration longest, long largest) {
    return new GitFile(longest, largest);
  }

  /**
   * The bytes of the file; links are not followed.
   *
   * @param revision a branch, a tag or a commit
   * @throws MusterException when it cannot be had, without any credential in the message
   */
  public byte[] read(String url, String revision, String path) {
    String shown = Remote.withoutCredentials(url);
    QuietSystem.install();
    try {
      return url.startsWith("file://")
          ? content(GitCheckout.of(url, revision, path, GitCheckout.newFolder()))
          : bounded(shown, url, revision, path);
    } catch (IOException e) {
      throw MusterException.of("cannot fetch from " + shown + ": " + Trouble.reason(e));
    } catch (MusterException e) {
      throw new MusterException(e.problems().stream().map(GitFile::notOfHistory).toList());
    }
  }

  /** Going on without a history helps nobody here. */
  private static Problem notOfHistory(Problem problem) {
    return new Problem(
        problem.severity(),
        problem.where(),
        problem.message(),
        problem.hints().stream().filter(hint -> !hint.equals(Trouble.WITHOUT)).toList());
  }

  /**
   * A server that never ends is not waited for: what is at work then is left to itself, and ends
   * with the process at the latest.
   */
  private byte[] bounded(String shown, String url, String revision, String path)
      throws IOException {
    Path folder = GitCheckout.newFolder();
    CompletableFuture<byte[]> read = new CompletableFuture<>();
    Thread worker =
        new Thread(
            () -> {
              try {
                read.complete(content(GitCheckout.of(url, revision, path, folder)));
              } catch (IOException | RuntimeException | Error e) {
                read.completeExceptionally(e);
              }
            },
            "muster-fetch");
    worker.setDaemon(true);
    worker.start();
    long end = System.nanoTime() + longest.toNanos();
    while (true) {
      try {
        return read.get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        boolean late = System.nanoTime() > end;
        if (late || size(folder) > largest) {
          GitCheckout.delete(folder);
          throw MusterException.of(
              "cannot fetch from " + shown + ": " + (late ? late() : tooLarge()),
              "keep plans in a repository of their own");
        }
      } catch (ExecutionException e) {
        if (e.getCause() instanceof MusterException told) {
          throw told;
        }
        throw new IOException(e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw MusterException.of("interrupted while fetching from " + shown);
      }
    }
  }

  private String late() {
    return "it was not there whole within " + longest.toSeconds() + " s";
  }

  private String tooLarge() {
    return "one commit of it is larger than " + (largest >> 20) + " MiB";
  }

  private static byte[] content(GitCheckout opened) throws IOException {
    try (GitCheckout checkout = opened) {
      return Files.readAllBytes(checkout.file());
    }
  }

  private static long size(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.mapToLong(file -> file.toFile().length()).sum();
    } catch (IOException | java.io.UncheckedIOException e) {
      return 0; // a file that has just been renamed; the next look counts it
    }
  }
}
