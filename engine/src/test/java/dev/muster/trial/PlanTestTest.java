package dev.muster.trial;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.muster.cli.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code -Dgolden.update=true} writes the expected outputs anew, not what the cases expect. */
@Timeout(120)
class PlanTestTest {
  private static final Path TESTS = Path.of("src/test/resources/plan-tests");
  private static final Path LIBRARY = TESTS.resolve("library");
  private static final Path SHIPPED = Path.of("../plans/tests");
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  private record Said(int code, String out, String err) {
    private String timeless() {
      return out.replaceAll("\\(\\d+ ms\\)", "(N ms)").replaceAll("\\d+\\.\\d s\n", "N s\n");
    }
  }

  static Stream<Path> shipped() throws IOException {
    return below(SHIPPED);
  }

  static Stream<Path> broken() throws IOException {
    return below(TESTS.resolve("broken"));
  }

  private static Stream<Path> below(Path tests) throws IOException {
    try (Stream<Path> all = Files.list(tests)) {
      return all.filter(Files::isDirectory).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("shipped")
  void plansThatComeWithTheProgramDoWhatTheirCasesSayAndNothingElse(Path tests) {
    Said said = run("plan-test", "--require-coverage", tests.toString());
    assertThat(said.code).as(said.out + said.err).isZero();
  }

  @Test
  void casesOfAMadeUpPlanReachAllOfIt() {
    Said said = run("plan-test", "--require-coverage", LIBRARY.toString());
    assertThat(said.code).as(said.out + said.err).isZero();
    assertThat(said.out)
        .contains("reached: 4 of 4 steps, 7 of 7 gates, 2 of 2 refusals")
        .doesNotContain("no case reaches");
  }

  @Test
  void casesOfPairsOfClustersReachAllSteps() {
    Said said = run("plan-test", TESTS.resolve("letters").toString());
    assertThat(said.code).as(said.out + said.err).isZero();
    assertThat(said.out).contains("reached: 6 of 6 steps");
  }

  @Test
  void tokensAreIssuedKeptAndRenewed() {
    Said said = run("plan-test", "--require-coverage", TESTS.resolve("keys").toString());
    assertThat(said.code).as(said.out + said.err).isZero();
    assertThat(said.out).contains("reached: 4 of 4 steps").doesNotContain("eyJ");
  }

  @Test
  void coverageThatIsRequiredAndMissingIsAFailure() {
    Said said = run("plan-test", "--require-coverage", LIBRARY.resolve("join").toString());
    assertThat(said.code).isEqualTo(2);
    assertThat(said.out).contains("all pass").contains("refusal  step open: there is no desk");
    assertThat(run("plan-test", LIBRARY.resolve("join").toString()).code).isZero();
  }

  @Test
  void everyDifferenceIsToldWithItsPlaceWithin80Columns() throws IOException {
    Said said = run("plan-test", TESTS.resolve("differs").toString());
    assertThat(said.code).isEqualTo(2);
    assertThat(said.out.lines()).allMatch(line -> line.length() <= 80);
    golden(TESTS.resolve("differs/expected.txt"), said.timeless());
  }

  @Test
  void updateRewritesWhatDiffersAndNothingElse() throws IOException {
    Path copy = copied();
    Said said = run("plan-test", "--update", copy.resolve("differs").toString());
    assertThat(said.code).as(said.out + said.err).isZero();
    assertThat(said.err).isEqualTo("updated " + copy.resolve("differs/case.yaml") + "\n");
    golden(
        TESTS.resolve("differs/updated.yaml"), Files.readString(copy.resolve("differs/case.yaml")));
    Said again = run("plan-test", "--update", copy.resolve("differs").toString());
    assertThat(again.code).isZero();
    assertThat(again.err).isEmpty();
  }

  @Test
  void noValueThatThePlanCallsSensitiveIsToldOrWrittenDown() throws IOException {
    Path copy = copied();
    Path file = copy.resolve("differs/case.yaml");
    // What the author wrote is the author's; what is found is never shown.
    Files.writeString(file, Files.readString(file).replaceAll("  after:(?s:.*)", "  whole:\n"));
    for (String format : List.of("text", "json", "junit")) {
      Said said = run("plan-test", "-o", format, copy.resolve("differs").toString());
      assertThat(said.out + said.err).doesNotContain("silence-is-golden");
      assertThat(said.out).contains("differs");
    }
    assertThat(run("plan-test", "--update", copy.resolve("differs").toString()).code).isZero();
    assertThat(Files.readString(file))
        .contains("--pass=(as hall.desk.rules.pass)", "code: \"(sensitive)\"")
        .doesNotContain("silence-is-golden");
  }

  @ParameterizedTest
  @MethodSource("broken")
  void aFileThatIsNoCaseIsRefusedWithAllThatIsWrong(Path wrong) throws IOException {
    Said said = run("plan-test", wrong.toString());
    assertThat(said.code).isEqualTo(1);
    golden(wrong.resolve("said.txt"), said.err);
  }

  @Test
  void aFilterChoosesCasesByTheirNames() {
    Said said = run("plan-test", "--filter", "^no-", LIBRARY.toString());
    assertThat(said.code).isZero();
    assertThat(said.out).contains("3 cases, all pass").doesNotContain("open-roof (");
    assertThat(run("plan-test", "--filter", "zebra", LIBRARY.toString()).code).isEqualTo(1);
    assertThat(run("plan-test", "--filter", "(", LIBRARY.toString()).code).isEqualTo(64);
  }

  @Test
  void programsGetTheSame() throws IOException {
    JsonNode json =
        JSON.readTree(run("plan-test", "-o", "json", TESTS.resolve("differs").toString()).out)
            .get(0);
    assertThat(json.path("failed").asInt()).isEqualTo(1);
    JsonNode first = json.at("/results/0/differences/0");
    assertThat(first.path("line").asInt()).isEqualTo(15);
    assertThat(first.path("expected").asText()).isEqualTo("7");
    assertThat(first.path("found").asText()).isEqualTo("8");
    assertThat(json.path("unreached")).isNotEmpty();
    String junit = run("plan-test", "-o", "junit", LIBRARY.toString()).out;
    assertThat(junit).contains("tests=\"5\" failures=\"0\"");
  }

  @Test
  void whereThereIsNoPlanOrNoCaseItIsSaid() throws IOException {
    assertThat(run("plan-test", folder.toString()).err).contains("says which plan is tested");
    Files.writeString(
        folder.resolve("plan-test.yaml"),
        "apiVersion: muster.dev/v1alpha1\nkind: PlanTest\nplan: p.yaml\n");
    Files.copy(LIBRARY.resolve("library.yaml"), folder.resolve("p.yaml"));
    Said said = run("plan-test", folder.toString());
    assertThat(said.code).isEqualTo(1);
    assertThat(said.err).contains("there is no case at or below");
  }

  @Test
  void nothingThatCouldReachAClusterIsLoaded() throws Exception {
    Path output = folder.resolve("classes");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xlog:class+load",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.muster.cli.Main",
                "plan-test",
                LIBRARY.toString())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    process.getOutputStream().close();
    assertThat(process.waitFor(100, TimeUnit.SECONDS)).isTrue();
    List<String> loaded = Files.readAllLines(output);
    assertThat(loaded).anyMatch(line -> line.contains("5 cases, all pass"));
    assertThat(loaded)
        .noneMatch(
            line ->
                line.contains(" io.fabric8.")
                    || line.contains(" dev.muster.wire.")
                    || line.contains(" java.net.http.")
                    || line.contains(" java.net.Socket ")
                    || line.contains(" java.nio.channels.SocketChannel ")
                    || line.contains(" org.eclipse.jgit."));
  }

  private Path copied() throws IOException {
    Path copy = folder.resolve("plan-tests");
    try (Stream<Path> all = Files.walk(TESTS)) {
      for (Path each : all.toList()) {
        Path to = copy.resolve(TESTS.relativize(each).toString());
        Files.createDirectories(to.getParent());
        Files.copy(each, to);
      }
    }
    return copy;
  }

  private static void golden(Path expected, String said) throws IOException {
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(expected, said);
    }
    assertThat(said).isEqualTo(Files.readString(expected));
  }

  private static Said run(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), false, args);
    return new Said(code, out.toString(), err.toString());
  }
}
