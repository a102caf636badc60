package dev.muster.gate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;

/** What the expressions of a gate see as {@code step}: what a run has done in the gate's step. */
public final class StepVariable {
  private StepVariable() {}

  /** Nobody has written anything: as plan looks at a gate, which has no {@code step.started}. */
  public static Map<String, JsonNode> untouched() {
    ObjectNode step = JsonNodeFactory.instance.objectNode().put("changed", false);
    step.putArray("wrote");
    return Map.of("step", step);
  }

  /**
   * @param wrote names of the objects that the run wrote in the step
   * @param since the cluster's own time of the first of these writes, or of the step's beginning
   */
  public static Map<String, JsonNode> of(Collection<String> wrote, Instant since) {
    ObjectNode step = JsonNodeFactory.instance.objectNode().put("changed", !wrote.isEmpty());
    wrote.forEach(step.put("started", since.toString()).putArray("wrote")::add);
    return Map.of("step", step);
  }
}
