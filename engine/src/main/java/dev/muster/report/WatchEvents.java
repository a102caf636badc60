package dev.muster.report;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.drift.DriftReport;
import dev.muster.drift.Movement;
import dev.muster.live.Failure;
import dev.muster.problem.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** What a watch sees as one JSON object for each line: those of drift, then what has moved. */
public final class WatchEvents implements WatchRendering {
  private final Clean clean;

  public WatchEvents(Clean clean) {
    this.clean = clean;
  }

  @Override
  public String opening(DriftReport report) {
    return new DriftEvents(tree(report, 0)).opening() + line("Watching", report.at());
  }

  private ObjectNode tree(DriftReport report, int exitCode) {
    return new DriftJson(clean).tree(report, exitCode);
  }

  @Override
  public String moved(Instant at, List<Movement> movements) {
    StringBuilder text = new StringBuilder();
    for (Movement movement : movements) {
      String kind = movement.kind().name();
      String name = kind.charAt(0) + kind.substring(1).toLowerCase(Locale.ROOT);
      for (ObjectNode what :
          DriftEvents.findings(tree(Findings.report(movement.finding(), at), 0))) {
        ObjectNode event = event(name, at);
        event.set("what", what);
        text.append(event).append('\n');
      }
    }
    return text.toString();
  }

  @Override
  public String lost(Instant at, String cluster, Failure why) {
    return event("Lost", at).put("cluster", cluster).put("why", clean.line(why.message())) + "\n";
  }

  @Override
  public String back(Instant at, String cluster) {
    return event("Back", at).put("cluster", cluster) + "\n";
  }

  @Override
  public String troubled(Instant at, List<Problem> problems) {
    StringBuilder text = new StringBuilder();
    for (Problem problem : problems) {
      text.append(event("Troubled", at).put("text", clean.line(problem.message()))).append('\n');
    }
    return text.toString();
  }

  @Override
  public String reread(Instant at) {
    return line("Reread", at);
  }

  @Override
  public String closing(DriftReport report, int exitCode) {
    return new DriftEvents(tree(report, exitCode)).closing();
  }

  private static String line(String name, Instant at) {
    return event(name, at) + "\n";
  }

  private static ObjectNode event(String name, Instant at) {
    return JsonNodeFactory.instance.objectNode().put("event", name).put("at", at.toString());
  }
}
