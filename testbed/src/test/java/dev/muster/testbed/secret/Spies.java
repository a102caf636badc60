package dev.muster.testbed.secret;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Programs that muster is made to start. Each writes down what any user of the machine could see of
 * it and of what has started it, its environment, and what lies among the temporary files by then.
 */
final class Spies {
  /** What each spy looks at, by the end of the name of its file. */
  private static final Map<String, String> LOOKS =
      Map.of(
          "arguments", "tr '\\0' ' ' < /proc/$$/cmdline",
          "parent-arguments", "tr '\\0' ' ' < /proc/$PPID/cmdline",
          "environment", "tr '\\0' '\\n' < /proc/$$/environ",
          "parent-environment", "tr '\\0' '\\n' < /proc/$PPID/environ");

  private final Path programs;
  private final Path seen;
  private final Path temporary;

  Spies(Path programs, Path temporary) throws IOException {
    this.programs = programs;
    this.temporary = temporary;
    this.seen = Files.createDirectories(programs.resolve("seen"));
  }

  /**
   * What one spy has seen.
   *
   * @param environment with the names of what its parent does not have, or has otherwise, first
   */
  record Seen(
      String spy, String arguments, String parent, String environment, List<String> added) {}

  /** Writes a program that spies and then does what it is for. */
  Path program(String name, String shell) throws IOException {
    StringBuilder text = new StringBuilder("#!/bin/sh\n");
    text.append("spy=$(mktemp '").append(seen).append("/").append(name).append(".XXXXXX')\n");
    LOOKS.forEach((end, look) -> text.append(look + " > \"$spy." + end + "\"\n"));
    text.append("find '" + temporary + "' -mindepth 1 -maxdepth 1 -printf '%m %y %f\\n'");
    text.append(" > \"$spy.modes\" 2>/dev/null\n");
    text.append("find '" + temporary + "' -type f -exec cat {} + > \"$spy.files\" 2>/dev/null\n");
    text.append("touch \"$spy.done\"\n").append(shell).append('\n');
    Path file = Files.writeString(programs.resolve(name), text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  /** All that was seen, by now. */
  List<Seen> seen() {
    List<Seen> all = new ArrayList<>();
    for (Path done : files(".done")) {
      String stem = done.toString().replaceFirst("\\.done$", "");
      Map<String, String> before = variables(read(stem + ".parent-environment"));
      List<String> added = new ArrayList<>();
      String environment = read(stem + ".environment");
      variables(environment)
          .forEach(
              (name, value) -> {
                if (!value.equals(before.get(name))) {
                  added.add(name);
                }
              });
      all.add(
          new Seen(
              done.getFileName().toString().replaceFirst("\\..*", ""),
              read(stem + ".arguments"),
              read(stem + ".parent-arguments"),
              environment,
              added));
    }
    return all;
  }

  /** What lay among the temporary files, by the name of the spy. */
  Map<String, String> temporaryFiles() {
    Map<String, String> all = new TreeMap<>();
    files(".files").forEach(file -> all.put(file.getFileName().toString(), read(file.toString())));
    return all;
  }

  /** Names of temporary files with their modes, as {@code find} has them: 600 f name. */
  List<String> modes() {
    return files(".modes").stream()
        .flatMap(file -> read(file.toString()).lines())
        .distinct()
        .toList();
  }

  private List<Path> files(String end) {
    try (Stream<Path> files = Files.list(seen)) {
      return files.filter(file -> file.toString().endsWith(end)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, String> variables(String text) {
    return text.lines()
        .filter(line -> line.contains("="))
        .collect(
            Collectors.toMap(
                line -> line.substring(0, line.indexOf('=')),
                line -> line.substring(line.indexOf('=') + 1),
                (one, other) -> one,
                TreeMap::new));
  }

  private static String read(String file) {
    try {
      return Files.readString(Path.of(file), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
