package dev.muster.report;

import dev.muster.drift.DriftReport;
import dev.muster.drift.Movement;
import dev.muster.live.Failure;
import dev.muster.problem.Problem;
import java.time.Instant;
import java.util.List;

/** How what a watch sees is told; each text ends with a line end, or is empty. */
public interface WatchRendering {
  /** What there was at first. */
  String opening(DriftReport report);

  String moved(Instant at, List<Movement> movements);

  String lost(Instant at, String cluster, Failure why);

  String back(Instant at, String cluster);

  /** A look could not be taken. */
  String troubled(Instant at, List<Problem> problems);

  /** The topology has changed, and is looked at as it is now. */
  String reread(Instant at);

  /** What stands when it ends. */
  String closing(DriftReport report, int exitCode);
}
