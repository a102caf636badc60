package dev.muster.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What the commands of an example print, kept beside it in {@code examples/output}. {@code
 * -Dgolden.update=true} writes it anew.
 */
final class Transcript {
  private static final String DURATION = "(?:[0-9.]+(?:ms|[hms]))+";
  private static final String TIME = "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z";
  private static final String MINUTE = "[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}";
  private static final Path EXAMPLES = Path.of("../examples");

  private final String name;
  private final StringBuilder text = new StringBuilder();
  private final Map<String, String> fingerprints = new HashMap<>();
  private String folder = "";

  private Transcript(String name) {
    this.name = name;
  }

  static Transcript of(String name) {
    return new Transcript(name);
  }

  /** The text of an example's topology. */
  static String topology(String name) {
    return read(EXAMPLES.resolve(name + ".yaml"));
  }

  /** Paths in this folder are shown relative to it. */
  Transcript within(String absolute) {
    folder = absolute;
    return this;
  }

  /** What happened between two commands. */
  Transcript say(String what) {
    text.append("# ").append(what).append("\n\n");
    return this;
  }

  /** A command whose whole output is the same every time. */
  Transcript add(String command, Fleet.Result result) {
    return add(command, result, steady(result.all()));
  }

  /** The same, with so many lines of its beginning. */
  Transcript addEnd(String command, Fleet.Result result, int lines) {
    String head = result.out().lines().limit(lines).collect(Collectors.joining("\n"));
    int summary = result.out().lastIndexOf("\n\n  ");
    return add(
        command, result, steady(head) + "...\n" + steady(result.out().substring(summary + 1)));
  }

  /** A run: what its steps say while they wait differs, how it ended does not. */
  Transcript addEnd(String command, Fleet.Result result) {
    int summary = result.out().lastIndexOf("\n\n  ");
    assertThat(summary).as(result.all()).isPositive();
    return add(command, result, "...\n" + steady(result.out().substring(summary + 1)));
  }

  /** A run with all that is said before it begins. */
  Transcript addRun(String command, Fleet.Result result) {
    int run = result.out().indexOf("\nrun ");
    int summary = result.out().indexOf("\n\n  ", run);
    assertThat(run).as(result.all()).isPositive();
    assertThat(summary).as(result.all()).isPositive();
    String said = result.out().substring(0, run) + "\n...\n" + result.out().substring(summary + 1);
    return add(command, result, steady(said));
  }

  /** Leaves out what differs from machine to machine, such as a folder. */
  Transcript without(String part) {
    String all = text.toString().replace(part, "");
    text.setLength(0);
    text.append(all);
    return this;
  }

  private Transcript add(String command, Fleet.Result result, String said) {
    text.append("$ ").append(command).append("; echo $?\n").append(said);
    text.append(result.code()).append("\n\n");
    return this;
  }

  private String steady(String said) {
    return said.lines()
        .map(line -> folder.isEmpty() ? line : line.replace(folder, ""))
        .map(
            line -> line.replaceAll("wrote (at [0-9:]{5} UTC|on [0-9-]{10})", "wrote at 12:00 UTC"))
        .map(line -> line.replaceAll("\\b[0-9]{8}-[0-9]{6}-[0-9a-f]{4}\\b", "20261125-120000-abcd"))
        .map(line -> line.replaceAll(",? +" + DURATION + " to " + DURATION + "$", ""))
        .map(line -> line.replaceAll(",? in " + DURATION + "$|, " + DURATION + "$", ""))
        .map(line -> line.replaceAll(", after [0-9.]+s$", ", after 5s"))
        .map(line -> line.replaceAll("(record +commit) [0-9a-f]{10}", "$1 0123456789"))
        .map(line -> line.replaceAll("unchanged +" + DURATION + "$", "unchanged"))
        .map(line -> line.replaceAll(TIME, "2026-11-25T12:00:00Z"))
        .map(line -> line.replaceAll(MINUTE + "(?! UTC)", "2026-11-25 12:00"))
        .map(this::fingerprints)
        .map(line -> line.replaceAll("timed out after " + DURATION, "timed out"))
        .map(line -> line.replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "(a UID)"))
        .map(line -> line.replaceAll("[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2} UTC", "a time"))
        .map(String::stripTrailing)
        .map(line -> line + "\n")
        .collect(Collectors.joining());
  }

  /** Made with another key each time; which of them are the same is what they tell. */
  private String fingerprints(String line) {
    return Pattern.compile("(?<= )[0-9a-f]{8}(?=  )")
        .matcher(line)
        .replaceAll(
            found ->
                fingerprints.computeIfAbsent(
                    found.group(), f -> "%08x".formatted(0xf0000001L + fingerprints.size())));
  }

  void isAsWritten() {
    Path file = EXAMPLES.resolve("output/" + name + ".txt");
    if (Boolean.getBoolean("golden.update")) {
      try {
        Files.writeString(file, text);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    assertThat(text.toString()).isEqualTo(read(file));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
