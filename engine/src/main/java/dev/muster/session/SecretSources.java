package dev.muster.session;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.bound.Bounds;
import dev.muster.problem.MusterException;
import dev.muster.problem.Problems;
import dev.muster.problem.Where;
import dev.muster.report.Clean;
import dev.muster.resource.ForeignText;
import dev.muster.resource.Redactor;
import dev.muster.topology.SecretInput;
import dev.muster.topology.SecretLoader;
import dev.muster.topology.SecretText;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the secret values that a topology names. A redactor learns each of them before anything
 * else happens, so that even a message of the program that gave it cannot show it.
 */
public final class SecretSources implements SecretLoader {
  /** What a command needs of them. */
  public enum Extent {
    /** All: it works with clusters. */
    ALL,
    /** Files and variables: it only checks, and starts nothing. */
    WITHOUT_PROGRAMS,
    /** Nothing: it works with what is recorded. */
    NONE
  }

  private static final Duration LONGEST = Duration.ofSeconds(60);
  private static final int LONGEST_MESSAGE = 300;

  private final Extent extent;
  private final Redactor redactor;
  private final Map<String, String> environment;
  private final Duration longest;

  /** Programs run once, however many clusters name the same. */
  private final Map<List<String>, OneProgram.Ended> ran = new HashMap<>();

  public SecretSources(Extent extent, Redactor redactor) {
    this(extent, redactor, System.getenv(), LONGEST);
  }

  SecretSources(
      Extent extent, Redactor redactor, Map<String, String> environment, Duration longest) {
    this.extent = extent;
    this.redactor = redactor;
    this.environment = environment;
    this.longest = longest;
  }

  @Override
  public Optional<SecretInput> load(JsonNode source, Path folder, Where where, Problems problems) {
    String kind = source.fieldNames().next();
    if (extent == Extent.NONE || kind.equals("exec") && extent == Extent.WITHOUT_PROGRAMS) {
      return Optional.of(new SecretInput.Unread(described(source)));
    }
    Optional<String> value =
        switch (kind) {
          case "file" -> file(source.path(kind).asText(), folder, where, problems);
          case "env" -> variable(source.path(kind).asText(), where, problems);
          default -> program(source.path(kind), folder, where, problems);
        };
    return value.map(SecretSources::withoutLineEnd).map(this::learned);
  }

  private SecretInput learned(String value) {
    SecretText.teach(redactor, value);
    return new SecretInput.Text(value);
  }

  /** As shells do with what a program prints; a token with a line end is none. */
  private static String withoutLineEnd(String text) {
    return text.replaceAll("[\r\n]+$", "");
  }

  private static String described(JsonNode source) {
    String kind = source.fieldNames().next();
    return switch (kind) {
      case "file" -> "file " + source.path(kind).asText();
      case "env" -> "variable " + source.path(kind).asText();
      default -> "program " + source.path(kind).path(0).asText();
    };
  }

  private static Optional<String> file(
      String written, Path folder, Where where, Problems problems) {
    try {
      Path file =
          written.equals("~") || written.startsWith("~/")
              ? Path.of(System.getProperty("user.home"), written.substring(1)).normalize()
              : folder.resolve(written).normalize();
      String text = Loader.read(file, "secret");
      if (text.isBlank()) {
        problems.error(where, "the secret file " + written + " is empty", "put the value into it");
        return Optional.empty();
      }
      return Optional.of(text);
    } catch (InvalidPathException e) {
      problems.error(where, "this is no path of a file: " + e.getReason());
    } catch (MusterException e) {
      e.problems()
          .forEach(p -> problems.error(where, p.message(), p.hints().toArray(String[]::new)));
    }
    return Optional.empty();
  }

  private Optional<String> variable(String name, Where where, Problems problems) {
    String value = environment.getOrDefault(name, "");
    if (value.isBlank()) {
      problems.error(
          where,
          "the variable " + name + (environment.containsKey(name) ? " is empty" : " is not set"),
          "set it in the environment of muster, and export it");
      return Optional.empty();
    }
    return Optional.of(value);
  }

  private Optional<String> program(JsonNode argv, Path folder, Where where, Problems problems) {
    List<String> words = new ArrayList<>();
    argv.forEach(word -> words.add(word.asText()));
    OneProgram.Ended ended =
        ran.computeIfAbsent(words, w -> OneProgram.run(w, folder, environment, longest));
    if (!ended.output().isBlank()) {
      SecretText.teach(redactor, withoutLineEnd(ended.output()));
    }
    Optional<String> fault = ended.fault();
    if (fault.isEmpty() && !ended.output().isBlank()) {
      return Optional.of(ended.output());
    }
    String said = new Clean(redactor).line(ForeignText.masked(ended.complaint()));
    problems.error(
        where,
        "the program \""
            + words.get(0)
            + "\" "
            + fault.orElse("printed nothing")
            + (said.isEmpty() ? "" : ": " + Bounds.between(said, LONGEST_MESSAGE)),
        "run it by hand in the folder of the topology; it has to print the value and end with 0");
    return Optional.empty();
  }
}
