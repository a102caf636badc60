package dev.muster.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Commands of a shell in the repository of a fleet, and what each printed in a file of its own
 * below {@code src/test/resources/story}; {@code -Dgolden.update=true} writes them anew.
 */
final class Story {
  private static final int SECONDS = 120;
  private static final Path FILES = Path.of("src/test/resources/story");
  private static final String DURATION = "(?:[0-9.]+(?:ms|[hms]))+";

  private final RealFleet fleet;
  private final Path bin;
  private final Map<String, String> names = new LinkedHashMap<>();
  private final List<String> differences = new ArrayList<>();
  private int told;

  Story(RealFleet fleet) {
    this.fleet = fleet;
    this.bin = fleet.servers().folder().resolve("bin");
    MusterProgram.script(bin);
  }

  Path bin() {
    return bin;
  }

  /** What a command printed, as it did. */
  record Said(int exit, String text) {}

  /**
   * Runs a line of shell and compares what it prints.
   *
   * @param name of the file, which begins with the number of the command
   */
  Said tell(String name, String line) {
    Said said = run(line);
    told++;
    Path file = FILES.resolve("%02d-%s.txt".formatted(told, name));
    String text = steady("$ " + line + "\n" + said.text() + "exit " + said.exit() + "\n");
    try {
      if (Boolean.getBoolean("golden.update")) {
        Files.createDirectories(FILES);
        Files.writeString(file, text);
      }
      String expected = Files.exists(file) ? Files.readString(file) : "(no file " + file + ")\n";
      if (!expected.equals(text)) {
        differences.add(file + "\n--- expected\n" + expected + "--- printed\n" + text);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return said;
  }

  /** That the whole story was as it is written; all that differs at once. */
  void isAsWritten() {
    assertThat(String.join("\n", differences)).isEmpty();
  }

  /** Runs a line of shell that is no part of the story. */
  Said run(String line) {
    ProcessBuilder builder =
        new ProcessBuilder("sh", "-c", line)
            .directory(fleet.muster().repository().toFile())
            .redirectErrorStream(true);
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(key -> key.startsWith("GIT_"));
    environment.put(
        "KUBECONFIG", fleet.muster().repository().resolve("kubeconfig.yaml").toString());
    environment.put("HOME", bin.toString());
    environment.put("TZ", "UTC");
    environment.put("LC_ALL", "C.UTF-8");
    environment.put("PATH", bin + ":" + environment.getOrDefault("PATH", ""));
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).as(line).isTrue();
      return new Said(process.exitValue(), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** The run that the last line of a command's output names. */
  static String runOf(Said said) {
    Matcher matcher = Pattern.compile("muster show (\\S+)").matcher(said.text());
    assertThat(matcher.find()).as(said.text()).isTrue();
    return matcher.group(1);
  }

  /** What differs from run to run gets names in the order of its appearance. */
  private String steady(String text) {
    String folder = fleet.muster().repository().toString();
    // What a gate sees while it waits is another thing each time.
    String lasting = text.replaceAll("(?m)^.*  waiting \\(.*\\n", "");
    String result = lasting.replace(folder, "/fleet").replace(bin.toString(), "/usr/local/bin");
    result = numbered(result, "\\b[0-9]{8}-[0-9]{6}-[0-9a-f]{4}\\b", "RUN-");
    result = numbered(result, "\\b[0-9a-f]{40}\\b", "COMMIT-");
    result = numbered(result, "(?<![\\w-])[0-9a-f]{7,12}(?![\\w-])", "COMMIT-");
    // What was written before midnight is told by its day.
    result = result.replaceAll("last wrote (at|on) [^\\n]*", "last wrote at TIME UTC");
    result = result.replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "UID");
    result = result.replaceAll("https://127\\.0\\.0\\.1:[0-9]+", "https://api.example.com");
    result = result.replaceAll("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z", "TIME");
    result = result.replaceAll("[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}(:[0-9]{2})?", "TIME");
    result = result.replaceAll("\\b[0-9]{2}:[0-9]{2}\\b(?!:)", "TIME");
    result = result.replaceAll(" \\+0000", "").replaceAll("(?m)^Date: .*$", "Date: TIME");
    return result.replaceAll("(?<=[ (])" + DURATION + "(?=[ ,)\\n])", "A WHILE");
  }

  /** A commit that is told by its first digits has the name of the whole one. */
  private String numbered(String text, String pattern, String word) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    return matcher.replaceAll(
        found -> {
          String key = found.group();
          for (Map.Entry<String, String> known : names.entrySet()) {
            if (known.getKey().startsWith(key) || key.startsWith(known.getKey())) {
              return known.getValue();
            }
          }
          long count = names.values().stream().filter(name -> name.startsWith(word)).count() + 1;
          names.put(key, word + count);
          return word + count;
        });
  }
}
