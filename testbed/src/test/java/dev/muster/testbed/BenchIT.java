package dev.muster.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The benchmark works: one round of it, with two members, without the other tools. What it costs is
 * not looked at here; what was asked of the clusters is.
 */
@Timeout(600)
final class BenchIT {
  private static final Path BENCH = Path.of("../bench").toAbsolutePath().normalize();

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private static Path folder;

  @SuppressWarnings("NullAway.Init")
  private static JsonNode rows;

  @BeforeAll
  static void runOneRound() throws IOException, InterruptedException {
    Path out = folder.resolve("out.txt");
    Path json = folder.resolve("figures.json");
    ProcessBuilder builder =
        new ProcessBuilder(
            BENCH.resolve("run").toString(),
            "--only=muster,probe",
            "--rounds=1",
            "--delay=1",
            "--out=" + folder.resolve("RESULTS.md"),
            "--json=" + json,
            "2");
    builder.environment().put("MUSTER", muster());
    int code = builder.redirectErrorStream(true).redirectOutput(out.toFile()).start().waitFor();
    assertThat(code).as(Files.readString(out)).isZero();
    rows = new ObjectMapper().readTree(json.toFile());
  }

  /** The classes under test, without the launcher, which may have to build first. */
  private static String muster() {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classes = MusterProgram.classPath();
    return "'" + java + "' -XX:TieredStopAtLevel=1 -cp '" + classes + "' dev.muster.cli.Main";
  }

  @Test
  void everyMemberIsAskedForItsIdentityAndItsThreeObjectsOverOneConnection() {
    Map<String, String> asked = requests("muster", "plan, nothing to change");
    assertThat(asked)
        .isEqualTo(
            Map.of(
                "host",
                "{\"get\":1,\"list\":1}",
                "m-0001",
                "{\"get\":4}",
                "m-0002",
                "{\"get\":4}"));
    assertThat(requests("muster", "apply, nothing to do")).isEqualTo(asked);
    row("muster", "plan, nothing to change")
        .at("/asked/clusters")
        .forEach(one -> assertThat(one.path("connections").asInt()).isEqualTo(1));
  }

  @Test
  void onlyTheMemberThatChangesIsWrittenTo() {
    assertThat(requests("muster", "plan, 10 % changed"))
        .isEqualTo(requests("muster", "plan, nothing to change"));
    Map<String, String> asked = requests("muster", "apply of the 10 %");
    assertThat(asked.get("m-0001")).contains("\"patch\":2");
    assertThat(asked.get("m-0002")).isEqualTo("{\"get\":4}");
  }

  @Test
  void theProbeReadsTheThreeObjectsOverOneConnection() {
    JsonNode asked = row("probe", "plan, nothing to change").at("/asked/clusters");
    assertThat(asked.at("/m-0001/requests").toString()).isEqualTo("{\"get\":3}");
    assertThat(asked.at("/m-0001/connections").asInt()).isEqualTo(1);
  }

  @Test
  void everyRunCostsTimeAndMemory() {
    assertThat(rows).hasSize(5);
    for (JsonNode row : rows) {
      JsonNode run = row.at("/runs/0");
      assertThat(run.path("wall").asDouble()).as(row.toString()).isPositive();
      assertThat(run.path("peak").asLong()).as(row.toString()).isPositive();
    }
  }

  @Test
  void thePageSaysWhatWasNotMeasured() throws IOException {
    assertThat(Files.readString(folder.resolve("RESULTS.md")))
        .contains("| 2 | muster | plan, nothing to change |", "| not measured |")
        .doesNotContain("| met |");
  }

  private static Map<String, String> requests(String command, String task) {
    Map<String, String> asked = new TreeMap<>();
    row(command, task)
        .at("/asked/clusters")
        .properties()
        .forEach(one -> asked.put(one.getKey(), one.getValue().path("requests").toString()));
    return asked;
  }

  private static JsonNode row(String command, String task) {
    for (JsonNode row : rows) {
      if (row.path("command").asText().equals(command) && row.path("task").asText().equals(task)) {
        return row;
      }
    }
    throw new AssertionError("no row " + command + ", " + task + " in " + rows);
  }
}
