package dev.muster.report;

import dev.muster.drift.DriftReport;
import dev.muster.drift.DriftedField;
import dev.muster.drift.Finding;
import dev.muster.drift.Movement;
import dev.muster.live.Failure;
import dev.muster.problem.Problem;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a watch sees, for people. */
public final class WatchText implements WatchRendering {
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final Clean clean;
  private final Style style;

  public WatchText(Clean clean, Style style) {
    this.clean = clean;
    this.style = style;
  }

  private DriftText words(Instant at) {
    return new DriftText(new DriftWords(clean, at), clean, style);
  }

  private String headline(Instant at, String text) {
    return style.faint(CLOCK.format(at)) + "  " + text;
  }

  @Override
  public String opening(DriftReport report) {
    long reached = report.clusters().size() - report.unreachable().size();
    return words(report.at()).render(report)
        + headline(
            report.at(),
            "watching " + DriftWords.count(reached, "cluster", "clusters") + "; Ctrl-C ends it")
        + "\n";
  }

  @Override
  public String moved(Instant at, List<Movement> movements) {
    Map<Movement.Kind, List<Finding>> byKind = new LinkedHashMap<>();
    movements.forEach(
        movement ->
            byKind
                .computeIfAbsent(movement.kind(), kind -> new ArrayList<>())
                .add(movement.finding()));
    List<String> lines = new ArrayList<>();
    byKind.forEach(
        (kind, findings) -> {
          lines.add(
              headline(
                  at,
                  switch (kind) {
                    case FOUND -> style.red("found");
                    case CHANGED -> style.yellow("changed");
                    case RESOLVED -> style.green("resolved");
                  }));
          lines.addAll(
              kind == Movement.Kind.RESOLVED ? resolved(findings) : standing(at, findings));
        });
    return String.join("\n", lines) + "\n";
  }

  private List<String> standing(Instant at, List<Finding> findings) {
    List<DriftedField> fields = new ArrayList<>();
    List<String> others = new ArrayList<>();
    for (Finding finding : findings) {
      if (finding instanceof Finding.Field field) {
        fields.add(field.field());
      } else {
        others.addAll(told(finding));
      }
    }
    List<String> lines = new ArrayList<>(words(at).fields(fields));
    lines.addAll(others);
    return lines;
  }

  private List<String> told(Finding finding) {
    if (finding instanceof Finding.RunningOut out) {
      return ExpiryText.lines(List.of(out.expiring()), clean, style);
    }
    if (finding instanceof Finding.Stranger stranger) {
      return List.of("unmanaged: " + clean.line(stranger.member().name()));
    }
    return finding instanceof Finding.ClosedGate gate
        ? List.of(style.yellow("not working") + ", step " + clean.line(gate.text()))
        : finding instanceof Finding.Uncompared problem
            ? List.of(style.red("not compared") + ": " + clean.line(problem.problem().message()))
            : List.of();
  }

  /** What is no more; empty for fields, which are told with their object. */
  private static String over(Finding finding) {
    if (finding instanceof Finding.ClosedGate gate) {
      return "works again, step " + gate.step();
    }
    if (finding instanceof Finding.RunningOut out) {
      return "renewed: " + out.expiring().cluster() + ", " + out.expiring().what();
    }
    if (finding instanceof Finding.Stranger stranger) {
      return "no longer unmanaged: " + stranger.member().name();
    }
    return finding instanceof Finding.Uncompared problem
        ? "no longer so: " + problem.problem().message()
        : "";
  }

  private List<String> resolved(List<Finding> findings) {
    List<String> lines = new ArrayList<>();
    String object = "";
    for (Finding finding : findings) {
      if (!(finding instanceof Finding.Field field)) {
        lines.add(clean.line(over(finding)));
        continue;
      }
      DriftedField drifted = field.field();
      String heading = drifted.ref() + " on " + drifted.cluster();
      if (!heading.equals(object)) {
        object = heading;
        lines.add(style.bold(clean.line(heading)));
      }
      lines.add(
          "    "
              + (drifted.objectGone()
                  ? "exists again"
                  : drifted.objectUnwanted()
                      ? "is gone"
                      : "as declared: " + clean.line(drifted.field().path())));
    }
    return lines;
  }

  @Override
  public String lost(Instant at, String cluster, Failure why) {
    return headline(at, style.yellow("unreachable") + ": " + cluster + ", ")
        + clean.line(why.message())
        + "\n";
  }

  @Override
  public String back(Instant at, String cluster) {
    return headline(at, style.green("reachable") + ": " + cluster + " answers again\n");
  }

  @Override
  public String troubled(Instant at, List<Problem> problems) {
    StringBuilder text = new StringBuilder();
    problems.forEach(
        problem ->
            text.append(headline(at, style.red("not looked at") + ": "))
                .append(clean.line(problem.message()))
                .append('\n'));
    return text.toString();
  }

  @Override
  public String reread(Instant at) {
    return headline(at, "the topology has changed; watching what it says now\n");
  }

  @Override
  public String closing(DriftReport report, int exitCode) {
    return headline(report.at(), "no longer watching; what stands:\n")
        + words(report.at()).render(report);
  }
}
