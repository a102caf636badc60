package dev.muster.records;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.muster.history.GitHistory;
import dev.muster.history.RunEntry;
import dev.muster.report.Clean;
import dev.muster.report.Grouped;
import dev.muster.report.Names;
import dev.muster.report.Style;
import dev.muster.resource.Redactor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What one run was to do and did; what is the same of many members is told once. */
final class ShowText {
  private final Style style;
  private final Clean clean;

  ShowText(Style style, Clean clean) {
    this.style = style;
    this.clean = clean;
  }

  /** What a run was to do and did. */
  String of(GitHistory history, RunDetails details) {
    RunEntry run = details.run();
    StringBuilder text = new StringBuilder();
    text.append(style.bold("run " + run.runId())).append(": ").append(run.summary()).append('\n');
    line(text, "by", run.author());
    String took =
        details.result().has("seconds")
            ? ", after " + details.result().path("seconds").asText() + "s"
            : "";
    line(
        text, run.open() ? "began" : "ended", RecordText.MINUTE.format(run.time()) + " UTC" + took);
    line(text, "from", RecordText.origin(history, run));
    line(text, "plan", run.trailers().getOrDefault("Plan", "?"));
    trailer(text, run, "Plan-Source", "source");
    trailer(text, run, "Plan-Digest", "digest");
    trailer(text, run, "Rotation", "rotation");
    trailer(text, run, "Rollback", "rollback");
    line(
        text,
        "record",
        "commit " + run.commit().substring(0, 10) + (run.signed() ? ", signed" : ""));
    trailer(text, run, "Unsigned", "unsigned");
    if (run.open()) {
      text.append(
          "\nIt has not ended: it is at work (`muster lock` tells), or was interrupted; then the\n"
              + "next apply closes its record.\n");
    }
    steps(text, details);
    left(text, details);
    return text.toString();
  }

  private void trailer(StringBuilder text, RunEntry run, String key, String word) {
    String value = run.trailers().get(key);
    if (value != null) {
      line(text, word, value);
    }
  }

  private void line(StringBuilder text, String word, String value) {
    text.append(String.format("  %-9s", word)).append(clean.line(value)).append('\n');
  }

  private void steps(StringBuilder text, RunDetails details) {
    Map<String, JsonNode> results = details.results();
    List<Grouped.Text> told = new ArrayList<>();
    for (JsonNode step : details.changeSet().path("steps")) {
      JsonNode result = results.getOrDefault(step.path("id").asText(), MissingNode.getInstance());
      String said = step(step, result);
      if (!said.isEmpty()) {
        String peer = step.path("peer").asText();
        String about =
            step.path(peer.isEmpty() || step.has("member") ? "member" : "cluster").asText();
        told.add(new Grouped.Text(about, peer, said));
      }
    }
    Grouped.of(told).forEach(group -> text.append('\n').append(group.told()));
  }

  private String step(JsonNode step, JsonNode result) {
    String outcome = result.path("result").asText();
    boolean run = step.path("decision").asText().equals("run");
    if (!run && outcome.isEmpty()
        || outcome.equals("unchanged") && step.path("decision").asText().equals("done")) {
      return "";
    }
    StringBuilder text = new StringBuilder();
    text.append(style.bold("step " + step.path("id").asText()));
    text.append(" on ").append(step.path("cluster").asText()).append(": ");
    text.append(painted(outcome.isEmpty() ? "not known" : outcome)).append('\n');
    String said = result.path("detail").asText();
    if (!said.matches("|[0-9]+ changes?")) {
      text.append("    ").append(clean.line(said)).append('\n');
    }
    if (run) {
      step.path("changes").forEach(change -> change(text, change));
    }
    return text.toString();
  }

  private String painted(String outcome) {
    return switch (outcome) {
      case "applied", "unchanged" -> style.green(outcome);
      case "failed", "gate failed", "timed out", "refused", "interrupted", "stale" ->
          style.red(outcome);
      default -> style.yellow(outcome);
    };
  }

  private void change(StringBuilder text, JsonNode change) {
    String action = change.path("action").asText();
    if (action.equals("unchanged")) {
      return;
    }
    if (action.equals("pending")) {
      action = created(change) ? "create" : "patch"; // by now it is what it was waiting to be
    }
    String glyph = action.equals("create") ? "+" : action.equals("delete") ? "-" : "~";
    text.append("  ").append(glyph).append(' ').append(action).append(' ');
    text.append(RunDetails.object(change.path("ref"))).append('\n');
    if (action.equals("delete")) {
      return;
    }
    for (JsonNode field : change.path("fields")) {
      String how = field.path("action").asText();
      String before = value(field, "before");
      String after = value(field, "after");
      text.append("        ");
      text.append(how.equals("add") ? "+ " : how.equals("remove") ? "- " : "~ ");
      text.append(field.path("path").asText()).append(": ");
      text.append(
          how.equals("add") ? after : how.equals("remove") ? before : before + " -> " + after);
      text.append('\n');
    }
  }

  private static boolean created(JsonNode change) {
    for (JsonNode field : change.path("fields")) {
      if (!field.path("action").asText().equals("add")) {
        return false;
      }
    }
    return true;
  }

  private String value(JsonNode field, String which) {
    if (field.has(which)) {
      return RecordText.shortened(clean.line(field.path(which).toString()), 200);
    }
    if (which.equals("after") && field.has("knownAfter")) {
      List<String> steps = new ArrayList<>();
      field.path("knownAfter").forEach(step -> steps.add(step.asText()));
      return "known after "
          + String.join(", ", steps)
          + (field.path("sensitive").asBoolean() ? " " + Redactor.MASK : "");
    }
    return field.path("generated").asBoolean()
        ? clean.line(field.path("issued").asText("generated when written")) + " " + Redactor.MASK
        : Redactor.MASK;
  }

  private void left(StringBuilder text, RunDetails details) {
    Map<String, List<String>> deferred = new LinkedHashMap<>();
    for (JsonNode cluster : details.changeSet().path("clusters")) {
      if (cluster.path("state").asText().equals("deferred")) {
        deferred
            .computeIfAbsent(
                clean.line(cluster.at("/failure/message").asText()), why -> new ArrayList<>())
            .add(cluster.path("name").asText());
      }
    }
    String alone = details.run().trailers().get("Left-Alone");
    if (!deferred.isEmpty() || alone != null) {
      text.append('\n');
    }
    deferred.forEach(
        (why, names) ->
            text.append(Names.listed("deferred:", names)).append(" (").append(why).append(")\n"));
    if (alone != null) {
      text.append(Names.listed("left alone:", List.of(alone.split(", *")))).append('\n');
    }
  }
}
