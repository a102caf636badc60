package dev.muster.sandbox.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.muster.cli.Main;
import dev.muster.cli.MusterCommand;
import dev.muster.sandbox.client.ApiClient;
import dev.muster.sandbox.client.Trust;
import dev.muster.sandbox.controller.env.Timing;
import dev.muster.sandbox.controller.install.Definitions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "demo",
    description = {
      "Gives a guided tour on simulated clusters; needs no cluster.",
      "Validate, plan, apply, drift after an edit, heal, history: well under a minute."
    },
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  private static final String SYSTEM = "kubesphere-system";

  private final MusterCommand top;

  @Spec private CommandSpec spec;

  @Option(names = "--keep", description = "Keep the folder of the demo.")
  private boolean keep;

  DemoCommand(MusterCommand top) {
    this.top = top;
  }

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    Path folder = Files.createTempDirectory("muster-demo");
    try (Sandbox sandbox =
        Sandbox.start(Sandbox.Settings.of(2, "3.3", Timing.scaledTo(Duration.ofSeconds(3))))) {
      Path kubeconfig = folder.resolve("kubeconfig.yaml");
      Files.writeString(kubeconfig, sandbox.server().kubeconfig());
      Path topology = folder.resolve("topology.yaml");
      Files.writeString(topology, sandbox.topology("kubeconfig.yaml", true));
      Repository.create(folder);
      out.println("This is a simulation: three clusters with KubeSphere 3.3 are played in this");
      out.println("process; the commands are the real ones. The host's load balancer stays");
      out.println("pending, so the topology gives Tower an explicit address:");
      out.println();
      Files.readString(topology).lines().forEach(line -> out.println("    " + line));
      tour(sandbox, topology, out);
    } finally {
      if (keep) {
        out.println("kept: " + folder);
      } else {
        Repository.delete(folder);
      }
    }
    return 0;
  }

  private void tour(Sandbox sandbox, Path topology, PrintWriter out) {
    String file = topology.toString();
    run(out, "Is the file right? (no cluster is asked)", 0, "validate", "-f", file);
    run(out, "What would happen?", 0, "plan", "-f", file);
    run(out, "Make it so, behind gates", 0, "apply", "-f", file, "--yes");
    run(out, "Is anything left to do?", 0, "plan", "-f", file, "--detailed-exitcode");
    run(out, "How do they stand?", 0, "status", "-f", file);
    heading(out, "Somebody edits the ClusterConfiguration of m1 by hand", "kubectl edit cc");
    edit(sandbox);
    out.println("authentication.jwtSecret of m1 is another one now");
    run(out, "Does muster notice?", 2, "drift", "-f", file);
    run(out, "Put it right", 0, "apply", "-f", file, "--yes");
    run(out, "And now?", 0, "drift", "-f", file);
    run(out, "What happened so far?", 0, "history", "-f", file);
    out.println();
    out.println("That was the tour. For hands-on use: muster sandbox");
    out.flush();
  }

  private void run(PrintWriter out, String title, int expected, String... args) {
    StringBuilder shown = new StringBuilder("muster");
    for (String arg : args) {
      shown.append(' ').append(arg.contains("/") ? Path.of(arg).getFileName().toString() : arg);
    }
    heading(out, title, shown.toString());
    int code = Main.run(out, out, false, args);
    out.println("exit code " + code);
    out.flush();
    if (code != expected) {
      throw new IllegalStateException(
          "`" + shown + "` ended with " + code + ", the tour expects " + expected);
    }
  }

  private void heading(PrintWriter out, String title, String command) {
    out.println();
    out.println(top.style().bold("== " + title));
    out.println("$ " + command);
    out.flush();
  }

  private static void edit(Sandbox sandbox) {
    ApiClient api =
        ApiClient.of(sandbox.server().baseUrl("m1"), sandbox.server().token("m1"), Trust.jdk())
            .as("kubectl-edit", "kubectl-edit");
    var patch = JsonNodeFactory.instance.objectNode();
    patch
        .putObject("spec")
        .putObject("authentication")
        .put("jwtSecret", "SomebodyTypedThisByHand1234");
    api.mergePatch(Definitions.CLUSTER_CONFIGURATION, SYSTEM, "ks-installer", patch);
  }
}
