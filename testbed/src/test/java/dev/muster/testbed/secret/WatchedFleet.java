package dev.muster.testbed.secret;

import dev.muster.sandbox.command.Sandbox;
import dev.muster.sandbox.controller.install.Definitions;
import dev.muster.sandbox.fault.Faults;
import dev.muster.testbed.Muster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Simulated clusters for a muster in a process of its own, whose files and processes are looked at:
 * m1 is behind Tower, m2 is reached directly, m3 by courier. What the user gives lies in a folder
 * of its own, the programs among it that {@link Spies} writes.
 */
final class WatchedFleet implements AutoCloseable {
  static final String PLUGIN = "CanaryFromThePlugin2Bt7Gw4Mz";
  static final String SEAL = "CanaryOfTheSeal8Kd3Vb6Yt";

  final Path given;
  final Muster muster;
  final Spies spies;
  final Canaries canaries = new Canaries();
  private final CanaryClusters clusters;
  private final Sandbox sandbox;

  WatchedFleet() throws IOException {
    clusters = new CanaryClusters();
    given = clusters.given;
    muster = clusters.muster;
    sandbox = clusters.sandbox;
    spies = new Spies(given, muster.home().resolve("tmp"));
    give();
    muster.topology(clusters.topology("kubeconfig.yaml", "", given.resolve("program").toString()));
    remember();
  }

  private void give() throws IOException {
    sandbox.server().registerToken(PLUGIN, "admin-host");
    spies.program(
        "plugin",
        "echo '{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"kind\":\"ExecCredential\","
            + "\"status\":{\"token\":\""
            + PLUGIN
            + "\"}}'");
    spies.program("program", "cat \"$1\"");
    write("m2.yaml", sandbox.kubeconfigForHost("m2", Instant.now().plus(Duration.ofDays(300))));
    write("m3.key", SEAL + "\n");
    write("kubeconfig.yaml", kubeconfig());
  }

  /** A file of the user, which nobody else may read. */
  Path write(String name, String text) throws IOException {
    Path file = Files.writeString(given.resolve(name), text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  String kubeconfig() {
    return clusters.kubeconfig(
        clusters.address("host"),
        """
        - name: host
          user:
            exec:
              apiVersion: client.authentication.k8s.io/v1
              interactiveMode: Never
              provideClusterInfo: true
              command: ./plugin
              args: [login]
              env: [{name: OF_THE_PLUGIN, value: hint}]
        - {name: m1, user: {token: "%s"}}
        """
            .formatted(sandbox.server().token("m1")));
  }

  private void remember() throws IOException {
    canaries.add("the plugin's token", PLUGIN);
    canaries.add("the seal", SEAL);
    for (String cluster : CanaryClusters.NAMES) {
      canaries.add("jwtSecret of " + cluster, CanaryClusters.jwtSecret(cluster));
    }
    for (String file : List.of("kubeconfig.yaml", "m2.yaml")) {
      canaries.addKubeconfig(file, Files.readString(given.resolve(file)));
    }
  }

  /** The token that m1's agent registers with; there once m1 is registered. */
  void rememberTheAgentsToken() {
    String token =
        clusters
            .kubectl("host")
            .get(Definitions.CLUSTER, null, "m1")
            .at("/spec/connection/token")
            .asText();
    if (token.isEmpty()) {
      throw new IllegalStateException("m1 has no token");
    }
    canaries.add("the agent's token", token);
  }

  Faults faults() {
    return clusters.faults();
  }

  /** Muster, started after these lines of shell. */
  Muster.Running start(String shell, String... arguments) {
    return muster.startUnder(List.of("sh", "-c", shell + "\nexec \"$@\"", "sh"), arguments);
  }

  @Override
  public void close() {
    clusters.close();
  }
}
