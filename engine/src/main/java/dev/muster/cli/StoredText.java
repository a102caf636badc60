package dev.muster.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/**
 * The answers that are the same each time: the version, and the list of commands, which is kept
 * with the program, as making it takes longer than all the rest of the start. A test holds it to
 * what the commands say.
 */
final class StoredText {
  private static final int WIDTH = 80;

  private StoredText() {}

  /** What these arguments ask for, when that is all and it is known. */
  static Optional<String> answer(boolean colour, int width, String... args) {
    if (args.length > 1) {
      return Optional.empty();
    }
    String only = args.length == 0 ? "--help" : args[0];
    if (Set.of("-V", "--version").contains(only)) {
      return resource("version.properties").flatMap(StoredText::version);
    }
    return Set.of("-h", "--help").contains(only) && width == WIDTH
        ? resource(colour ? "help-colour.txt" : "help.txt")
        : Optional.empty();
  }

  private static Optional<String> version(String properties) {
    return properties
        .lines()
        .filter(line -> line.startsWith("version="))
        .findFirst()
        .map(line -> "muster " + line.substring("version=".length()).strip() + "\n");
  }

  private static Optional<String> resource(String name) {
    try (InputStream in = StoredText.class.getResourceAsStream("/muster/" + name)) {
      return in == null
          ? Optional.empty()
          : Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
