package dev.muster.cli;

import dev.muster.apply.RunReport;
import dev.muster.apply.StepOutcome;
import dev.muster.changes.ChangeSet;
import java.util.EnumSet;
import java.util.Set;

/** The exit code of a run that wrote, or would have. */
final class RunExit {
  private RunExit() {}

  static ExitCode of(RunReport report, ChangeSet changeSet) {
    if (report.interrupted()) {
      return ExitCode.INTERRUPTED;
    }
    if (report.stopped().isPresent()) {
      // That the rollout stopped as it was told to is more than how one of its members failed.
      return ExitCode.PARTIAL;
    }
    Set<ExitCode> causes = EnumSet.noneOf(ExitCode.class);
    if (report.any(StepOutcome.Refused.class)) {
      causes.add(ExitCode.REFUSED);
    }
    if (report.any(StepOutcome.Stale.class)) {
      causes.add(ExitCode.STALE);
    }
    if (report.any(StepOutcome.GateFailed.class) || report.any(StepOutcome.TimedOut.class)) {
      causes.add(ExitCode.GATE);
    }
    if (report.any(StepOutcome.Failed.class) || report.behind().isPresent()) {
      causes.add(ExitCode.PARTIAL);
    }
    if (!changeSet.deferred().isEmpty() || report.any(StepOutcome.Deferred.class)) {
      causes.add(ExitCode.DEFERRED);
    }
    return ExitCode.first(causes);
  }
}
