package dev.muster.cli;

import dev.muster.rehearsal.Performance;
import dev.muster.rehearsal.Rehearsed;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
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
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "With --offline, one of: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private OutputOptions.Format format;

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

  ExitCode run(
      MusterCommand top,
      CommandSpec spec,
      Path file,
      SelectionOptions selection,
      ApplyOptions options) {
    PrintWriter text = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    check(spec, options);
    if (offline.isPresent()) {
      return new RehearsalFlow(
              top,
              text,
              err,
              options,
              new RehearsalFlow.Outputs(format == OutputOptions.Format.json, out, outDir))
          .run(offline.get(), selection);
    }
    if (rehearsed.isEmpty()) {
      return new ApplyFlow(top, text, err, options, expectation -> expectation)
          .run(file, selection);
    }
    Rehearsed then = FleetSnapshot.rehearsal(rehearsed.get());
    Performance performance = new Performance();
    ExitCode code =
        new ApplyFlow(
                top,
                text,
                err,
                options,
                expectation -> expectation.and(then::deviation).and(performance))
            .run(file, selection);
    if (!options.events()) {
      tell(top, code, then, Rehearsed.of(performance.steps()), text);
    }
    return code;
  }

  private static void tell(
      MusterCommand top, ExitCode code, Rehearsed then, Rehearsed now, PrintWriter text) {
    List<String> missing = then.missingFrom(now);
    boolean ended = code == ExitCode.OK || code == ExitCode.DEFERRED;
    if (ended && missing.isEmpty()) {
      text.println("as rehearsed: the same " + then.changes() + " changes");
      return;
    }
    // Also when a run goes on after one that ended in the middle.
    text.println("nothing was written otherwise than rehearsed");
    if (!missing.isEmpty()) {
      text.println("rehearsed, and not written by this run:");
    }
    missing.forEach(line -> text.print(top.clean("  " + line)));
  }

  private void check(CommandSpec spec, ApplyOptions options) {
    boolean simulated = options.dryRun().orElse(null) == RunOptions.DryRun.client;
    if (offline.isPresent() && (!simulated || options.saved().isPresent())) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--offline plays a run, so it goes with --dry-run=client alone");
    }
    if (offline.isPresent() && options.prune()) {
      throw new CommandLine.ParameterException(
          spec.commandLine(),
          "--prune asks the host what it remembers, so it does not go with --offline");
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
