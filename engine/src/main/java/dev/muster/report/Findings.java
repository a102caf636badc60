package dev.muster.report;

import dev.muster.changes.Unmanaged;
import dev.muster.drift.DriftReport;
import dev.muster.drift.Finding;
import java.time.Instant;
import java.util.List;

/** Single findings in the form of a report, so that there is one rendering of them. */
final class Findings {
  private Findings() {}

  static DriftReport report(Finding finding, Instant at) {
    return new DriftReport(
        "",
        at,
        List.of(),
        finding instanceof Finding.Field field ? List.of(field.field()) : List.of(),
        finding instanceof Finding.ClosedGate gate ? List.of(gate.text()) : List.of(),
        finding instanceof Finding.Uncompared problem ? List.of(problem.problem()) : List.of(),
        finding instanceof Finding.Stranger stranger
            ? new Unmanaged(List.of(stranger.member()), "")
            : Unmanaged.none(),
        finding instanceof Finding.RunningOut out ? List.of(out.expiring()) : List.of());
  }
}
