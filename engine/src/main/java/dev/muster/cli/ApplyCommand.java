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
  @Spec private CommandSpec spec;
  @ParentCommand private MusterCommand top;
  @Mixin private FileOptions files;
  @Mixin private SelectionOptions selection;
  @Mixin private RemovalOptions removals;
  @Mixin private RunOptions run;

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      description =
          "A change set that plan --out saved: exactly this is applied. Or a bundle that plan --bundle packed, on a machine that reaches its member.")
  private Optional<Path> saved;

  @Mixin private RehearsalOptions rehearsal;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "With --offline, one of: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private OutputOptions.Format format;

  @Option(
      names = "--receipt",
      paramLabel = "FILE",
      description = "Take in the receipt of a member that is reached by courier, and go on.")
  private Optional<Path> receipt;

  @Option(
      names = "--seal-with",
      paramLabel = "SOURCE",
      description = "For a bundle: where its key is, file:PATH or env:NAME.")
  private Optional<String> sealWith;

  @Option(
      names = "--context",
      paramLabel = "NAME",
      description = "For a bundle: the member's context (default: the member's name).")
  private Optional<String> context;

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description = "For a bundle: the file with that context (default: as kubectl).")
  private Optional<Path> kubeconfig;

  @Option(
      names = "--receipt-to",
      paramLabel = "FILE",
      description = "For a bundle: where to write the receipt (default: beside it).")
  private Optional<Path> receiptTo;

  @Override
  public Integer call() {
    ApplyOptions options =
        run.options(saved, Optional.empty(), removals.prune(), removals.max())
            .withCourier(
                receipt,
                new CourierFlow.Options(
                    sealWith, context, kubeconfig.stream().toList(), receiptTo));
    return rehearsal
        .run(top, spec, files.file(), selection, options, format == OutputOptions.Format.json)
        .code();
  }
}
