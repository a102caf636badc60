package dev.muster.cli;

import dev.muster.session.FleetSnapshot;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** How {@code apply} is played beforehand, and how it is held to what was played. */
final class RehearsalOptions {
  @Option(
      names = "--offline",
      paramLabel = "SNAPSHOT",
      description =
          "With --dry-run=client: play the whole run, gates and all, on simulated clusters made of what plan --snapshot recorded. Asks no real cluster.")
  private Optional<Path> offline;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "With --offline: save what was played, for: muster apply --rehearsed FILE")
  private Optional<Path> out;

  @Option(
      names = "--out-dir",
      paramLabel = "DIR",
      description = "With --offline: write the final state of each object that was written.")
  private Optional<Path> outDir;

  @Option(
      names = "--rehearsed",
      paramLabel = "FILE",
      description =
          "Write only what was rehearsed so: the first step and field that differs stops.")
  private Optional<Path> rehearsed;

  /**
   * @param json how a rehearsal is told; a real run is not affected
   */
  ExitCode run(
      MusterCommand top,
      CommandSpec spec,
      Path file,
      SelectionOptions selection,
      ApplyOptions options,
      boolean json) {
    PrintWriter text = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    check(spec, options);
    if (offline.isPresent()) {
      return new RehearsalFlow(
              top, text, err, options, new RehearsalReport.Outputs(json, out, outDir))
          .run(offline.get(), selection);
    }
    if (rehearsed.isEmpty()) {
      return new ApplyFlow(top, text, err, options, expectation -> expectation)
          .run(file, selection);
    }
    return new RehearsedRun(FleetSnapshot.rehearsal(rehearsed.get()), top, text)
        .run(
            expecting -> new ApplyFlow(top, text, err, options, expecting).run(file, selection),
            options.events());
  }

  private void check(CommandSpec spec, ApplyOptions options) {
    boolean simulated = options.dryRun().orElse(null) == RunOptions.DryRun.client;
    if (offline.isPresent() && (!simulated || options.saved().isPresent())) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--offline plays a run, so it goes with --dry-run=client alone");
    }
    if (offline.isPresent() && options.events()) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--events is for real runs; with --offline, -o json tells programs");
    }
    if (offline.isEmpty() && (out.isPresent() || outDir.isPresent())) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--out and --out-dir go with --offline");
    }
    if (rehearsed.isPresent() && options.dryRun().isPresent()) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--rehearsed is for a run that writes, so it goes without --dry-run");
    }
  }
}
