package dev.muster.expression;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import dev.muster.problem.Problems;
import dev.muster.problem.Where;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TemplateTest {
  private static final Environment ENVIRONMENT =
      Environment.builder().variable("host").variable("member").variable("key").build();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0000',
      value = {
        "plain $${host} |",
        "${host.config.settings.token} | host.config.settings.token",
        "${host['config'].settings['a/b']} | host.config.settings.a/b",
        "${host.?config.?settings} | host.config.settings",
        "${host.?config[?'x']} | host.config.x",
        "${host.list[0].name} | host.list.name",
        "${host.list[host.n].name} | host.n host.list",
        "${host.config[member.name].x} | member.name host.config",
        "${has(host.config.x)} | host.config.x",
        "${host.pods.exists(p, p.name == member.name)} | host.pods member.name",
        "${host.pods.map(host, host.name)} | host.pods",
        "${cel.bind(c, host.config, c.x + member.y)} | host.config member.y",
        "${host.a}-${member.b}-${host.a} | host.a member.b",
        "${condition(member.cluster, 'Ready') ? host.x : {'k': [host.y]}} | member.cluster host.x host.y",
        "${host} | host",
        "${type(host.x) == string} | host.x",
      })
  void knowsWhatItReads(String text, String references) {
    assertThat(compile(text).references())
        .map(Reference::toString)
        .isEqualTo(references == null ? List.of() : List.of(references.split(" ", -1)));
  }

  @Test
  void isConstantWithoutAnExpression() {
    assertThat(compile("a $${b}").constant()).isTrue();
    assertThat(compile("a ${1}").constant()).isFalse();
    assertThat(compile("").evaluate(Map.of()))
        .isEqualTo(new Outcome.Value(com.fasterxml.jackson.databind.node.TextNode.valueOf("")));
  }

  @Test
  void splitsAConditionIntoItsTerms() {
    Template template =
        condition(
            "${ (host.a || has(host.b) ) && 'x && y' != \"||\" && (host.?c.orValue(1) > 0) }");

    assertThat(template.terms())
        .extracting(Term::source)
        .containsExactly(
            "(host.a || has(host.b) )", "'x && y' != \"||\"", "(host.?c.orValue(1) > 0)");
    assertThat(template.terms().get(0).terms())
        .extracting(Term::source)
        .containsExactly("host.a", "has(host.b)");
    assertThat(template.terms().get(1).evaluate(Map.of()))
        .isEqualTo(new Outcome.Value(BooleanNode.TRUE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "${host.a ? host.b && host.c : host.d}",
        "${host.a}",
        "${host.list.exists(x, x && host.b)}",
        "${(host.a ? host.b : host.c)}"
      })
  void hasNoTermsWithoutAnOutermostOperator(String text) {
    assertThat(condition(text).terms()).isEmpty();
  }

  @Test
  void takesTheOrBeforeTheAnd() {
    assertThat(condition("${host.a && host.b || host.c}").terms())
        .extracting(Term::source)
        .containsExactly("host.a && host.b", "host.c");
  }

  @Test
  void refusesAConditionThatGivesAnotherType() throws Exception {
    assertThat(condition("${host.a}").evaluate(Map.of("host", json("{\"a\":\"yes\"}"))))
        .isEqualTo(new Outcome.Error("a condition must give true or false, this gives a string"));
  }

  @Test
  void convertsOnlyWhatItReads() throws Exception {
    JsonNode host = json("{\"big\":[1,2,3],\"a\":{\"b\":7}}");
    Outcome outcome = compile("${host.a}").evaluate(Map.of("host", host));

    assertThat(((Outcome.Value) outcome).value()).isSameAs(host.get("a"));
  }

  @Test
  void evaluatesInSeveralThreadsAtOnce() throws Exception {
    Template template = compile("${host.list.map(x, x * host.factor)[1]}");
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<Outcome>> outcomes = new ArrayList<>();
      for (int i = 0; i < 400; i++) {
        JsonNode host = json("{\"list\":[1,2,3],\"factor\":" + i + "}");
        outcomes.add(threads.submit(() -> template.evaluate(Map.of("host", host))));
      }
      for (int i = 0; i < outcomes.size(); i++) {
        assertThat(outcomes.get(i).get()).isEqualTo(new Outcome.Value(IntNode.valueOf(2 * i)));
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void isCheapToEvaluateAgain() throws Exception {
    Template template = condition("${host.a.b == 1 && condition(host, 'Ready')}");
    Map<String, JsonNode> variables =
        Map.of(
            "host",
            json(
                "{\"a\":{\"b\":1},\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]}}"));
    long start = System.nanoTime();
    for (int i = 0; i < 10_000; i++) {
      template.evaluate(variables);
    }
    // Some 0.1 s here; the bound is for a machine that does much else.
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
  }

  private static Template compile(String text) {
    Problems problems = new Problems();
    return ENVIRONMENT
        .compile(text, Where.nowhere(), problems)
        .orElseThrow(() -> new AssertionError(problems.all().toString()));
  }

  private static Template condition(String text) {
    Problems problems = new Problems();
    return ENVIRONMENT
        .compileBoolean(text, Where.nowhere(), problems)
        .orElseThrow(() -> new AssertionError(problems.all().toString()));
  }

  private static JsonNode json(String text) throws Exception {
    return new ObjectMapper().readTree(text);
  }
}
