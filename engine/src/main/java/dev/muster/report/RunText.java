package dev.muster.report;

import dev.muster.apply.RunEvent;
import dev.muster.apply.RunListener;
import dev.muster.apply.RunReport;
import dev.muster.apply.StepOutcome;
import dev.muster.topology.Durations;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Tells a person what a run is doing, line by line, and how it ended. */
public final class RunText implements RunListener {
  /** So many unchanged steps are counted instead of listed. */
  private static final int MANY = 30;

  private final PrintWriter out;
  private final Clean clean;
  private final Style style;
  private final boolean rehearsal;

  /**
   * @param rehearsal whether nothing of it really happens
   */
  public RunText(PrintWriter out, Clean clean, Style style, boolean rehearsal) {
    this.rehearsal = rehearsal;
    this.out = out;
    this.clean = clean;
    this.style = style;
  }

  @Override
  public synchronized void on(RunEvent event) {
    String line = text(event);
    if (!line.isEmpty()) {
      out.println(line);
      out.flush();
    }
  }

  private String text(RunEvent event) {
    if (event instanceof RunEvent.RunStarted e) {
      return "run "
          + e.runId()
          + ": "
          + e.changes()
          + (e.changes() == 1 ? " change" : " changes")
          + " in "
          + e.steps()
          + (e.steps() == 1 ? " step" : " steps");
    }
    if (event instanceof RunEvent.WaveStarted e) {
      return style.bold("wave " + e.wave() + " of " + e.of())
          + ": "
          + String.join(", ", e.members());
    }
    if (event instanceof RunEvent.StepStarted e) {
      return style.bold(e.step()) + " " + e.title();
    }
    if (event instanceof RunEvent.Changed e) {
      return "  "
          + e.step()
          + "  "
          + style.green(rehearsal ? "would be " + e.action() : e.action())
          + " "
          + e.ref()
          + " on "
          + e.cluster();
    }
    if (event instanceof RunEvent.AlreadyDone e) {
      return "  " + e.step() + "  " + e.ref() + " on " + e.cluster() + " is as declared by now";
    }
    if (event instanceof RunEvent.GateWaiting e) {
      return "  "
          + e.step()
          + "  waiting ("
          + Durations.text(e.since())
          + " of "
          + Durations.text(e.limit())
          + "): "
          + clean.line(e.why());
    }
    if (event instanceof RunEvent.GateProgress e) {
      return style.faint("  " + e.step() + "  " + shorten(clean.line(e.line())));
    }
    if (event instanceof RunEvent.GateOpened e) {
      return "  " + e.step() + "  " + style.green("ready") + " after " + Durations.text(e.took());
    }
    if (event instanceof RunEvent.GateAssumed e) {
      return "  " + e.step() + "  gate " + e.gate() + " is not waited for in a dry run";
    }
    if (event instanceof RunEvent.Notice e) {
      return clean.line(e.text());
    }
    if (event instanceof RunEvent.StepEnded e) {
      return ended(e);
    }
    return "";
  }

  private String ended(RunEvent.StepEnded event) {
    StepOutcome outcome = event.outcome();
    if (outcome.done()) {
      return "";
    }
    StringBuilder text = new StringBuilder();
    String step = event.step();
    if (outcome instanceof StepOutcome.TimedOut e) {
      text.append(style.red("step " + step + ": timed out"))
          .append(" after ")
          .append(Durations.text(e.waited()))
          .append(" at gate ")
          .append(e.gate());
      text.append("\n  last seen: ").append(clean.line(e.lastSeen()));
      if (!e.cause().isEmpty()) {
        text.append("\n  cause: ").append(clean.line(e.cause()));
      }
      next(text, e.next());
    } else if (outcome instanceof StepOutcome.GateFailed e) {
      text.append(style.red("step " + step + ": failed"))
          .append(" after ")
          .append(Durations.text(e.waited()))
          .append(" at gate ")
          .append(e.gate());
      text.append("\n  cause: ").append(clean.line(e.why()));
      next(text, e.next());
    } else if (outcome instanceof StepOutcome.Failed e) {
      text.append(style.red("step " + step + ": failed")).append(", ").append(clean.line(e.why()));
      next(text, e.next());
    } else if (outcome instanceof StepOutcome.Refused e) {
      text.append(style.red("step " + step + ": refused")).append(", ").append(clean.line(e.why()));
      next(text, e.next());
    } else if (outcome instanceof StepOutcome.Stale e) {
      text.append(style.red("step " + step + ": stale")).append(", ").append(clean.line(e.what()));
      next(text, "run muster plan again and look at the difference");
    } else {
      text.append("step ").append(step).append(": ").append(style.yellow(outcome.word()));
      if (!outcome.detail().isEmpty()) {
        text.append(", ").append(clean.line(outcome.detail()));
      }
    }
    return text.toString();
  }

  private void next(StringBuilder text, String next) {
    if (!next.isEmpty()) {
      text.append("\n  next: ").append(clean.line(next));
    }
  }

  private static String shorten(String line) {
    return line.length() > 100 ? line.substring(0, 97) + "..." : line;
  }

  /** The table at the end of a run. */
  public synchronized void summary(RunReport report) {
    out.println();
    long still = report.count(StepOutcome.Unchanged.class::isInstance);
    boolean many = still > MANY;
    int width =
        report.outcomes().entrySet().stream()
            .filter(entry -> !isLeftOut(entry.getValue(), many))
            .mapToInt(entry -> entry.getKey().length())
            .max()
            .orElse(4);
    for (Map.Entry<String, StepOutcome> entry : report.outcomes().entrySet()) {
      StepOutcome outcome = entry.getValue();
      if (isLeftOut(outcome, many)) {
        continue;
      }
      String detail =
          outcome.detail().isEmpty()
              ? took(outcome)
              : shorten(clean.line(outcome.detail())) + suffix(took(outcome));
      out.println(
          "  "
              + pad(entry.getKey(), width)
              + "  "
              + paint(outcome)
              + pad("", 12 - outcome.word().length())
              + detail);
    }
    if (many) {
      out.println("  and " + still + " steps unchanged");
    }
    out.println();
    long done = report.count(o -> o.done() && !(o instanceof StepOutcome.NotNeeded));
    List<String> left = report.stepsThat(outcome -> !outcome.done());
    String changes = report.changes() + (report.changes() == 1 ? " change" : " changes");
    if (rehearsal) {
      out.println(
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
      out.println(style.green("done: ") + changes + " in " + Durations.text(report.took()));
    } else {
      out.println(
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
        out.println("interrupted; the record is closed, the same command goes on from here");
      }
    }
    out.flush();
  }

  private void behind(RunReport.Behind inventory) {
    StringBuilder text = new StringBuilder("the inventory on the host cannot be written: ");
    text.append(clean.line(inventory.why()));
    next(text, inventory.next());
    out.println(text);
  }

  private void stopped(RunReport.Stop stop) {
    int failed = stop.failed().size();
    out.println(
        style.yellow("stopped: ")
            + failed
            + (failed == 1 ? " member" : " members")
            + " failed, and no further wave starts after "
            + stop.stopAfter());
    group("done:      ", stop.done());
    group("failed:    ", stop.failed());
    group("left alone:", stop.leftAlone());
    out.println(
        "when what failed is put right, the same command goes on from here;"
            + " `muster why MEMBER` tells what is wrong");
  }

  private void group(String title, List<String> members) {
    out.println("  " + title + " " + (members.isEmpty() ? "-" : String.join(", ", members)));
  }

  private static boolean isLeftOut(StepOutcome outcome, boolean many) {
    return outcome instanceof StepOutcome.NotNeeded
        || many && outcome instanceof StepOutcome.Unchanged;
  }

  private static String suffix(String took) {
    return took.isEmpty() ? "" : ", " + took;
  }

  private static String took(StepOutcome outcome) {
    Duration took =
        outcome instanceof StepOutcome.Applied a
            ? a.took()
            : outcome instanceof StepOutcome.Unchanged u ? u.took() : Duration.ZERO;
    return took.toMillis() < 100 ? "" : Durations.text(took);
  }

  private String word(StepOutcome outcome) {
    return rehearsal && outcome instanceof StepOutcome.Applied ? "would apply" : outcome.word();
  }

  private String paint(StepOutcome outcome) {
    if (outcome.done()) {
      return style.green(word(outcome));
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
}
