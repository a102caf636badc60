package dev.muster.report;

import dev.muster.changes.FieldView;
import dev.muster.drift.Author;
import dev.muster.drift.ClusterReport;
import dev.muster.drift.DriftReport;
import dev.muster.drift.DriftedField;
import dev.muster.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Drift for people. */
public final class DriftText {
  private final Clean clean;
  private final Style style;

  public DriftText(Clean clean, Style style) {
    this.clean = clean;
    this.style = style;
  }

  public String render(DriftReport report) {
    List<String> lines = new ArrayList<>();
    String object = "";
    for (DriftedField drifted : report.fields()) {
      String heading = drifted.ref() + " on " + drifted.cluster();
      if (!heading.equals(object)) {
        object = heading;
        String word =
            drifted.objectGone()
                ? " does not exist"
                : drifted.objectUnwanted() ? " is still there" : "";
        lines.add(style.bold(heading) + (word.isEmpty() ? "" : style.red(word)));
      }
      if (!drifted.objectGone() && !drifted.objectUnwanted()) {
        lines.add("    " + clean.line(drifted.field().path()));
        lines.add("        declared: " + declared(drifted.field()));
        lines.add("        live:     " + live(drifted.field()));
      }
      lines.addAll(why(drifted));
    }
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
      lines.add(String.join(", ", kinds) + "; muster apply puts it right");
    }
    return String.join("\n", lines) + "\n";
  }

  /** One line for each thing that is known beside the values; those of a whole object once. */
  private List<String> why(DriftedField drifted) {
    List<String> lines = new ArrayList<>();
    boolean whole = drifted.objectGone() || drifted.objectUnwanted();
    if (drifted.pending() && !whole) {
      lines.add("        pending:  the declaration has changed since it was last applied");
    }
    drifted
        .author()
        .ifPresent(
            author ->
                lines.add(
                    (whole ? "    by:       " : "        by:       ") + clean.line(by(author))));
    drifted.outlook().forEach(each -> lines.add("        outlook:  " + clean.line(each)));
    return lines;
  }

  private static String by(Author author) {
    return (author.likely() ? "probably " : "")
        + author.manager()
        + (author.subresource().isEmpty() ? "" : " (" + author.subresource() + ")")
        + author.time().map(time -> ", " + time + " or before").orElse("");
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

  private String declared(FieldView field) {
    if (field.released()) {
      return "no longer; muster apply "
          + (field.after().isEmpty() ? "removes it" : "gives back " + value(field.after(), field));
    }
    if (!field.knownAfter().isEmpty()) {
      return "known after " + String.join(", ", field.knownAfter());
    }
    if (field.generated()) {
      return "(generated, sensitive)";
    }
    return value(field.after(), field);
  }

  private String live(FieldView field) {
    return field.action().equals("add") ? "absent" : value(field.before(), field);
  }

  private String value(String json, FieldView field) {
    if (field.sensitive() && !json.equals(FieldView.EMPTY)) {
      return json.isEmpty() ? "(sensitive)" : "(sensitive, fingerprint " + json + ")";
    }
    return json.isEmpty() ? "absent" : clean.line(json);
  }
}
