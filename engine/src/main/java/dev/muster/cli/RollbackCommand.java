package dev.muster.cli;

import dev.muster.session.PlanRendering;
import dev.muster.session.Rollback;
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
    name = "rollback",
    description = {
      "Goes back to what a run declared: an ordinary plan and apply of the topology and the plan in its record, behind the same gates and guards.",
      "It shows the plan first, and what it cannot undo. The topology file keeps what it says unless --write-file is given; until the file changes, `apply --yes` then refuses to go forward to it again by itself."
    },
    mixinStandardHelpOptions = true)
final class RollbackCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @ParentCommand private MusterCommand top;
  @Mixin private FileOptions files;
  @Mixin private SelectionOptions selection;
  @Mixin private RemovalOptions removals;
  @Mixin private RunOptions run;

  @Parameters(
      paramLabel = "RUN",
      description = "The run to go back to: an id or a commit, or the beginning of one.")
  private String target;

  @Option(names = "--plan", description = "Only show what it would do.")
  private boolean planOnly;

  @Option(
      names = "--write-file",
      description =
          "Put the old text into the topology file, exactly as it was recorded, before the first write to a cluster.")
  private boolean writeFile;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "With --plan, one of: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private PlanRendering format;

  @Override
  public Integer call() {
    Rollback rollback = Rollback.to(files.file(), target, writeFile && !planOnly);
    ApplyOptions options =
        run.options(Optional.empty(), Optional.empty(), removals.prune(), removals.max())
            .withRollback(rollback);
    ApplyFlow flow =
        new ApplyFlow(
            top,
            spec.commandLine().getOut(),
            spec.commandLine().getErr(),
            options,
            expectation -> expectation);
    return planOnly
        ? flow.show(files.file(), selection, format).code()
        : flow.run(files.file(), selection).code();
  }
}
