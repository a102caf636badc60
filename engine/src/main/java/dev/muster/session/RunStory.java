package dev.muster.session;

import dev.muster.apply.RunReport;
import dev.muster.apply.StepOutcome;
import dev.muster.changes.ChangeSet;
import dev.muster.changes.Changes;
import dev.muster.changes.FieldView;
import dev.muster.changes.StepPlan;
import dev.muster.diff.Change;
import dev.muster.diff.Fingerprint;
import dev.muster.report.Clean;
import dev.muster.resource.Redactor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a run did, in the lines of a commit message: {@code git log} alone tells it, without a look
 * at the files of the record. Free of sensitive values and of bounded length.
 */
final class RunStory {
  private static final int LINES = 60;
  private static final int WIDTH = 100;

  private final Clean clean;
  private final Fingerprint unused = Fingerprint.none();

  RunStory(Clean clean) {
    this.clean = clean;
  }

  String of(ChangeSet changeSet, RunReport report) {
    List<String> lines = new ArrayList<>();
    for (StepPlan step : changeSet.steps()) {
      StepOutcome outcome =
          Optional.ofNullable(report.outcomes().get(step.step().id()))
              .orElseGet(StepOutcome.NotNeeded::new);
      if (outcome instanceof StepOutcome.NotNeeded || outcome instanceof StepOutcome.Unchanged) {
        continue;
      }
      lines.add(step.step().id() + " on " + step.step().cluster().name() + ": " + outcome.word());
      if (!(outcome instanceof StepOutcome.Applied) && !outcome.detail().isEmpty()) {
        lines.add("  " + clean.line(outcome.detail()));
      }
      step.effective().forEach(change -> change(step, change, lines));
    }
    StringBuilder text = new StringBuilder();
    lines.stream().limit(LINES).forEach(line -> text.append(cut(line)).append('\n'));
    if (lines.size() > LINES) {
      text.append("and ").append(lines.size() - LINES).append(" more lines\n");
    }
    return text.toString();
  }

  private void change(StepPlan step, Change change, List<String> lines) {
    if (change instanceof Change.Unchanged) {
      return;
    }
    if (change instanceof Change.Delete) {
      lines.add("  - " + change.ref());
      return;
    }
    List<FieldView> fields = FieldView.of(step, change, unused);
    if (Changes.creates(change)) {
      lines.add("  + " + change.ref() + ", " + fields.size() + " declared fields");
      return; // all of them are new; the files of the record have them
    }
    lines.add("  " + change.ref());
    for (FieldView field : fields) {
      lines.add("    " + clean.line(told(field)));
    }
  }

  private static String told(FieldView field) {
    String before = value(field, field.before());
    String after = value(field, field.after());
    return switch (field.action()) {
      case "add" -> "+ " + field.path() + ": " + after;
      case "remove" -> "- " + field.path() + ": " + before;
      default -> "~ " + field.path() + ": " + before + " -> " + after;
    };
  }

  private static String value(FieldView field, String json) {
    if (field.sensitive() && !json.equals(FieldView.EMPTY)) {
      return Redactor.MASK;
    }
    return json.isEmpty() ? "known after " + String.join(", ", field.knownAfter()) : json;
  }

  private static String cut(String line) {
    return line.length() <= WIDTH ? line : line.substring(0, WIDTH - 3) + "...";
  }
}
