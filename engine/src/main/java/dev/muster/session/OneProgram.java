package dev.muster.session;

import dev.muster.resource.OwnVariables;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs a program without a shell, within bounds of time and output. */
public final class OneProgram {
  private static final int LARGEST_OUTPUT = 1 << 20;

  /**
   * How it ended.
   *
   * @param fault what it did wrong, as the end of a sentence; empty when it ended well
   * @param complaint the last line that it wrote to its error output, as it is
   */
  record Ended(Optional<String> fault, String output, String complaint) {
    @Override
    public String toString() {
      return fault.orElse("ended well");
    }
  }

  private OneProgram() {}

  /**
   * Runs it to its end.
   *
   * @param folder its working folder, in which a program with a slash in its name is looked for
   * @param longest after which it is ended, with all that it started
   */
  static Ended run(
      List<String> words, Path folder, Map<String, String> environment, Duration longest) {
    List<String> command = new java.util.ArrayList<>(words);
    if (command.get(0).contains("/")) {
      command.set(0, folder.resolve(command.get(0)).normalize().toString());
    }
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    OwnVariables.withhold(builder.environment());
    builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    try {
      return end(builder.start(), longest);
    } catch (IOException e) {
      return new Ended(Optional.of("cannot be started"), "", "");
    }
  }

  private static Ended end(Process process, Duration longest) {
    CompletableFuture<String> out = reading(process.getInputStream());
    CompletableFuture<String> err = reading(process.getErrorStream());
    try {
      boolean ended = process.waitFor(longest.toMillis(), TimeUnit.MILLISECONDS);
      Optional<String> fault =
          !ended
              ? Optional.of("did not end within " + longest.toSeconds() + " s")
              : process.exitValue() != 0
                  ? Optional.of("ended with code " + process.exitValue())
                  : Optional.empty();
      if (!ended) {
        kill(process);
      }
      String output = out.get(1, TimeUnit.SECONDS);
      return output.length() >= LARGEST_OUTPUT
          ? new Ended(Optional.of("printed more than 1 MiB"), "", "")
          : new Ended(fault, output, ended ? last(err.get(1, TimeUnit.SECONDS)) : "");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Ended(Optional.of("was interrupted"), "", "");
    } catch (ExecutionException | TimeoutException e) {
      return new Ended(Optional.of("left its output unfinished"), "", "");
    } finally {
      kill(process);
    }
  }

  private static void kill(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  /** A thread of its own: a program that fills one pipe while we read the other would hang. */
  private static CompletableFuture<String> reading(InputStream stream) {
    CompletableFuture<String> text = new CompletableFuture<>();
    Thread reader =
        new Thread(
            () -> {
              try (stream) {
                text.complete(
                    new String(stream.readNBytes(LARGEST_OUTPUT), StandardCharsets.UTF_8));
              } catch (IOException e) {
                text.completeExceptionally(e);
              }
            },
            "muster-secret");
    reader.setDaemon(true);
    reader.start();
    return text;
  }

  private static String last(String text) {
    return text.lines().filter(line -> !line.isBlank()).reduce("", (before, line) -> line.strip());
  }
}
