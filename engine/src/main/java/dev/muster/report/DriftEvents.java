package dev.muster.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Drift as one JSON object for each line: first the run, then what was found, then the counts. */
final class DriftEvents {
  private record Part(String list, String event) {}

  private static final List<Part> PARTS =
      List.of(
          new Part("clusters", "Cluster"),
          new Part("fields", "Field"),
          new Part("closedGates", "ClosedGate"),
          new Part("unreachable", "Unreachable"),
          new Part("problems", "Problem"),
          new Part("expiring", "Expiring"),
          new Part("unmanaged", "Unmanaged"));

  private final ObjectNode report;
  private final StringBuilder text = new StringBuilder();

  /**
   * @param report as {@link DriftJson} makes it, cleaned
   */
  DriftEvents(ObjectNode report) {
    this.report = report;
  }

  String render() {
    ObjectNode began = event("Began");
    began.set("topology", report.get("topology"));
    began.set("at", report.get("at"));
    print(began);
    for (Part part : PARTS) {
      for (JsonNode each : report.path(part.list())) {
        ObjectNode event = event(part.event());
        if (each.isObject()) {
          event.setAll((ObjectNode) each);
        } else {
          event.set("text", each);
        }
        print(event);
      }
    }
    ObjectNode ended = event("Ended");
    ended.set("exitCode", report.get("exitCode"));
    for (Part part : PARTS) {
      ended.put(part.list(), report.path(part.list()).size());
    }
    print(ended);
    return text.toString();
  }

  private static ObjectNode event(String name) {
    return JsonNodeFactory.instance.objectNode().put("event", name);
  }

  private void print(ObjectNode event) {
    text.append(event).append('\n');
  }
}
