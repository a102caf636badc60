package dev.muster.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "validate",
    description = "Checks a topology and its plan; needs no cluster.",
    mixinStandardHelpOptions = true)
final class ValidateCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private FileOptions files;

  @Override
  public Integer call() {
    Loader.Loaded loaded = files.load();
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        loaded.file()
            + " is valid: topology "
            + loaded.topology().name()
            + ", plan "
            + loaded.plan().title()
            + ", host "
            + loaded.topology().host().name()
            + " and "
            + loaded.topology().members().size()
            + (loaded.topology().members().size() == 1 ? " member" : " members"));
    return ExitCode.OK.code();
  }
}
