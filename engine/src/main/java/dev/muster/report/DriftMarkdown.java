package dev.muster.report;

import dev.muster.drift.ClusterReport;
import dev.muster.drift.DriftReport;
import dev.muster.drift.DriftedField;
import dev.muster.drift.DriftedField.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Drift as a comment of a forge: the counts first, each cluster folded away, never too long. */
final class DriftMarkdown {
  /** For the line that says what was left out, and the end of a section that was cut. */
  private static final int RESERVE = 400;

  /** A value longer than this is cut; the JSON has all of it. */
  private static final int VALUE = 300;

  private static final String CLOSE = "\n</details>\n";

  private final DriftOutcome outcome;
  private final DriftWords words;
  private final Clean clean;
  private final StringBuilder text = new StringBuilder();

  DriftMarkdown(DriftOutcome outcome, DriftWords words, Clean clean) {
    this.outcome = outcome;
    this.words = words;
    this.clean = clean;
  }

  String render() {
    DriftReport report = outcome.report();
    text.append("### muster drift: topology ").append(Markdown.code(report.topology()));
    text.append("\n\n**").append(verdict(report)).append("**\n");
    List<String> notes = notes(report);
    int leftNotes = 0;
    for (String note : notes) {
      if (fits(note)) {
        text.append(note);
      } else {
        leftNotes++;
      }
    }
    Map<String, Map<String, List<DriftedField>>> all = outcome.byCluster();
    int leftObjects = 0;
    for (ClusterReport cluster : report.clusters()) {
      leftObjects += section(cluster, all.getOrDefault(cluster.name(), Map.of()).values());
    }
    if (leftObjects + leftNotes > 0) {
      List<String> left = new ArrayList<>();
      if (leftObjects > 0) {
        left.add(DriftWords.count(leftObjects, "object", "objects"));
      }
      if (leftNotes > 0) {
        left.add(DriftWords.count(leftNotes, "remark", "remarks"));
      }
      text.append("\n_Left out, as a comment holds no more: ")
          .append(String.join(" and ", left))
          .append(". `muster drift` shows all of it, `--report html=FILE` as a page._\n");
    }
    return text.toString();
  }

  private String verdict(DriftReport report) {
    long drift = outcome.count(Kind.DRIFT);
    long pending = outcome.count(Kind.PENDING);
    List<String> parts = new ArrayList<>();
    if (drift + pending == 0) {
      parts.add("no drift");
    }
    if (drift > 0) {
      parts.add("drift: " + DriftWords.count(drift, "field", "fields"));
    }
    if (pending > 0) {
      parts.add("pending: " + DriftWords.count(pending, "field", "fields"));
    }
    if (!report.unreachable().isEmpty()) {
      parts.add("unreachable: " + report.unreachable().size());
    }
    if (!report.problems().isEmpty()) {
      parts.add("not compared: " + report.problems().size());
    }
    return String.join(", ", parts)
        + " in "
        + DriftWords.count(report.clusters().size(), "cluster", "clusters");
  }

  private List<String> notes(DriftReport report) {
    List<String> notes = new ArrayList<>();
    for (ClusterReport cluster : report.unreachable()) {
      notes.add(
          note(
              "unreachable: " + Markdown.name(cluster.name()),
              cluster.failure().orElseThrow().message()));
    }
    report.problems().forEach(problem -> notes.add(note("not compared", problem.message())));
    report.closedGates().forEach(closed -> notes.add(note("not working, step", closed)));
    ExpiryText.lines(report.expiring(), clean, Style.PLAIN).stream()
        .map(line -> note("", line))
        .forEach(notes::add);
    UnmanagedText.of(report.unmanaged(), clean).map(line -> note("", line)).ifPresent(notes::add);
    if (!notes.isEmpty()) {
      notes.add(0, "\n");
    }
    return notes;
  }

  private String note(String what, String detail) {
    return "- "
        + (what.isEmpty() ? "" : what + ": ")
        + Markdown.code(cut(words.line(detail)))
        + "\n";
  }

  /** Adds a cluster's objects while they fit; returns how many did not. */
  private int section(ClusterReport cluster, Collection<List<DriftedField>> objects) {
    if (objects.isEmpty()) {
      return 0;
    }
    int fields = objects.stream().mapToInt(List::size).sum();
    String head =
        "\n<details><summary>"
            + (cluster.host() ? "host " : "member ")
            + Markdown.name(cluster.name())
            + ": "
            + DriftWords.count(fields, "field", "fields")
            + " in "
            + DriftWords.count(objects.size(), "object", "objects")
            + "</summary>\n";
    boolean open = false;
    int left = 0;
    for (List<DriftedField> object : objects) {
      String part = object(object);
      if (left == 0 && fits((open ? "" : head) + part + CLOSE)) {
        text.append(open ? "" : head).append(part);
        open = true;
      } else {
        left++;
      }
    }
    if (open) {
      text.append(CLOSE);
    }
    return left;
  }

  private boolean fits(String part) {
    return text.length() + part.length() + RESERVE <= Markdown.LIMIT;
  }

  private String object(List<DriftedField> fields) {
    DriftedField first = fields.get(0);
    StringBuilder part = new StringBuilder("\n");
    part.append(Markdown.code(words.line(first.ref().toString())));
    DriftWords.whole(first).ifPresent(whole -> part.append(" **").append(whole).append("**"));
    part.append("\n\n| | Field | Declared | Live | By |\n|---|---|---|---|---|\n");
    for (DriftedField field : fields) {
      List<String> by = new ArrayList<>();
      words.by(field).map(Markdown::code).ifPresent(by::add);
      words.outlook(field).forEach(each -> by.add(Markdown.code(each)));
      part.append("| ")
          .append(DriftWords.kind(field))
          .append(" | ")
          .append(value(field.field().path()))
          .append(" | ")
          .append(value(words.declared(field)))
          .append(" | ")
          .append(value(words.live(field)))
          .append(" | ")
          .append(String.join("<br>", by))
          .append(" |\n");
    }
    return part.toString();
  }

  private String value(String value) {
    return Markdown.code(cut(words.line(value)));
  }

  private static String cut(String value) {
    if (value.length() <= VALUE) {
      return value;
    }
    int end = Character.isHighSurrogate(value.charAt(VALUE - 1)) ? VALUE - 1 : VALUE;
    return value.substring(0, end) + "...";
  }
}
