package dev.muster.report;

import dev.muster.drift.ClusterReport;
import dev.muster.drift.DriftReport;
import dev.muster.drift.DriftedField;
import dev.muster.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Drift for people. */
final class DriftText {
  private static final int WIDTH = 80;

  private final DriftWords words;
  private final Clean clean;
  private final Style style;

  DriftText(DriftWords words, Clean clean, Style style) {
    this.words = words;
    this.clean = clean;
    this.style = style;
  }

  String render(DriftReport report) {
    List<String> lines = new ArrayList<>(fields(report.fields()));
    for (String closed : report.closedGates()) {
      lines.add(style.yellow("not working") + ", step " + clean.line(closed));
    }
    for (ClusterReport cluster : report.unreachable()) {
      lines.add(
          style.yellow("unreachable")
              + ": "
              + cluster.name()
              + ", "
              + clean.line(cluster.failure().orElseThrow().message()));
    }
    for (Problem problem : report.problems()) {
      lines.add(style.red("not compared") + ": " + clean.line(problem.message()));
    }
    lines.addAll(ExpiryText.lines(report.expiring(), clean, style));
    UnmanagedText.of(report.unmanaged(), clean).ifPresent(lines::add);
    if (report.fields().isEmpty() && !report.closedGates().isEmpty()) {
      lines.add("all is as declared, and yet not all of it works; muster why tells more");
    } else if (report.fields().isEmpty()) {
      lines.add(
          style.green("no drift")
              + (report.unreachable().isEmpty() ? "" : " in the clusters that could be reached"));
    } else {
      lines.add("");
      List<String> kinds = new ArrayList<>();
      count("drift", report.fields(DriftedField.Kind.DRIFT)).ifPresent(kinds::add);
      count("pending", report.fields(DriftedField.Kind.PENDING)).ifPresent(kinds::add);
      lines.addAll(wrapped("", String.join(", ", kinds) + "; muster apply puts it right"));
    }
    return String.join("\n", lines) + "\n";
  }

  /** Each object once, with its fields. */
  List<String> fields(List<DriftedField> fields) {
    List<Grouped.Text> texts = new ArrayList<>();
    for (List<DriftedField> object : objects(fields)) {
      String[] about = subject(object.get(0)).split("/", 2);
      String text = String.join("\n", object(object));
      texts.add(new Grouped.Text(about[0], about.length > 1 ? about[1] : "", text));
    }
    return Grouped.of(texts).stream().flatMap(group -> group.told().lines()).toList();
  }

  private static String heading(DriftedField drifted) {
    return drifted.ref() + " on " + drifted.cluster();
  }

  /**
   * The member, or the two clusters, that a field is about, wherever it lives; empty for what is
   * the host's own.
   */
  private static String subject(DriftedField drifted) {
    String step = drifted.step();
    int at = step.indexOf('[');
    return at < 0 ? "" : step.substring(at + 1, step.length() - 1);
  }

  /** Fields of one object that stand one after the other. */
  private static List<List<DriftedField>> objects(List<DriftedField> fields) {
    List<List<DriftedField>> objects = new ArrayList<>();
    String last = "";
    for (DriftedField drifted : fields) {
      if (objects.isEmpty() || !heading(drifted).equals(last)) {
        objects.add(new ArrayList<>());
      }
      last = heading(drifted);
      objects.get(objects.size() - 1).add(drifted);
    }
    return objects;
  }

  private List<String> object(List<DriftedField> fields) {
    List<String> lines = new ArrayList<>();
    for (DriftedField drifted : fields) {
      if (lines.isEmpty()) {
        lines.add(
            style.bold(clean.line(heading(drifted)))
                + DriftWords.whole(drifted).map(whole -> style.red(" " + whole)).orElse(""));
      }
      boolean first = lines.size() == 1;
      if (DriftWords.whole(drifted).isEmpty()) {
        String kind = DriftWords.kind(drifted);
        lines.add(
            "    "
                + (drifted.pending() ? style.yellow(kind) : style.red(kind))
                + " ".repeat(9 - kind.length())
                + clean.line(drifted.field().path()));
        lines.add("        declared: " + words.declared(drifted));
        lines.add("        live:     " + words.live(drifted));
      }
      if (first || DriftWords.whole(drifted).isEmpty()) {
        lines.addAll(why(drifted));
      }
    }
    return lines;
  }

  private List<String> why(DriftedField drifted) {
    List<String> lines = new ArrayList<>();
    words.by(drifted).ifPresent(by -> lines.addAll(wrapped("        by:       ", by)));
    words.outlook(drifted).forEach(each -> lines.addAll(wrapped("        outlook:  ", each)));
    return lines;
  }

  /** Sentences go on below; values and paths stay in one piece, to be copied. */
  private static List<String> wrapped(String label, String sentence) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder(label);
    boolean first = true;
    for (String word : sentence.split(" ", -1)) {
      if (!first && line.length() + 1 + word.length() > WIDTH) {
        lines.add(line.toString());
        line = new StringBuilder(" ".repeat(label.length()));
        first = true;
      }
      line.append(first ? "" : " ").append(word);
      first = false;
    }
    lines.add(line.toString());
    return lines;
  }

  private static Optional<String> count(String kind, List<DriftedField> fields) {
    long objects = fields.stream().map(f -> f.cluster() + f.ref()).distinct().count();
    return fields.isEmpty()
        ? Optional.empty()
        : Optional.of(
            kind
                + ": "
                + fields.size()
                + (fields.size() == 1 ? " field" : " fields")
                + " in "
                + objects
                + (objects == 1 ? " object" : " objects"));
  }
}
