package dev.muster.cli;

import dev.muster.plan.Allows;
import dev.muster.session.PlanPin;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "plan-pin",
    description =
        "Fetches the plan that the topology names as it is there now, and prints its digest and what it may touch. Asks no cluster.",
    mixinStandardHelpOptions = true)
final class PlanPinCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @ParentCommand private MusterCommand top;
  @Mixin private FileOptions files;

  @Option(names = "--write", description = "Write the digest into the topology file.")
  private boolean write;

  @Override
  public Integer call() {
    Path file = files.file();
    if (write && files.committed()) {
      throw new ParameterException(
          spec.commandLine(), "--write is for a file, and the topology is that of a commit");
    }
    PlanPin pin = PlanPin.of(file);
    PrintWriter out = spec.commandLine().getOut();
    out.println(top.clean("plan " + pin.title() + "\n  from " + pin.source()).strip());
    if (pin.pinnable()) {
      out.println("  digest: \"" + pin.digest() + "\"" + (pin.pinned() ? "  (as pinned)" : ""));
    }
    if (pin.allows().isPresent()) {
      out.println("  may touch this, and muster refuses whatever goes beyond:");
      pin.allows().map(Allows::words).get().forEach(l -> out.print(top.clean("    " + l + "\n")));
    } else {
      out.println("  does not say what it may touch");
    }
    if (write && pin.write()) {
      out.println("written into " + file);
    }
    return ExitCode.OK.code();
  }
}
