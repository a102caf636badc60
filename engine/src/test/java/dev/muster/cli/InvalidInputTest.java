package dev.muster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each directory below {@code invalid} is one broken input and what the program says of it. {@code
 * command.txt} holds another command than validate, {@code exit-code.txt} another code than 1.
 * {@code -Dgolden.update=true} writes the expected outputs anew.
 */
class InvalidInputTest {
  private static final Path CASES = Path.of("src/test/resources/invalid");
  private static final String OUTPUT = "output.txt";
  private static final Set<String> CONTROL = Set.of(OUTPUT, "command.txt", "exit-code.txt");
  private static final int WIDEST = 100;

  static Stream<String> cases() throws IOException {
    try (Stream<Path> directories = Files.list(CASES)) {
      List<String> names = directories.map(d -> d.getFileName().toString()).sorted().toList();
      return names.stream();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void isRefusedWithTheseWords(String name) throws IOException {
    Path folder = CASES.resolve(name);
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        Main.run(
            new PrintWriter(out),
            new PrintWriter(err),
            false,
            command(folder).toArray(new String[0]));
    String said =
        err.toString()
            .replace(folder.toAbsolutePath() + "/", "")
            .replace(folder.toAbsolutePath().toString(), ".")
            .replace(folder + "/", "");
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(folder.resolve(OUTPUT), said);
    }
    assertThat(said).isEqualTo(Files.readString(folder.resolve(OUTPUT)));
    assertThat(out.toString()).isEmpty();
    assertThat(code).isEqualTo(exitCode(folder));
    assertThat(said).doesNotContain("dev.muster.", "Exception", "fault in muster");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void isToldInLinesThatFitAScreen(String name) throws IOException {
    assertThat(Files.readAllLines(CASES.resolve(name).resolve(OUTPUT)))
        .allSatisfy(
            line ->
                assertThat(line.startsWith("    ") ? "" : line).hasSizeLessThanOrEqualTo(WIDEST));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void hasNoFileThatNothingReads(String name) throws IOException {
    Path folder = CASES.resolve(name);
    List<String> texts = new ArrayList<>(command(folder));
    List<String> files = new ArrayList<>();
    try (Stream<Path> listed = Files.list(folder)) {
      for (Path file : listed.toList()) {
        files.add(file.getFileName().toString());
        if (!file.endsWith(OUTPUT)) {
          texts.add(
              new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1));
        }
      }
    }
    assertThat(files).contains(OUTPUT);
    files.removeAll(CONTROL);
    assertThat(files).allSatisfy(file -> assertThat(texts).anyMatch(text -> text.contains(file)));
  }

  @Test
  void casesAreMany() throws IOException {
    assertThat(cases()).hasSizeGreaterThan(30);
  }

  private static List<String> command(Path folder) throws IOException {
    Path file = folder.resolve("command.txt");
    if (!Files.exists(file)) {
      return List.of("validate", "-f", folder.resolve("topology.yaml").toString());
    }
    return Stream.of(Files.readString(file).strip().split(" "))
        .map(word -> word.replace("DIR", folder.toString()))
        .toList();
  }

  private static int exitCode(Path folder) throws IOException {
    Path file = folder.resolve("exit-code.txt");
    return Files.exists(file) ? Integer.parseInt(Files.readString(file).strip()) : 1;
  }
}
