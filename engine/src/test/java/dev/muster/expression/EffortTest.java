package dev.muster.expression;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.muster.problem.Problems;
import dev.muster.problem.Where;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Expressions that would compute for hours without exceeding the number of rounds of loops. */
@Timeout(120)
class EffortTest {
  private static final Map<String, JsonNode> LONG =
      Map.of("s", TextNode.valueOf("x".repeat(3_000_000)), "r", TextNode.valueOf("(a+)+$"));

  private static Outcome evaluate(Duration limit, String code) {
    Problems problems = new Problems();
    Template template =
        Environment.builder()
            .variable("s", Environment.Type.STRING)
            .variable("r", Environment.Type.STRING)
            .build()
            .compile("${" + code + "}", Where.nowhere(), problems)
            .orElseThrow(() -> new AssertionError(problems.all().toString()));
    Supplier<Outcome> evaluation = () -> template.evaluate(LONG);
    return Effort.within(limit, evaluation);
  }

  private static String loop(String body) {
    String numbers = "[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20]";
    return "cel.bind(l, N, l.BODY(a, l.BODY(b, l.BODY(c, l.BODY(d, #)))))"
        .replace("N", numbers)
        .replace("BODY", "exists")
        .replace("#", body);
  }

  @Test
  void roundsThatAreLongAreEndedByTheTimeThatTheyTake() {
    for (String body :
        List.of(
            "s + 'a' == 'b' + s",
            "s.contains('xxxxxxxxy')",
            "(s + 'y') in [s]",
            "size(s) == 1",
            "bytes(s) == b'a'",
            "s.lowerAscii() == 'a'",
            "s.split('') == []",
            "s.replace('x', 'y') == ''",
            "s.matches('failed=[1-9]')",
            "matchesAny([s], 'failed=[1-9]')",
            "string(bytes(s)) > 'z'")) {
      assertThat(evaluate(Duration.ofMillis(20), loop(body)))
          .as(body)
          .isEqualTo(new Outcome.Error("costs too much: more than 10 s of computing"));
    }
  }

  @Test
  void aPatternThatIsGivenByACluster() {
    assertThat(evaluate(Duration.ofSeconds(60), "('a' + s).matches(r)"))
        .isEqualTo(new Outcome.Value(com.fasterxml.jackson.databind.node.BooleanNode.FALSE));
    assertThat(evaluate(Duration.ofSeconds(60), "s.matches('((x{1000}){1000}){1000}')"))
        .asString()
        .contains("not a regular expression: it is too large");
    assertThat(evaluate(Duration.ofSeconds(60), "s.matches('(x?){999}y')"))
        .asString()
        .contains("costs too much: a text of 3000000 characters is too long for its pattern");
  }

  @Test
  void whatIsWithinItsTimeIsNotTouched() {
    assertThat(evaluate(Duration.ofSeconds(60), "s.size() == 3000000 && ('a' + s) > s"))
        .isEqualTo(new Outcome.Value(com.fasterxml.jackson.databind.node.BooleanNode.FALSE));
  }
}
