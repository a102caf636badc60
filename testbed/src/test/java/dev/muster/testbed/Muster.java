package dev.muster.testbed;

import dev.muster.cli.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The muster program as its users have it: a process of its own, started in the folder of the
 * topology, which is a git repository.
 */
public final class Muster implements AutoCloseable {
  private static final int SECONDS = 120;

  private final Path repository;
  private final Path outputs;
  private final List<Running> all = new ArrayList<>();
  private final List<Result> called = Collections.synchronizedList(new ArrayList<>());

  private Muster(Path repository, Path outputs) {
    this.repository = repository;
    this.outputs = outputs;
  }

  public static Muster in(Path repository) {
    try {
      Files.createDirectories(repository);
      Path outputs = Files.createDirectories(repository.resolveSibling("outputs"));
      Files.createDirectories(outputs.resolve("tmp"));
      Muster muster = new Muster(repository, outputs);
      muster.git("init", "--quiet", "--initial-branch=main");
      muster.git("config", "user.name", "Tester");
      muster.git("config", "user.email", "tester@example.com");
      return muster;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a finished call has said. */
  public record Result(String command, int exit, String out, String err) {
    /** The whole of it, for messages of failed assertions. */
    @Override
    public String toString() {
      return "muster " + command + " ended with " + exit + "\n--- out\n" + out + "--- err\n" + err;
    }
  }

  public Path repository() {
    return repository;
  }

  /** The home folder of its processes, with what they print and their temporary files. */
  public Path home() {
    return outputs;
  }

  /** Writes a file into the repository without committing it. */
  public void write(String file, String text) {
    try {
      Files.writeString(repository.resolve(file), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes this the topology and commits it. */
  public void topology(String text) {
    write("topology.yaml", text);
    git("add", ".gitignore", "topology.yaml");
    git("commit", "--quiet", "--allow-empty", "-m", "Declare the fleet");
  }

  public Result run(String... arguments) {
    return start(arguments).await();
  }

  /**
   * The same command within this JVM, which costs a fraction of a process of its own; with the
   * topology of the repository unless the arguments name another.
   */
  public Result call(String... arguments) {
    List<String> words = new ArrayList<>(List.of(arguments));
    if (!words.contains("-f")) {
      words.addAll(List.of("-f", repository.resolve("topology.yaml").toString()));
    }
    return call(String.join(" ", arguments), words);
  }

  /** The same with these words and no more, for commands that take no topology. */
  public Result callAsIs(String... arguments) {
    return call(String.join(" ", arguments), List.of(arguments));
  }

  private Result call(String name, List<String> words) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exit =
        Main.run(new PrintWriter(out), new PrintWriter(err), false, words.toArray(String[]::new));
    Result result = new Result(name, exit, out.toString(), err.toString());
    called.add(result);
    return result;
  }

  public Running start(String... arguments) {
    return startUnder(List.of(), arguments);
  }

  /**
   * @param program that starts another one, whose command line is put after these words
   */
  public Running startUnder(List<String> program, String... arguments) {
    List<String> command = new ArrayList<>(program);
    command.addAll(MusterProgram.command("java.io.tmpdir=" + outputs.resolve("tmp")));
    command.addAll(List.of(arguments));
    Running running =
        new Running(String.join(" ", arguments), process(command), outputs, all.size());
    all.add(running);
    return running;
  }

  private ProcessBuilder process(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command).directory(repository.toFile());
    builder.environment().keySet().removeIf(key -> key.startsWith("GIT_"));
    builder.environment().remove("KUBECONFIG");
    builder.environment().put("HOME", outputs.toString());
    return builder;
  }

  /** Everything that any call has said so far. */
  public List<Result> results() {
    return Stream.concat(all.stream().map(Running::await), called.stream()).toList();
  }

  /** Runs git in the repository and returns what it says; a failure of git is an exception. */
  public String git(String... arguments) {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(arguments));
    try {
      Process process = process(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      // Blobs may hold anything: no byte of it gets lost in this charset.
      String said =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(String.join(" ", command) + ": " + said);
      }
      return said;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Ends the calls that are still under way. */
  @Override
  public void close() {
    all.forEach(Running::kill);
  }

  /** A call under way. */
  public static final class Running {
    private final String command;
    private final Path out;
    private final Path err;
    private final Process process;

    private Running(String command, ProcessBuilder builder, Path outputs, int number) {
      this.command = command;
      this.out = outputs.resolve(number + ".out");
      this.err = outputs.resolve(number + ".err");
      try {
        this.process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        process.getOutputStream().close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** What it has printed to stdout by now. */
    public String out() {
      return read(out);
    }

    public boolean ended() {
      return !process.isAlive();
    }

    /** As Ctrl-C does. */
    public void interrupt() {
      signal("INT");
    }

    /**
     * @param name without SIG
     */
    public void signal(String name) {
      try {
        String pid = String.valueOf(process.pid());
        new ProcessBuilder("kill", "-" + name, pid).start().waitFor();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    /** As kill -9 does. */
    public void kill() {
      process.destroyForcibly().onExit().join();
    }

    public Result await() {
      try {
        boolean ended = process.waitFor(SECONDS, TimeUnit.SECONDS);
        if (!ended) {
          kill();
          throw new AssertionError(
              "not within " + SECONDS + " s: muster " + command + "\n" + out() + read(err));
        }
        return new Result(command, process.exitValue(), out(), read(err));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", e);
      }
    }

    private static String read(Path file) {
      try {
        return Files.readString(file, StandardCharsets.UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
