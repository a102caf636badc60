package dev.muster.cli;

import dev.muster.session.RotationRun;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How a run that writes is carried out. */
final class RunOptions {
  enum Events {
    ndjson
  }

  enum DryRun {
    client,
    server
  }

  @Option(names = "--yes", description = "Do not ask; needed where nobody can be asked.")
  private boolean yes;

  @Option(
      names = "--dry-run",
      arity = "0..1",
      fallbackValue = "client",
      paramLabel = "WHERE",
      description =
          "Play the whole chain and write nothing: client (default) computes it here, server lets the API servers check each write.")
  private Optional<DryRun> dryRun;

  @Option(
      names = "--parallel",
      paramLabel = "N",
      defaultValue = "50",
      description = "How many steps run at once (default: ${DEFAULT-VALUE}).")
  private int parallel;

  @Option(
      names = "--stop-after",
      paramLabel = "N",
      description =
          "Start no further wave of members once N have failed. Waves are those of spec.rollout, else one member first and then 25%% at a time.")
  private Optional<Integer> stopAfter;

  @Option(names = "--no-history", description = "Keep no record of this run in git.")
  private boolean noHistory;

  @Option(
      names = "--push",
      paramLabel = "REMOTE",
      description =
          "Share the history: fetch it before the run, push it when the run begins and ends. A remote, a path or a URL; \"none\" for nobody (default: MUSTER_PUSH, else `git config muster.push`).")
  private Optional<String> push;

  @Option(
      names = "--forward",
      description = "Go forward to a declaration that the last run rolled back, with --yes too.")
  private boolean forward;

  @Option(
      names = "--accept-plan",
      paramLabel = "DIGEST",
      description =
          "Use the plan of this digest, which comes from elsewhere and which no run of the topology has used yet; needed with --yes.")
  private Optional<String> acceptPlan;

  @Option(
      names = "--events",
      paramLabel = "FORMAT",
      description = "ndjson: one JSON line for each event instead of text.")
  private Optional<Events> events;

  boolean dry() {
    return dryRun.isPresent();
  }

  ApplyOptions options(
      Optional<Path> saved,
      Optional<RotationRun.Request> rotation,
      boolean prune,
      Optional<Integer> maxRemove) {
    return new ApplyOptions(
        saved,
        rotation,
        yes,
        dryRun,
        Math.max(1, parallel),
        stopAfter.map(budget -> Math.max(1, budget)),
        prune,
        maxRemove,
        new RecordOptions(!noHistory, push, forward, Optional.empty(), acceptPlan),
        events.isPresent(),
        Optional.empty(),
        CourierFlow.Options.none(),
        Optional.empty(),
        false);
  }
}
