package dev.muster.sandbox.command;

import dev.muster.cli.Main;
import dev.muster.sandbox.controller.env.Timing;
import dev.muster.session.Prepared;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
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
      String plain = sandbox.server().kubeconfig();
      Path kubeconfig = Files.writeString(folder.resolve("kubeconfig.yaml"), plain);
      Path topology = folder.resolve("topology.yaml");
      Files.writeString(topology, sandbox.topology("kubeconfig.yaml", true));
      String file = topology.toString();
      run(nowhere, true, "--help");
      run(nowhere, false, "validate", "-f", file);
      Prepared.keep();
      // From here on as a later call finds it.
      Prepared.forget();
      try (TlsFront front = new TlsFront(sandbox.server().baseUrl("host"), folder)) {
        Files.writeString(kubeconfig, front.kubeconfig(plain));
        Prepared.keepLibrary();
        System.setProperty("muster.tls", "native");
        run(nowhere, false, "plan", "-f", file);
        System.clearProperty("muster.tls");
        work(nowhere, file);
      } catch (IOException | GeneralSecurityException noCertificate) {
        // A JVM without its tools: then the classes of TLS are not in the archive.
        work(nowhere, file);
      }
      Prepared.keep();
    } finally {
      Repository.delete(folder);
    }
  }

  private static void work(PrintWriter out, String file) {
    run(out, false, "plan", "-f", file);
    run(out, false, "apply", "-f", file, "--yes");
    run(out, false, "plan", "-f", file, "-o", "json");
    run(out, false, "status", "-f", file);
    run(out, false, "drift", "-f", file);
  }

  private static void run(PrintWriter out, boolean terminal, String... args) {
    Main.run(out, out, terminal, args);
  }
}
