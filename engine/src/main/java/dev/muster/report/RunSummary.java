package dev.muster.report;

import dev.muster.apply.RunReport;
import dev.muster.apply.StepOutcome;
import dev.muster.topology.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** How a run ended, for people: a table of its steps, and sentences about the whole. */
final class RunSummary {
  /** So many unchanged steps are counted instead of listed. */
  private static final int MANY = 30;

  /** Between what of a row has to be the same for it to be told once of many members. */
  private static final String BETWEEN = "\n";

  private final Clean clean;
  private final Style style;
  private final boolean rehearsal;
  private final StringBuilder text = new StringBuilder();

  RunSummary(Clean clean, Style style, boolean rehearsal) {
    this.clean = clean;
    this.style = style;
    this.rehearsal = rehearsal;
  }

  String of(RunReport report) {
    line("");
    table(report);
    line("");
    ending(report);
    return text.toString();
  }

  // --- the table

  /**
   * A row.
   *
   * @param step with the place of a name in it where several are meant
   * @param outcome one of theirs
   * @param names below the row; empty for a row of its own
   */
  private record Row(String step, StepOutcome outcome, String detail, String took, String names) {}

  private void table(RunReport report) {
    Map<String, StepOutcome> outcomes = report.outcomes();
    long still = report.count(StepOutcome.Unchanged.class::isInstance);
    List<Grouped.Text> told = new ArrayList<>();
    outcomes.forEach(
        (step, outcome) -> {
          if (!isLeftOut(outcome, still > MANY)) {
            String[] about = about(step).split("/", 2);
            String row = step + BETWEEN + outcome.word() + BETWEEN + detail(outcome);
            told.add(new Grouped.Text(about[0], about.length > 1 ? about[1] : "", row));
          }
        });
    List<Row> rows = Grouped.of(told).stream().map(group -> row(group, outcomes)).toList();
    int width = rows.stream().mapToInt(row -> row.step().length()).max().orElse(4);
    for (Row row : rows) {
      String detail = RunText.shorten(row.detail());
      String words =
          Stream.of(detail, row.took())
              .filter(w -> !w.isEmpty())
              .reduce("", (a, b) -> a.isEmpty() ? b : a + ", " + b);
      line(
          "  "
              + pad(row.step(), width)
              + "  "
              + paint(row.outcome())
              + pad("", 12 - row.outcome().word().length())
              + words);
      if (!row.names().isEmpty()) {
        line(row.names());
      }
    }
    if (still > MANY) {
      line("  and " + still + " steps unchanged");
    }
  }

  private Row row(Grouped.Group group, Map<String, StepOutcome> outcomes) {
    String[] parts = group.text().split(BETWEEN, 3);
    List<StepOutcome> theirs =
        group.texts().stream()
            .flatMap(text -> Stream.ofNullable(outcomes.get(text.text().split(BETWEEN, 2)[0])))
            .toList();
    return new Row(parts[0], theirs.get(0), parts[2], took(theirs), group.names());
  }

  /** The member in a step's id, or the two clusters; empty for a step of the host. */
  private static String about(String step) {
    int at = step.indexOf('[');
    return at < 0 ? "" : step.substring(at + 1, step.length() - 1);
  }

  private static boolean isLeftOut(StepOutcome outcome, boolean many) {
    return outcome instanceof StepOutcome.NotNeeded
        || many && outcome instanceof StepOutcome.Unchanged;
  }

  private String detail(StepOutcome outcome) {
    return clean.line(outcome.detail());
  }

  /** The time of a step, or from the shortest to the longest of several; empty for next to none. */
  private static String took(List<StepOutcome> outcomes) {
    Duration least =
        outcomes.stream().map(StepOutcome::took).min(Duration::compareTo).orElseThrow();
    Duration most = outcomes.stream().map(StepOutcome::took).max(Duration::compareTo).orElseThrow();
    if (most.toMillis() < 100) {
      return "";
    }
    String longest = Durations.text(most);
    String shortest = Durations.text(least);
    return shortest.equals(longest) ? longest : shortest + " to " + longest;
  }

  private String paint(StepOutcome outcome) {
    if (outcome.done()) {
      boolean would = rehearsal && outcome instanceof StepOutcome.Applied;
      return style.green(would ? "would apply" : outcome.word());
    }
    boolean mild =
        outcome instanceof StepOutcome.Deferred
            || outcome instanceof StepOutcome.LeftAlone
            || outcome instanceof StepOutcome.Pending;
    return mild ? style.yellow(outcome.word()) : style.red(outcome.word());
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }

  // --- the sentences

  private void ending(RunReport report) {
    long done = report.count(o -> o.done() && !(o instanceof StepOutcome.NotNeeded));
    List<String> left = report.stepsThat(outcome -> !outcome.done());
    String changes = report.changes() + (report.changes() == 1 ? " change" : " changes");
    if (rehearsal) {
      line(
          "dry run: "
              + changes
              + " would be made"
              + (left.isEmpty()
                  ? ""
                  : ", "
                      + left.size()
                      + (left.size() == 1 ? " step waits" : " steps wait")
                      + " for what only a real run brings forth")
              + "; nothing was written");
    } else if (left.isEmpty() && report.behind().isEmpty()) {
      line(style.green("done: ") + changes + " in " + Durations.text(report.took()));
    } else {
      line(
          style.yellow("not all done: ")
              + changes
              + ", "
              + done
              + " steps done, "
              + left.size()
              + " not, in "
              + Durations.text(report.took()));
      report.behind().ifPresent(this::behind);
      report.stopped().ifPresent(this::stopped);
      if (report.interrupted()) {
        line("interrupted; the record is closed, the same command goes on from here");
      }
    }
  }

  private void behind(RunReport.Behind inventory) {
    line("the inventory on the host cannot be written: " + clean.line(inventory.why()));
    if (!inventory.next().isEmpty()) {
      line("  next: " + clean.line(inventory.next()));
    }
  }

  private void stopped(RunReport.Stop stop) {
    int failed = stop.failed().size();
    line(
        style.yellow("stopped: ")
            + failed
            + (failed == 1 ? " member" : " members")
            + " failed, and no further wave starts after "
            + stop.stopAfter());
    group("done:      ", stop.done());
    group("failed:    ", stop.failed());
    group("left alone:", stop.leftAlone());
    line(
        "when what failed is put right, the same command goes on from here;"
            + " `muster why MEMBER` tells what is wrong");
  }

  private void group(String title, List<String> members) {
    line(Names.listed("  " + title, members.isEmpty() ? List.of("-") : members));
  }

  private void line(String words) {
    text.append(words).append(System.lineSeparator());
  }
}
