package dev.muster.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** The real git command in a home of its own, and histories that see the same home. */
final class Git {
  static final String TOPOLOGY = "kind: Topology\nmetadata: {name: acme}\n";

  final Path root;
  final Path home;

  Git(Path root) {
    this.root = root;
    this.home = folder(root.resolve("home"));
    write(
        home.resolve(".gitconfig"),
        """
        [user]
          name = Ann Example
          email = ann@example.org
        [init]
          defaultBranch = main
        [protocol "file"]
          allow = always
        """);
    QuietSystem.install(new QuietSystem(home, home.resolve(".config")));
  }

  /** A repository with one commit that holds topology.yaml. */
  Path repository(String name) {
    Path repository = folder(root.resolve(name));
    run(repository, "init", "-q");
    write(repository.resolve("topology.yaml"), TOPOLOGY);
    run(repository, "add", ".");
    run(repository, "commit", "-q", "-m", "Declare acme");
    return repository;
  }

  String run(Path dir, String... args) {
    return run(0, dir, args);
  }

  String run(int expectedExit, Path dir, String... args) {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(args));
    try {
      Path output = Files.createTempFile(root, "git", ".out");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(dir.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile());
      builder.environment().keySet().removeIf(name -> name.startsWith("GIT_"));
      builder.environment().put("HOME", home.toString());
      builder.environment().put("GIT_CONFIG_NOSYSTEM", "1");
      builder.environment().remove("XDG_CONFIG_HOME");
      Process process = builder.start();
      boolean ended = process.waitFor(60, TimeUnit.SECONDS);
      if (!ended) {
        process.destroyForcibly();
      }
      String text = Files.readString(output);
      Files.delete(output);
      assertThat(ended).as("%s ends", command).isTrue();
      assertThat(process.exitValue()).as("%s: %s", command, text).isEqualTo(expectedExit);
      return text;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Checks every object, the reflogs and the connections between them. */
  void assertSound(Path dir) {
    assertThat(run(dir, "fsck", "--full", "--strict").lines())
        .filteredOn(line -> !line.startsWith("dangling ") && !line.startsWith("notice: "))
        .isEmpty();
  }

  static GitHistory history(Path dir) {
    return GitHistory.find(dir.resolve("topology.yaml"), "acme").orElseThrow();
  }

  /** Begins and finishes a run with one file. */
  static void record(GitHistory history, String runId, String summary) {
    history
        .begin(runId, "apply", Map.of("topology.yaml", TOPOLOGY), Map.of())
        .finish(
            summary,
            Map.of("topology.yaml", TOPOLOGY, "result.json", "{\"run\":\"" + runId + "\"}\n"),
            Map.of("Result", "converged"));
  }

  /** All files below a folder with their content, to compare before and after. */
  static Map<String, String> contents(Path dir) {
    Map<String, String> contents = new TreeMap<>();
    try (var files = Files.walk(dir)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        contents.put(
            dir.relativize(file).toString(),
            new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1));
      }
      return contents;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path folder(Path dir) {
    try {
      return Files.createDirectories(dir);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void write(Path file, String text) {
    try {
      Path parent = file.getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
