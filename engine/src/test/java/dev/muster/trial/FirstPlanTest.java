package dev.muster.trial;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.cli.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code docs/first-plan.md} shows what is in the files, and what the commands print. */
class FirstPlanTest {
  private static final Path PAGE = Path.of("../docs/first-plan.md");
  private static final Path FILES = Path.of("../examples/first-plan");
  private static final Pattern PART = Pattern.compile("(?ms)^```yaml (\\S+)\\n(.*?)^```$");
  private static final Pattern CONSOLE = Pattern.compile("(?ms)^```console\\n(.*?)^```$");

  /** A command of the page and what it prints. */
  record Shown(String command, String output) {
    @Override
    public String toString() {
      return command;
    }
  }

  static Stream<MatchResult> parts() throws IOException {
    return PART.matcher(Files.readString(PAGE)).results().toList().stream();
  }

  static Stream<Shown> commands() throws IOException {
    List<Shown> shown = new ArrayList<>();
    CONSOLE
        .matcher(Files.readString(PAGE))
        .results()
        .flatMap(block -> Stream.of(block.group(1).split("(?m)^\\$ muster ")))
        .filter(part -> !part.isBlank())
        .forEach(
            part -> {
              int end = part.indexOf('\n');
              shown.add(new Shown(part.substring(0, end), part.substring(end + 1)));
            });
    return shown.stream();
  }

  @ParameterizedTest
  @MethodSource("parts")
  void showsWhatIsInTheFile(MatchResult part) throws IOException {
    assertThat(Files.readString(FILES.resolve(part.group(1)))).contains(part.group(2));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void showsWhatTheCommandPrints(Shown shown) {
    List<String> words = new ArrayList<>();
    for (String word : shown.command().split(" ")) {
      boolean path = word.equals(".") || word.endsWith(".yaml");
      words.add(path ? FILES.resolve(word).normalize().toString() : word);
    }
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();

    int code =
        Main.run(new PrintWriter(out), new PrintWriter(err), false, words.toArray(String[]::new));

    assertThat(code).as(err.toString()).isZero();
    assertThat(
            out.toString()
                .replaceAll("\\(\\d+ ms\\)", "(N ms)")
                .replaceAll("\\d+\\.\\d s\n", "N s\n"))
        .isEqualTo(shown.output());
  }
}
