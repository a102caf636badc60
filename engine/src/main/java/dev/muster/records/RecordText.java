package dev.muster.records;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.history.GitHistory;
import dev.muster.history.RunEntry;
import dev.muster.report.Clean;
import dev.muster.report.Style;
import dev.muster.report.Table;
import dev.muster.resource.Redactor;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Records for people, in 80 columns where the words let it. */
public final class RecordText {
  private static final int WIDTH = 80;
  private static final int NAME = 16;
  private static final int COMMIT = 7;
  static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm").withZone(ZoneOffset.UTC);

  private final Style style;
  private final Clean clean;

  public RecordText(Style style, Clean clean) {
    this.style = style;
    this.clean = clean;
  }

  // --- history

  /** One line for each run; the id tells when it began. */
  public String table(List<RunEntry> runs) {
    List<List<String>> rows = new ArrayList<>();
    int id = runs.stream().mapToInt(run -> run.runId().length()).max().orElse(0);
    int room = WIDTH - Math.max(id, 3) - NAME - COMMIT - 1 - 6;
    for (RunEntry run : runs) {
      String what =
          run.summary().replaceFirst("^[^:]*: ", "").replaceFirst("^(rollback) to [^:]*", "$1");
      rows.add(
          List.of(
              run.runId(),
              shortened(name(run), NAME),
              from(run),
              shortened(run.open() ? "open: " + what : what, Math.max(room, 20))));
    }
    return Table.of(List.of("RUN (UTC)", "BY", "FROM", "WHAT"), rows);
  }

  static String name(RunEntry run) {
    return run.author().replaceAll("\\s*<.*>", "");
  }

  /** The beginning of the topology's commit; with a star where the file was not as committed. */
  private static String from(RunEntry run) {
    String commit = run.trailers().getOrDefault("Topology-Commit", "none");
    if (!commit.matches("[0-9a-f]{40}.*")) {
      return "-";
    }
    return commit.substring(0, COMMIT) + (commit.contains("dirty") ? "*" : "");
  }

  static String shortened(String text, int width) {
    return text.length() <= width ? text : text.substring(0, width - 3) + "...";
  }

  // --- show

  /** What a run was to do and did. */
  public String show(GitHistory history, RunDetails details) {
    return new ShowText(style, clean).of(history, details);
  }

  static String origin(GitHistory history, RunEntry run) {
    String said = run.trailers().getOrDefault("Topology-Commit", "none");
    String commit = said.replaceAll("[^0-9a-f].*", "");
    if (commit.length() != 40) {
      return "a file that no commit had";
    }
    String how = said.contains("dirty") ? ", changed since" + said.replaceAll(".*dirty", "") : "";
    how = how.replaceAll("[()]", "").replaceAll("since:", "since:");
    String known =
        history
            .origin(commit)
            .map(
                o ->
                    " \""
                        + shortened(o.summary(), 40)
                        + "\" by "
                        + o.author().replaceAll("\\s*<.*>", ""))
            .orElse("");
    return "commit " + commit.substring(0, 10) + known + how;
  }

  // --- blame

  /** One field with all that runs did to it, newest first. */
  public String blame(GitHistory history, Blame.History field) {
    StringBuilder text = new StringBuilder();
    text.append(style.bold(field.field().toString())).append(": ");
    text.append(field.now().map(this::shown).orElse("not declared any more")).append('\n');
    if (field.events().isEmpty()) {
      text.append("no record says where it comes from\n");
    }
    Optional<Event> origin = field.origin();
    for (Event event : field.events()) {
      RunEntry run = event.run();
      text.append('\n');
      text.append(origin.filter(event::equals).isPresent() ? style.bold(run.runId()) : run.runId());
      text.append("  ").append(MINUTE.format(run.time())).append(" UTC  ").append(name(run));
      text.append('\n').append("    ").append(what(event)).append('\n');
      text.append("    topology: ").append(clean.line(origin(history, run))).append('\n');
    }
    return text.toString();
  }

  private String what(Event event) {
    String before = told(event, event.before());
    String after = told(event, event.after());
    String did =
        switch (event.action()) {
          case "found" -> "found as declared: " + after;
          case "add" -> "set to " + after;
          case "remove" -> "removed, it was " + before;
          default -> "changed from " + before + " to " + after;
        };
    if (event.step().isEmpty()) {
      return did + (event.field().ofTopology() ? " in the topology" : "");
    }
    String step = "step " + event.step();
    String ended = event.outcome().isEmpty() ? "how it ended is not known" : event.outcome();
    return switch (event.certainty()) {
      case WRITTEN -> did + " (" + step + (event.clean() ? "" : ", " + style.red(ended)) + ")";
      case MAYBE -> style.yellow("perhaps ") + did + " (" + step + ", " + style.red(ended) + ")";
      case NOT -> style.yellow("not done: ") + did + " (" + step + ", " + ended + ")";
    };
  }

  private String told(Event event, String json) {
    return event.sensitive() && !json.equals("\"\"") || json.isEmpty()
        ? Redactor.MASK
        : shortened(clean.line(json), 200);
  }

  private String shown(JsonNode value) {
    return Archive.masked(value) && value.asText().equals(Redactor.MASK)
        ? Redactor.MASK
        : shortened(clean.line(value.toString()), 200);
  }

  /** All fields of a cluster or an object, each with the run that set it. */
  public String blame(List<Blame.History> fields) {
    StringBuilder text = new StringBuilder();
    String heading = "";
    int id = 0;
    for (Blame.History field : fields) {
      id = Math.max(id, field.origin().map(o -> o.run().runId().length()).orElse(1));
    }
    for (Blame.History field : fields) {
      String object = field.field().cluster() + ":" + field.field().object();
      if (!object.equals(heading)) {
        text.append(heading.isEmpty() ? "" : "\n").append(style.bold(object)).append('\n');
        heading = object;
      }
      Optional<Event> origin = field.origin();
      String run = origin.map(o -> o.run().runId()).orElse("-");
      String by = origin.map(o -> shortened(name(o.run()), 12)).orElse("");
      String value = field.now().map(this::shown).orElse("");
      String start = "  " + run + " ".repeat(id - run.length()) + "  " + String.format("%-12s", by);
      text.append(start).append("  ").append(field.field().path()).append(": ");
      text.append(shortened(value, Math.max(20, WIDTH - start.length()))).append('\n');
      field.events().stream()
          .takeWhile(event -> origin.isEmpty() || !event.equals(origin.get()))
          .findFirst()
          .ifPresent(
              event ->
                  text.append("      ")
                      .append(event.run().runId())
                      .append(": ")
                      .append(what(event))
                      .append('\n'));
    }
    return text.toString();
  }

  // --- diff

  public String difference(Difference difference, String other) {
    StringBuilder text = new StringBuilder();
    if (difference.none()) {
      return "no difference between run " + difference.before().runId() + " and " + other + "\n";
    }
    if (!difference.topology().isEmpty()) {
      difference.topology().lines().forEach(line -> text.append(unified(line)).append('\n'));
    }
    if (!difference.plan().isEmpty()) {
      long lines = difference.plan().lines().skip(2).filter(l -> l.matches("[+-].*")).count();
      text.append("the plan differs in ").append(lines).append(" lines (-o json has them)\n");
    }
    String heading = "";
    for (Difference.Field field : difference.fields()) {
      String object = field.name().cluster() + ":" + field.name().object();
      if (!object.equals(heading)) {
        text.append(text.isEmpty() ? "" : "\n").append(style.bold(object)).append('\n');
        heading = object;
      }
      text.append("  ").append(field(field)).append('\n');
    }
    return text.toString();
  }

  private String field(Difference.Field field) {
    String path = field.name().path().toString();
    if (field.before().isEmpty()) {
      return style.green("+") + " " + path + ": " + field.after().map(this::shown).orElse("");
    }
    if (field.after().isEmpty()) {
      return style.red("-") + " " + path + ": " + field.before().map(this::shown).orElse("");
    }
    return style.yellow("~")
        + " "
        + path
        + ": "
        + shown(field.before().get())
        + " -> "
        + shown(field.after().get());
  }

  private String unified(String line) {
    String shown = clean.lines(line).stripTrailing();
    return line.startsWith("+")
        ? style.green(shown)
        : line.startsWith("-") ? style.red(shown) : shown;
  }
}
