package dev.muster.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "import",
    description = {
      "Writes a topology of a fleet that exists, and plans it; only reads of the clusters.",
      "Exit code 0 when the plan shows no changes, 2 when it does."
    },
    mixinStandardHelpOptions = true)
final class ImportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @ParentCommand private MusterCommand top;

  @Option(
      names = "--host-context",
      paramLabel = "CONTEXT",
      required = true,
      description = "The context of the host.")
  private String hostContext;

  @Option(
      names = "--kubeconfig",
      paramLabel = "FILE",
      description =
          "Where the contexts are (default: kubectl's own, $$KUBECONFIG or ~/.kube/config).")
  private Optional<Path> kubeconfig;

  @Option(
      names = "--context-map",
      paramLabel = "MEMBER=CONTEXT",
      split = ",",
      description =
          "Contexts of members that do not have the member's name. What is not named is searched: every context is asked for its UID.")
  private Map<String, String> contexts = new LinkedHashMap<>();

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "The topology's name (default: made of the host's context).")
  private Optional<String> name;

  @Option(
      names = "--plan",
      paramLabel = "PLAN",
      description = "A built-in plan or the path of a plan file (default: the default plan).")
  private Optional<String> plan;

  @Option(
      names = "--host-field",
      paramLabel = "KEY=VALUE",
      description =
          "What the topology says of the host beside what is found, such as where the plan looks for its objects; can be repeated.")
  private Map<String, String> hostFields = new LinkedHashMap<>();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      required = true,
      description = "The topology file to write; one that exists only with --force.")
  private Path output;

  @Option(names = "--force", description = "Overwrite files that exist.")
  private boolean force;

  @Option(names = "--no-pins", description = "Do not pin the clusters by their UIDs.")
  private boolean noPins;

  @Option(
      names = "--kubeconfig-dir",
      paramLabel = "DIR",
      description =
          "Write the kubeconfigs that the host has of members into this folder, readable by you alone. They are as good as the passwords of these clusters: keep them out of git.")
  private Optional<Path> secrets;

  @Override
  public Integer call() {
    ImportFlow.Options options =
        new ImportFlow.Options(
            hostContext,
            kubeconfig.map(Path::toAbsolutePath),
            contexts,
            name,
            plan,
            HostFields.of(hostFields, spec.commandLine()),
            output.toAbsolutePath().normalize(),
            force,
            !noPins,
            secrets.map(Path::toAbsolutePath));
    return new ImportFlow(top, spec.commandLine().getOut(), spec.commandLine().getErr(), options)
        .run()
        .code();
  }
}
