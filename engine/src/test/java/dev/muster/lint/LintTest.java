package dev.muster.lint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.muster.cli.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code -Dgolden.update=true} writes the expected outputs anew. */
class LintTest {
  private static final Path PLANS = Path.of("src/test/resources/plan-lint");
  private static final Path FAULTY = PLANS.resolve("faulty.yaml");
  private static final ObjectMapper JSON = new ObjectMapper();

  static Stream<Path> shipped() throws IOException {
    try (Stream<Path> all = Files.list(Path.of("../plans"))) {
      return all.filter(file -> file.toString().endsWith(".yaml")).sorted().toList().stream();
    }
  }

  private record Said(int code, String out) {}

  @ParameterizedTest
  @MethodSource("shipped")
  void nothingIsFoundInPlansThatComeWithTheProgram(Path plan) {
    assertThat(run("--strict", plan.toString())).isEqualTo(new Said(0, "nothing is found\n"));
  }

  @Test
  void eachRuleFindsItsFaultWithPlaceReasonAndRemedyWithin80Columns() throws IOException {
    Said said = run(FAULTY.toString());
    assertThat(said.code).isEqualTo(2);
    assertThat(said.out.lines()).allMatch(line -> line.length() <= 80);
    Path expected = PLANS.resolve("faulty.txt");
    if (Boolean.getBoolean("golden.update")) {
      Files.writeString(expected, said.out);
    }
    assertThat(said.out).isEqualTo(Files.readString(expected));
    assertThat(Arrays.stream(Rule.values()).map(Rule::id))
        .allSatisfy(rule -> assertThat(said.out).contains(" " + rule + "\n"));
  }

  @Test
  void aPlanWithoutFaultsAndOneWithExceptionsPass() {
    assertThat(run("--strict", PLANS.resolve("sound.yaml").toString()))
        .isEqualTo(new Said(0, "nothing is found\n"));
  }

  @Test
  void notesAloneCountOnlyWhenTheyAreToldTo() {
    String library = "src/test/resources/plan-tests/library/library.yaml";
    assertThat(run(library).code).isZero();
    assertThat(run("--strict", library).code).isEqualTo(2);
  }

  @Test
  void programsGetTheSame() throws IOException {
    JsonNode json = JSON.readTree(run("-o", "json", FAULTY.toString()).out);
    JsonNode results =
        JSON.readTree(run("-o", "sarif", FAULTY.toString()).out).at("/runs/0/results");
    assertThat(json).isNotEmpty().hasSameSizeAs(results);
    for (int i = 0; i < json.size(); i++) {
      assertThat(results.get(i).path("ruleId")).isEqualTo(json.get(i).path("rule"));
      assertThat(results.get(i).at("/locations/0/physicalLocation/region/startLine"))
          .isEqualTo(json.get(i).path("line"));
      assertThat(json.get(i).path("line").asInt()).isPositive();
    }
  }

  private static Said run(String... args) {
    StringWriter out = new StringWriter();
    List<String> all = Stream.concat(Stream.of("plan-lint"), Stream.of(args)).toList();
    int code =
        Main.run(
            new PrintWriter(out, true),
            new PrintWriter(out, true),
            false,
            all.toArray(String[]::new));
    return new Said(code, out.toString());
  }
}
