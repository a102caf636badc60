package dev.muster.schedule;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What is to be started.
 *
 * @param topology its name
 * @param file the topology file, absolute
 * @param program muster, absolute
 * @param writes the folder that a run records its history in; empty when nothing is written
 * @param variables that the topology takes secrets from
 * @param user whom it runs as; empty for whoever installs it
 */
public record Job(
    String topology,
    Path file,
    Path program,
    Work work,
    Optional<Path> writes,
    List<String> variables,
    Optional<String> user) {
  public Job {
    Objects.requireNonNull(topology, "topology");
    variables = List.copyOf(variables);
  }

  /** Which command. */
  public enum Work {
    DRIFT(Duration.ofMinutes(15), "drift"),
    HEAL(Duration.ofHours(2), "drift", "--heal", "--yes"),
    APPLY(Duration.ofHours(2), "apply", "--yes"),

    /** It stays. */
    WATCH(Duration.ZERO, "watch");

    private final Duration longest;
    private final List<String> words;

    Work(Duration longest, String... words) {
      this.longest = longest;
      this.words = List.of(words);
    }

    /** As on the command line of {@code muster}, without the topology. */
    public List<String> words() {
      return words;
    }

    /** After this much time something is wrong. */
    Duration longest() {
      return longest;
    }

    boolean onlyLooks() {
      return this == DRIFT || this == WATCH;
    }

    /** The work as a part of a name. */
    public String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /** What files and objects are called. */
  public String name() {
    return "muster-" + topology + "-" + work.word();
  }

  /** The command with absolute paths. */
  List<String> command() {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(work.words());
    command.addAll(List.of("-f", file.toString()));
    return command;
  }

  /** The folder in which it is started. */
  Path folder() {
    Path parent = file.getParent();
    return parent == null ? Path.of("/") : parent;
  }
}
