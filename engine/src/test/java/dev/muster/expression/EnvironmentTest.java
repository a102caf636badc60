package dev.muster.expression;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.problem.Problem;
import dev.muster.problem.Problems;
import dev.muster.problem.Where;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EnvironmentTest {
  private static final Environment ENVIRONMENT =
      Environment.builder()
          .variable("host")
          .variable("topology")
          .variable("name", Environment.Type.STRING)
          .build();

  @Test
  void pointsAtTheCharacterInsideAQuotedScalar() {
    String line = "  ready: \"${condition(hst.cluster, 'Ready')}\"";
    Where where = new Where("plan.yaml", 7, 10, line + "\n" + " ".repeat(9) + "^");

    assertThat(problems("${condition(hst.cluster, 'Ready')}", where))
        .isEqualTo(
            """
            plan.yaml:7:23: error: unknown name "hst"
                  ready: "${condition(hst.cluster, 'Ready')}"
                                      ^
              hint: did you mean "host"?
              hint: known here: host, name, topology
            """);
  }

  @Test
  void countsFromTheScalarWhenThereIsNoExcerpt() {
    assertThat(problems("${1 + }", new Where("plan.yaml", 3, 5, "")))
        .isEqualTo(
            """
            plan.yaml:3:11: error: the expression ends too early
                ${1 + }
                      ^
            """);
  }

  @Test
  void showsTheLineOfTheExpressionForAScalarOfSeveralLines() {
    Where where = new Where("plan.yaml", 3, 8, "ready: |-\n       ^");

    assertThat(problems("${\n  1 < 2 &&\n  'é😀' < zzz}", where))
        .isEqualTo(
            """
            plan.yaml:3:8: error: unknown name "zzz"
                  'é😀' < zzz}
                         ^
              hint: known here: host, name, topology
            """);
  }

  @Test
  void reportsAllErrorsOfAllExpressionsOfAScalar() {
    assertThat(problems("${a1.x + b1.y} and ${c1}", Where.nowhere()).lines())
        .filteredOn(line -> line.startsWith("error"))
        .containsExactly(
            "error: unknown name \"a1\"",
            "error: unknown name \"b1\"",
            "error: unknown name \"c1\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0000',
      value = {
        "${conditon(host.x, 'Ready')} | unknown function \"conditon\" | did you mean \"condition\"?",
        "${name + 1} | \"+\" cannot take string and int | make a string of the other value with string(...)",
        "${size(1)} | size() cannot take int | it takes (string) or (bytes) or (list) or (map)",
        "${name.foo} | a value of type string has no fields |",
        "${a b} | unexpected \"b\" |",
        "${host.} | the expression ends too early |",
        "${host.x ==} | the expression ends too early |",
        "${(host.x} | missing \")\" |",
        "${host.x)} | unexpected \")\" |",
        "${'abc} | the text in quotes that begins here is never closed | for a literal \"${\" write \"$${\"",
        "${host.x | \"${\" is never closed with \"}\" | for a literal \"${\" write \"$${\"",
        "${} | \"${}\" holds no expression | for a literal \"${\" write \"$${\"",
        "${# + 1} | unexpected \"#\" |",
        "${host.for} |  |",
        "${'x' + omit()} | omit() must be the whole value of a field | write ${omit()} alone, as a branch of ?: or in orValue(...)",
        "token-${generated('hex', 8)} | generated() must be the whole value of a field | write ${generated('hex', 64)} alone, as a branch of ?: or in orValue(...)",
        "${generated('hxe', 8)} | generated() needs 'hex' or 'alphanumeric' and a length from 1 to 4096 | for example generated('hex', 64)",
        "${versionAtLeast(1, '3')} | versionAtLeast() cannot take int and string | it takes (string, string)",
      })
  void saysWhatIsWrongInPlainWords(String text, String message, String hint) {
    Problems problems = new Problems();
    ENVIRONMENT.compile(text, Where.nowhere(), problems);

    assertThat(problems.all().stream().map(Problem::message).collect(Collectors.joining("; ")))
        .isEqualTo(message == null ? "" : message);
    assertThat(
            problems.all().stream()
                .flatMap(p -> p.hints().stream())
                .collect(Collectors.joining("; ")))
        .isEqualTo(hint == null ? "" : hint);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0000',
      value = {
        "true | a condition must be exactly one expression",
        "${host.x} and | a condition must be exactly one expression",
        "${name} | a condition must be true or false, this gives a value of type string",
        "${1 + 1} | a condition must be true or false, this gives a value of type int",
        "${host.x} |",
        "${host.x == 1} |",
      })
  void wantsTrueOrFalseOfACondition(String text, String message) {
    Problems problems = new Problems();
    ENVIRONMENT.compileBoolean(text, Where.nowhere(), problems);

    assertThat(problems.all().stream().map(Problem::message).collect(Collectors.joining("; ")))
        .isEqualTo(message == null ? "" : message);
  }

  @Test
  void knowsTheVariableThatWasAdded() {
    Environment step = ENVIRONMENT.with("member", Environment.Type.MAP);

    assertThat(step.compile("${member.name}", Where.nowhere(), new Problems())).isPresent();
    assertThat(ENVIRONMENT.compile("${member.name}", Where.nowhere(), new Problems())).isEmpty();
  }

  private static String problems(String text, Where where) {
    Problems problems = new Problems();
    assertThat(ENVIRONMENT.compile(text, where, problems)).isEmpty();
    return problems.all().stream().map(Problem::text).collect(Collectors.joining());
  }
}
