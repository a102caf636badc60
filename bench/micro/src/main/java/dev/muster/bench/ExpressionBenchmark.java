package dev.muster.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.expression.Environment;
import dev.muster.expression.Outcome;
import dev.muster.expression.Template;
import dev.muster.problem.Problems;
import dev.muster.problem.Where;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** An expression as plans have them, over a live object. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ExpressionBenchmark {
  private static final String READY =
      "${has(member.agent) && condition(member.agent, 'Available')"
          + " && member.agent.spec.template.spec.containers.exists(c, c.name == 'agent')}";

  private final Environment environment = Environment.builder().variable("member").build();
  private final Template ready = compiled(READY);
  private final Map<String, JsonNode> variables =
      Map.of("member", member(Fixture.json("live-deployment.json")));
  private int number;

  /** Evaluates one that is compiled, which a plan does for each member. */
  @Benchmark
  public Outcome evaluate() {
    return ready.evaluate(variables);
  }

  /** Compiles one that was not met before, which a plan does once for each of its expressions. */
  @Benchmark
  public Template compile() {
    return compiled("${member.agent.metadata.name == 'agent-" + number++ + "'}");
  }

  private Template compiled(String text) {
    Problems problems = new Problems();
    return environment
        .compile(text, Where.nowhere(), problems)
        .orElseThrow(() -> new IllegalStateException(problems.all().toString()));
  }

  private static JsonNode member(JsonNode agent) {
    ObjectNode member = JsonNodeFactory.instance.objectNode();
    member.set("agent", agent);
    return member;
  }
}
