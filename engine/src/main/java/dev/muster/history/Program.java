package dev.muster.history;

import dev.muster.resource.ForeignText;
import dev.muster.resource.OwnVariables;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A program of git's configuration, run once without a terminal and for a bounded time, so that
 * nobody is asked for a passphrase in the middle of a run.
 */
public final class Program {
  private static final Set<OpenOption> NEW =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);

  private Program() {}

  /** What a program left behind; the text is its complaint, one line without control characters. */
  public record Result(int code, byte[] output, String complaint) {
    /** Whether it ended well. */
    public boolean good() {
      return code == 0;
    }

    /** What it printed. */
    public String text() {
      return new String(output, StandardCharsets.UTF_8);
    }
  }

  /**
   * Runs to the end.
   *
   * @throws IOException when it cannot be started or takes too long; the message says so
   */
  public static Result run(
      List<String> command, byte[] input, Map<String, String> environment, Duration longest)
      throws IOException {
    Path folder = Files.createTempDirectory("muster-git");
    Path in = folder.resolve("in");
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    try (FileChannel said = FileChannel.open(out, NEW);
        FileChannel complained = FileChannel.open(err, NEW)) {
      Process process;
      try {
        Files.write(in, input);
        process = started(command, environment, in, out, err);
      } finally {
        // What a credential helper says is a password. Nothing leads to these files any more, so
        // that nothing is left of them when muster is killed; pipes could be held open by daemons.
        delete(in, out, err, folder);
      }
      await(process, command.get(0), longest);
      return new Result(process.exitValue(), content(said), complaint(content(complained)));
    } finally {
      delete(in, out, err, folder);
    }
  }

  private static Process started(
      List<String> command, Map<String, String> environment, Path in, Path out, Path err)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectInput(in.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    OwnVariables.withhold(builder.environment());
    builder.environment().putAll(environment);
    try {
      return builder.start();
    } catch (IOException e) {
      throw new IOException("cannot start " + command.get(0), e);
    }
  }

  private static void delete(Path... files) throws IOException {
    for (Path file : files) {
      Files.deleteIfExists(file);
    }
  }

  private static byte[] content(FileChannel file) throws IOException {
    return Channels.newInputStream(file.position(0)).readAllBytes();
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
  private static String complaint(byte[] err) {
    String last = "";
    for (String line : new String(err, StandardCharsets.UTF_8).split("\\R")) {
      if (!line.isBlank()) {
        last = line;
      }
    }
    return ForeignText.masked(Message.line(last), 200);
  }
}
