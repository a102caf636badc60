package dev.muster.diff;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.Growth;
import dev.muster.resource.Declared;
import dev.muster.resource.FieldRules;
import dev.muster.resource.ObjectRef;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;

/** What the comparison of one object costs as its fields become many: up to 100,000. */
@Isolated("measures")
@Timeout(300)
final class FieldsGrowthTest {
  private static final ObjectRef REF = ObjectRef.of("example.dev/v1", "Thing", "ns", "x");
  private static final FieldRules BY_NAME =
      new FieldRules(Map.of("spec.list", "name"), List.of(), Map.of());

  @Test
  void fieldsThatAreAsDeclared() {
    linear("fields that are as declared", n -> compared(map(n, 1), map(n, 1), 0));
  }

  @Test
  void fieldsToReplace() {
    linear("fields to replace", n -> compared(map(n, 1), map(n, 2), n));
  }

  @Test
  void fieldsOfANewObject() {
    linear(
        "fields of a new object",
        n -> {
          Declared.Fields wanted = fields(map(n, 1));
          return () -> assertThat(Overlay.create(REF, wanted, BY_NAME).fields()).hasSize(n);
        });
  }

  @Test
  void elementsOfAListThatMergesByAKey() {
    linear("elements found by a key", n -> compared(list(n, 1), list(n, 2), n));
  }

  private static void linear(String what, Growth.Work work) {
    Growth.isLinear(what + ", by ten", size -> work.of(10 * size));
  }

  private static Runnable compared(ObjectNode before, ObjectNode after, int changed) {
    Declared.Fields wanted = fields(after);
    return () -> {
      ObjectDiff diff = Overlay.compare(REF, before, wanted, BY_NAME);
      assertThat(diff.fields()).hasSize(changed);
      assertThat(diff.patch().size()).isGreaterThanOrEqualTo(changed);
    };
  }

  private static ObjectNode map(int size, int value) {
    ObjectNode map = JsonNodeFactory.instance.objectNode();
    for (int i = 0; i < size; i++) {
      map.withObject("/part-" + i % 100).put("field-" + i, value);
    }
    return thing("map", map);
  }

  private static ObjectNode list(int size, int value) {
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    for (int i = 0; i < size; i++) {
      list.addObject().put("name", "n-" + i).put("value", value);
    }
    return thing("list", list);
  }

  private static ObjectNode thing(String key, JsonNode value) {
    ObjectNode thing = JsonNodeFactory.instance.objectNode();
    thing.putObject("metadata").put("uid", "u");
    thing.putObject("spec").set(key, value);
    return thing;
  }

  private static Declared.Fields fields(ObjectNode thing) {
    Map<String, Declared> entries = new LinkedHashMap<>();
    entries.put("spec", RandomTrees.declaration(thing.get("spec")));
    return new Declared.Fields(entries);
  }
}
