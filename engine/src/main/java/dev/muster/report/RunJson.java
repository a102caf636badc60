package dev.muster.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.apply.RunEvent;
import dev.muster.apply.RunListener;
import dev.muster.resource.ObjectRef;
import java.io.PrintWriter;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** One compact JSON line for each event of a run. */
public final class RunJson implements RunListener {
  private final PrintWriter out;
  private final Clean clean;

  public RunJson(PrintWriter out, Clean clean) {
    this.out = out;
    this.clean = clean;
  }

  @Override
  public synchronized void on(RunEvent event) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("time", Instant.now().toString());
    node.put("event", event.getClass().getSimpleName());
    fields(node, (Record) event);
    out.println(node);
    out.flush();
  }

  private void fields(ObjectNode node, Record value) {
    for (RecordComponent component : value.getClass().getRecordComponents()) {
      try {
        put(node, component.getName(), component.getAccessor().invoke(value));
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private void put(ObjectNode node, String name, Object value) {
    if (value instanceof Integer number) {
      node.put(name, number);
    } else if (value instanceof Duration duration) {
      node.put(name + "Seconds", duration.toMillis() / 1000.0);
    } else if (value instanceof ObjectRef ref) {
      node.set(name, PlanJson.ref(ref));
    } else if (value instanceof List<?> list) {
      ArrayNode array = node.putArray(name);
      list.forEach(element -> array.add(clean.line(String.valueOf(element))));
    } else if (value instanceof dev.muster.apply.StepOutcome outcome) {
      ObjectNode nested = node.putObject(name);
      nested.put("result", outcome.word());
      fields(nested, (Record) outcome);
    } else if (value instanceof Record record) {
      fields(node.putObject(name), record);
    } else {
      node.put(name, clean.line(String.valueOf(value)));
    }
  }
}
