package dev.muster.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.diff.ObjectDiff;
import dev.muster.diff.Overlay;
import dev.muster.resource.Declared;
import dev.muster.resource.FieldRules;
import dev.muster.resource.ObjectRef;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A declared Deployment against the live one, with its defaults, status and managedFields. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class DiffBenchmark {
  private final ObjectRef ref = ObjectRef.of("apps/v1", "Deployment", "fleet", "agent");
  private final FieldRules rules =
      new FieldRules(
          Map.of(
              "spec.template.spec.containers", "name",
              "spec.template.spec.containers.env", "name",
              "spec.template.spec.containers.ports", "containerPort,protocol"),
          List.of(),
          Map.of());
  private final JsonNode live = Fixture.json("live-deployment.json");
  private final Declared.Fields same = declaration(live, false);
  private final Declared.Fields other = declaration(live, true);

  /** Nothing to change, which is what nearly all comparisons find. */
  @Benchmark
  public ObjectDiff same() {
    return Overlay.compare(ref, live, same, rules);
  }

  /** Another image and another argument, and the patch that sets them. */
  @Benchmark
  public JsonNode patch() {
    return Overlay.compare(ref, live, other, rules).patch();
  }

  private static Declared.Fields declaration(JsonNode live, boolean changed) {
    ObjectNode wanted = live.deepCopy();
    wanted.retain("spec");
    ((ObjectNode) wanted.get("spec")).retain("replicas", "selector", "template");
    ObjectNode container = (ObjectNode) wanted.at("/spec/template/spec/containers/0");
    container.retain("name", "image", "args", "env", "ports", "resources");
    if (changed) {
      container.put("image", "agent:2");
      container.withArray("args").add("--verbose");
    }
    return (Declared.Fields) declared(wanted);
  }

  private static Declared declared(JsonNode tree) {
    if (tree.isObject()) {
      Map<String, Declared> entries = new LinkedHashMap<>();
      tree.properties().forEach(entry -> entries.put(entry.getKey(), declared(entry.getValue())));
      return new Declared.Fields(entries);
    }
    if (tree.isArray()) {
      List<Declared> elements = new ArrayList<>();
      tree.forEach(element -> elements.add(declared(element)));
      return new Declared.Items(elements);
    }
    return new Declared.Known(tree, false);
  }
}
