package dev.muster.cli;

import dev.muster.session.Loader;
import dev.muster.session.SecretSources;
import dev.muster.topology.ClusterDeclaration;
import dev.muster.topology.SecretInput;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "validate",
    description = "Checks a topology and its plan; needs no cluster.",
    mixinStandardHelpOptions = true)
final class ValidateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @ParentCommand private MusterCommand top;
  @Mixin private FileOptions files;

  @Override
  public Integer call() {
    Loader.Loaded loaded = files.load(SecretSources.Extent.WITHOUT_PROGRAMS);
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        Loader.label(loaded.file())
            + " is valid: topology "
            + loaded.topology().name()
            + ", plan "
            + loaded.plan().title()
            + ", host "
            + loaded.topology().host().name()
            + " and "
            + loaded.topology().members().size()
            + (loaded.topology().members().size() == 1 ? " member" : " members"));
    Notes notes = Notes.to(out, top);
    loaded.notes().forEach(notes::tell);
    for (ClusterDeclaration cluster : loaded.topology().clusters()) {
      cluster.secrets().entrySet().stream()
          .filter(secret -> !(secret.getValue() instanceof SecretInput.Text))
          .sorted(Map.Entry.comparingByKey())
          .forEach(
              secret ->
                  notes.tell(
                      secret.getKey()
                          + " of "
                          + cluster.name()
                          + " was not looked at: "
                          + (secret.getValue() instanceof SecretInput.OnHost
                              ? "it is " + secret.getValue() + ", and validate reads no cluster"
                              : secret.getValue() + " gives it, and validate runs none")));
    }
    return ExitCode.OK.code();
  }
}
