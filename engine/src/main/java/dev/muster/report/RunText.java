package dev.muster.report;

import dev.muster.apply.RunEvent;
import dev.muster.apply.RunListener;
import dev.muster.apply.RunReport;
import dev.muster.apply.StepOutcome;
import dev.muster.topology.Durations;
import java.io.PrintWriter;

/** Tells a person what a run is doing, line by line, and how it ended. */
public final class RunText implements RunListener {
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
      String head = "wave " + e.wave() + " of " + e.of();
      return style.bold(head) + Names.listed(head + ":", e.members()).substring(head.length());
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
      String how = e.gone() ? " is not there any more" : " is as declared by now";
      return "  " + e.step() + "  " + e.ref() + " on " + e.cluster() + how;
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

  /** The table at the end of a run. */
  public synchronized void summary(RunReport report) {
    out.print(new RunSummary(clean, style, rehearsal).of(report));
    out.flush();
  }

  static String shorten(String line) {
    return line.length() > 100 ? line.substring(0, 97) + "..." : line;
  }
}
