package dev.muster.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "apply",
    description = "Makes the clusters be as the topology says, step by step, behind gates.",
    mixinStandardHelpOptions = true)
final class ApplyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @ParentCommand private MusterCommand top;
  @Mixin private FileOptions files;
  @Mixin private SelectionOptions selection;
  @Mixin private RemovalOptions removals;
  @Mixin private RunOptions run;

  @Parameters(
      arity = "0..1",
      paramLabel = "CHANGESET",
      description = "A change set that plan --out saved: exactly this is applied.")
  private Optional<Path> saved;

  @Mixin private RehearsalOptions rehearsal;

  @Override
  public Integer call() {
    ApplyFlow.Options options =
        run.options(saved, Optional.empty(), removals.prune(), removals.max());
    return rehearsal.run(top, spec, files.file(), selection, options).code();
  }
}
