package dev.muster.testbed.reconcile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A history: what people, other writers, faults and muster did, one event a line, a verb and its
 * words. An event that makes no sense where it stands is passed over, so each part of a case is a
 * case too: that is what shrinking lives on.
 *
 * @param name for people
 * @param comments lines that begin with #: what was found with it
 */
record Case(String name, List<String> comments, List<String> events) {
  Case {
    comments = List.copyOf(comments);
    events = List.copyOf(events);
  }

  static Case of(String name, List<String> events) {
    return new Case(name, List.of(), events);
  }

  Case with(List<String> others) {
    return new Case(name, comments, others);
  }

  static Case read(Path file) {
    try {
      List<String> comments = new ArrayList<>();
      List<String> events = new ArrayList<>();
      for (String line : Files.readAllLines(file)) {
        if (line.startsWith("#")) {
          comments.add(line);
        } else if (!line.isBlank()) {
          events.add(line.strip());
        }
      }
      return new Case(file.getFileName().toString(), comments, events);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The kept cases of a folder, by name. */
  static Stream<Case> kept(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".case"))
          .sorted()
          .map(Case::read)
          .toList()
          .stream();
    }
  }

  /** As a file to be kept. */
  String text() {
    StringBuilder text = new StringBuilder();
    comments.forEach(line -> text.append(line).append('\n'));
    events.forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }

  static List<String> words(String event) {
    return Arrays.asList(event.split(" "));
  }

  /** The value of a word such as {@code after=3}. */
  static Optional<String> option(String event, String key) {
    return words(event).stream()
        .filter(word -> word.startsWith(key + "="))
        .map(word -> word.substring(key.length() + 1))
        .findFirst();
  }

  @Override
  public String toString() {
    return name;
  }
}
