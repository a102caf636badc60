package dev.muster.expression;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.problem.Problems;
import dev.muster.problem.Where;
import java.lang.management.ManagementFactory;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** What a list costs an expression that does not look into it. */
@Isolated("measures")
final class UnwalkedTest {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** Fails when another version of the library has no such class, so that somebody looks. */
  @Test
  void theLibraryHasAClassOfListsThatItDoesNotGoThrough() {
    assertThat(Unwalked.works()).isTrue();
  }

  @Test
  void lookingUpInALongListCostsNoMoreThanInAShortOne() {
    ObjectNode few = host(100);
    ObjectNode many = host(10_000);
    time(few, 200);
    time(many, 200);
    assertThat((double) time(many, 200) / time(few, 200)).isLessThan(10);
  }

  private static ObjectNode host(int objects) {
    ObjectNode host = JSON.objectNode();
    ArrayNode items = host.putObject("clusters").putArray("items");
    for (int i = 0; i < objects; i++) {
      ObjectNode object = items.addObject();
      object.putObject("metadata").put("name", "m" + i);
      object.putObject("status").put("uid", "uid-of-" + i);
    }
    return host;
  }

  private static long time(ObjectNode host, int times) {
    Template template =
        Environment.builder()
            .variable("host")
            .build()
            .compile(
                "${having(host.clusters.items, 'status.uid', 'uid-of-7')[0].metadata.name}",
                Where.nowhere(),
                new Problems())
            .orElseThrow();
    Map<String, JsonNode> variables = Map.of("host", host);
    var threads = ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadCpuTime();
    for (int i = 0; i < times; i++) {
      assertThat(template.evaluate(variables)).isEqualTo(new Outcome.Value(JSON.textNode("m7")));
    }
    return threads.getCurrentThreadCpuTime() - before;
  }
}
