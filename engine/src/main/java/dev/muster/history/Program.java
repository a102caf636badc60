package dev.muster.history;

import dev.muster.resource.ForeignText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A program of git's configuration, run once without a terminal and for a bounded time, so that
 * nobody is asked for a passphrase in the middle of a run.
 */
final class Program {
  private Program() {}

  /** What a program left behind; the text is its complaint, one line without control characters. */
  record Result(int code, byte[] output, String complaint) {
    boolean good() {
      return code == 0;
    }

    String text() {
      return new String(output, StandardCharsets.UTF_8);
    }
  }

  /**
   * Runs to the end.
   *
   * @throws IOException when it cannot be started or takes too long; the message says so
   */
  static Result run(
      List<String> command, byte[] input, Map<String, String> environment, Duration longest)
      throws IOException {
    Path folder = Files.createTempDirectory("muster-git");
    Path in = folder.resolve("in");
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    try {
      Files.write(in, input);
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .redirectInput(in.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      builder.environment().putAll(environment);
      Process process;
      try {
        process = builder.start();
      } catch (IOException e) {
        throw new IOException("cannot start " + command.get(0), e);
      }
      await(process, command.get(0), longest);
      return new Result(process.exitValue(), Files.readAllBytes(out), complaint(err));
    } finally {
      for (Path file : List.of(in, out, err, folder)) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static void await(Process process, String name, Duration longest) throws IOException {
    long end = System.nanoTime() + longest.toNanos();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          if (process.waitFor(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
            return;
          }
          process.descendants().forEach(ProcessHandle::destroyForcibly);
          process.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
          throw new IOException(name + " did not end within " + longest.toSeconds() + "s");
        } catch (InterruptedException e) {
          interrupted = true; // the record of an interrupted run is written all the same
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** The last thing that it said, as programs end with what stopped them. */
  private static String complaint(Path err) throws IOException {
    String last = "";
    for (String line : new String(Files.readAllBytes(err), StandardCharsets.UTF_8).split("\\R")) {
      if (!line.isBlank()) {
        last = line;
      }
    }
    return ForeignText.masked(Message.line(last), 200);
  }
}
