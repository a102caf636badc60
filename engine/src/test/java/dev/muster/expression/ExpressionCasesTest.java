package dev.muster.expression;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.muster.problem.Problems;
import dev.muster.problem.Where;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs the table {@code expressions/cases.txt}. */
final class ExpressionCasesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Environment ENVIRONMENT =
      Environment.builder()
          .variable("host")
          .variable("member")
          .variable("absent")
          .variable("greeting", Environment.Type.STRING)
          .variable("any", Environment.Type.DYN)
          .build();

  static Stream<String> cases() throws IOException {
    return read("cases.txt").lines().filter(line -> !line.isBlank() && !line.startsWith("#"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void givesTheOutcomeOfTheTable(String line) throws IOException {
    int arrow = line.lastIndexOf(" => ");
    Template template = compiled(line.substring(0, arrow));

    Outcome outcome = template.evaluate(variables());

    assertThat(outcome).isEqualTo(expected(line.substring(arrow + 4)));
  }

  static Template compiled(String code) {
    Problems problems = new Problems();
    return ENVIRONMENT
        .compile(code, Where.nowhere(), problems)
        .orElseThrow(() -> new AssertionError(problems.all().toString()));
  }

  static Map<String, JsonNode> variables() throws IOException {
    Map<String, JsonNode> variables = new HashMap<>();
    JSON.readTree(read("variables.json"))
        .properties()
        .forEach(e -> variables.put(e.getKey(), e.getValue()));
    return variables;
  }

  static Outcome expected(String text) throws IOException {
    if (text.equals("omitted")) {
      return new Outcome.Omitted();
    }
    if (text.startsWith("missing ")) {
      return new Outcome.Missing(text.substring("missing ".length()));
    }
    if (text.startsWith("error ")) {
      return new Outcome.Error(text.substring("error ".length()));
    }
    if (text.startsWith("generated ")) {
      String[] words = text.split(" ", -1);
      return new Outcome.Generated(words[1], Integer.parseInt(words[2]));
    }
    return new Outcome.Value(JSON.readTree(text));
  }

  private static String read(String name) throws IOException {
    try (InputStream in = ExpressionCasesTest.class.getResourceAsStream("/expressions/" + name)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
