package dev.muster.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "apply",
    description = "Makes the clusters be as the topology says, step by step, behind gates.",
    mixinStandardHelpOptions = true)
final class ApplyCommand implements Callable<Integer> {
  enum Events {
    ndjson
  }

  enum DryRun {
    client,
    server
  }

  @Spec private CommandSpec spec;
  @ParentCommand private MusterCommand top;
  @Mixin private FileOptions files;
  @Mixin private SelectionOptions selection;
  @Mixin private RemovalOptions removals;

  @Parameters(
      arity = "0..1",
      paramLabel = "CHANGESET",
      description = "A change set that plan --out saved: exactly this is applied.")
  private Optional<Path> saved;

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
      names = "--events",
      paramLabel = "FORMAT",
      description = "ndjson: one JSON line for each event instead of text.")
  private Optional<Events> events;

  @Override
  public Integer call() {
    ApplyFlow flow =
        new ApplyFlow(
            top,
            spec.commandLine().getOut(),
            spec.commandLine().getErr(),
            new ApplyFlow.Options(
                saved,
                yes,
                dryRun,
                Math.max(1, parallel),
                stopAfter.map(budget -> Math.max(1, budget)),
                removals.prune(),
                removals.max(),
                !noHistory,
                events.isPresent()));
    return flow.run(files.file(), selection).code();
  }
}
