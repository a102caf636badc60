package dev.muster.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.cli.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every command explains itself, within 80 columns. */
@Timeout(60)
final class HelpTest {
  private static final Pattern COMMAND = Pattern.compile("(?m)^  ([a-z-]+)  +");

  @Test
  void tellsEveryCommandInAWholeSentence() {
    String all = help("--help");
    String list = all.substring(all.indexOf("Commands:"), all.indexOf("Exit codes:"));
    String[] entries = list.split("(?m)^  (?=[a-z])");
    assertThat(List.of(entries).subList(1, entries.length))
        .hasSizeGreaterThan(10)
        .allSatisfy(entry -> assertThat(entry.strip()).endsWith("."));
  }

  @Test
  void helpsWithEveryCommand() {
    String all = help("--help");
    List<String> commands =
        COMMAND
            .matcher(all.substring(all.indexOf("Commands:"), all.indexOf("Exit codes:")))
            .results()
            .map(found -> found.group(1))
            .toList();
    assertThat(commands).contains("apply", "sandbox", "demo");
    for (String command : commands) {
      assertThat(help("help", command)).contains("Usage: muster " + command);
      if (!command.equals("help")) {
        assertThat(help(command, "--help")).startsWith("Usage: muster " + command);
      }
    }
  }

  /**
   * The launcher shows them without a JVM; {@code -Dgolden.update=true} writes what is stored anew.
   */
  @ParameterizedTest
  @CsvSource({"help.txt, false", "help-colour.txt, true"})
  void whatIsStoredIsWhatTheCommandsSay(String name, boolean terminal) throws Exception {
    StringWriter out = new StringWriter();
    Main.run(new PrintWriter(out), new PrintWriter(out), terminal, "--help");
    Path stored = Path.of("src/main/text", name);
    if (Boolean.getBoolean("golden.update")) {
      Files.createDirectories(stored.getParent());
      Files.writeString(stored, out.toString());
    }
    assertThat(stored).as("update it with -Dgolden.update=true").hasContent(out.toString());
    assertThat(Files.readString(stored).contains("\u001b[")).isEqualTo(terminal);
  }

  private static String help(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), false, args);
    assertThat(code).as(String.join(" ", args) + ": " + out + err).isZero();
    assertThat(out.toString().lines()).allMatch(line -> line.length() <= 80);
    return out.toString();
  }
}
