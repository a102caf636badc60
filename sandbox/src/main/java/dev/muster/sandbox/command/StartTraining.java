package dev.muster.sandbox.command;

import dev.muster.cli.Main;
import dev.muster.sandbox.controller.env.Timing;
import dev.muster.session.Prepared;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Does once what most calls of the program do, so that the JVM can write down which classes that
 * takes: the launcher runs this when it makes the archive that later calls start from. Asks nobody
 * but clusters that are played in this process, and leaves nothing behind but {@link Prepared}.
 */
public final class StartTraining {
  private StartTraining() {}

  public static void main(String[] args) throws IOException {
    Path folder = Files.createTempDirectory("muster-start");
    try (Sandbox sandbox =
            Sandbox.start(Sandbox.Settings.of(1, "3.3", Timing.scaledTo(Duration.ofMillis(100))));
        PrintWriter nowhere = new PrintWriter(Writer.nullWriter())) {
      Path kubeconfig = folder.resolve("kubeconfig.yaml");
      Files.writeString(kubeconfig, sandbox.server().kubeconfig());
      Path topology = folder.resolve("topology.yaml");
      Files.writeString(topology, sandbox.topology("kubeconfig.yaml", true));
      String file = topology.toString();
      Main.run(nowhere, nowhere, true, "--help");
      Main.run(nowhere, nowhere, false, "validate", "-f", file);
      Prepared.keep();
      // From here on as a later call finds it.
      Prepared.forget();
      Main.run(nowhere, nowhere, false, "plan", "-f", file);
      Main.run(nowhere, nowhere, false, "apply", "-f", file, "--yes");
      Main.run(nowhere, nowhere, false, "plan", "-f", file, "-o", "json");
      Main.run(nowhere, nowhere, false, "status", "-f", file);
      Main.run(nowhere, nowhere, false, "drift", "-f", file);
      Prepared.keep();
    } finally {
      Repository.delete(folder);
    }
  }
}
