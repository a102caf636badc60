package dev.muster.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
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
    began();
    ended(report.get("exitCode").asInt());
    return text.toString();
  }

  /** All but the last line, for those who go on. */
  String opening() {
    began();
    return text.toString();
  }

  /** The last line alone. */
  String closing() {
    ended(report.get("exitCode").asInt());
    return text.toString();
  }

  private void began() {
    ObjectNode began = event("Began");
    began.set("topology", report.get("topology"));
    began.set("at", report.get("at"));
    print(began);
    for (Part part : PARTS) {
      for (JsonNode each : report.path(part.list())) {
        print(line(part, each));
      }
    }
  }

  /** All that was found, without the clusters that were looked at. */
  static List<ObjectNode> findings(ObjectNode report) {
    List<ObjectNode> lines = new ArrayList<>();
    for (Part part : PARTS) {
      if (!part.list().equals("clusters") && !part.list().equals("unreachable")) {
        report.path(part.list()).forEach(each -> lines.add(line(part, each)));
      }
    }
    return lines;
  }

  private static ObjectNode line(Part part, JsonNode each) {
    ObjectNode event = event(part.event());
    if (each.isObject()) {
      event.setAll((ObjectNode) each);
    } else {
      event.set("text", each);
    }
    return event;
  }

  private void ended(int exitCode) {
    ObjectNode ended = event("Ended");
    ended.put("exitCode", exitCode);
    for (Part part : PARTS) {
      ended.put(part.list(), report.path(part.list()).size());
    }
    print(ended);
  }

  private static ObjectNode event(String name) {
    return JsonNodeFactory.instance.objectNode().put("event", name);
  }

  private void print(ObjectNode event) {
    text.append(event).append('\n');
  }
}
