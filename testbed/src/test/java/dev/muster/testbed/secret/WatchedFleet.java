package dev.muster.testbed.secret;

import dev.muster.sandbox.client.ApiClient;
import dev.muster.sandbox.client.Trust;
import dev.muster.sandbox.command.Sandbox;
import dev.muster.sandbox.controller.env.Timing;
import dev.muster.sandbox.controller.install.Definitions;
import dev.muster.sandbox.fault.FaultProxy;
import dev.muster.sandbox.fault.Faults;
import dev.muster.sandbox.fault.Upstream;
import dev.muster.testbed.Muster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Simulated clusters for a muster in a process of its own, whose files and processes are looked at:
 * m1 is behind Tower, m2 is reached directly, m3 by courier. What the user gives lies in a folder
 * of its own, the programs among it that {@link Spies} writes.
 */
final class WatchedFleet implements AutoCloseable {
  static final String PLUGIN = "CanaryFromThePlugin2Bt7Gw4Mz";
  static final String SEAL = "CanaryOfTheSeal8Kd3Vb6Yt";
  private static final List<String> CLUSTERS = List.of("host", "m1", "m2", "m3");

  final Path given;
  final Muster muster;
  final Spies spies;
  final Canaries canaries = new Canaries();
  private final Path folder;
  private final Sandbox sandbox;
  private final FaultProxy proxy;

  WatchedFleet() throws IOException {
    folder = Files.createTempDirectory("muster-watched");
    given = Files.createDirectories(folder.resolve("given"));
    sandbox =
        Sandbox.start(
            Sandbox.Settings.of(3, "3.3", Timing.fast())
                .withEach(
                    setup -> setup.withJwtSecret("CanaryOf" + setup.name() + "Q9fQz3LxWv7RkBn2")));
    Map<String, Upstream> behind = new HashMap<>();
    CLUSTERS.forEach(
        name -> behind.put(name, new Upstream(sandbox.server().baseUrl(name), Trust.jdk())));
    proxy = FaultProxy.before(behind);
    muster = Muster.in(folder.resolve("repository"));
    spies = new Spies(given, muster.home().resolve("tmp"));
    give();
    muster.write(".gitignore", "*\n!topology.yaml\n!.gitignore\n");
    muster.topology(topology());
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

  private String kubeconfig() {
    return """
    apiVersion: v1
    kind: Config
    clusters:
    - {name: host, cluster: {server: "%s"}}
    - {name: m1, cluster: {server: "%s"}}
    - {name: m2, cluster: {server: "%s"}}
    - {name: m3, cluster: {server: "%s"}}
    contexts:
    - {name: host, context: {cluster: host, user: host}}
    - {name: m1, context: {cluster: m1, user: m1}}
    - {name: m2, context: {cluster: m2, user: m2}}
    - {name: m3, context: {cluster: m3, user: m3}}
    current-context: host
    users:
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
    - {name: m2, user: {token: "%s"}}
    - {name: m3, user: {token: "%s"}}
    """
        .formatted(
            proxy.url("host"),
            proxy.url("m1"),
            proxy.url("m2"),
            proxy.url("m3"),
            sandbox.server().token("m1"),
            sandbox.server().token("m2"),
            sandbox.server().token("m3"));
  }

  private String topology() {
    return """
    apiVersion: muster.dev/v1alpha1
    kind: Topology
    metadata: {name: acme}
    spec:
      defaults:
        access: {kubeconfig: {file: "%1$s/kubeconfig.yaml"}}
        timeouts: {installer: 30s, agent: 30s, removal: 30s}
      host: {name: host, sharesLoopback: true, proxy: {address: "http://203.0.113.20:8080"}}
      members:
      - {name: m1}
      - {name: m2, connection: direct, kubeconfig: {exec: ["%1$s/program", "%1$s/m2.yaml"]}}
      - {name: m3, access: {courier: {sealWith: {file: "%1$s/m3.key"}, receipt: m3.receipt}}}
    """
        .formatted(given);
  }

  private void remember() throws IOException {
    canaries.add("the plugin's token", PLUGIN);
    canaries.add("the seal", SEAL);
    for (String cluster : CLUSTERS) {
      canaries.add("jwtSecret of " + cluster, "CanaryOf" + cluster + "Q9fQz3LxWv7RkBn2");
    }
    for (String file : List.of("kubeconfig.yaml", "m2.yaml")) {
      canaries.addKubeconfig(file, Files.readString(given.resolve(file)));
    }
  }

  /** The token that m1's agent registers with; there once m1 is registered. */
  void rememberTheAgentsToken() {
    ApiClient kubectl =
        ApiClient.of(
            sandbox.server().baseUrl("host"), sandbox.server().controllerToken(), Trust.jdk());
    String token =
        kubectl.get(Definitions.CLUSTER, null, "m1").at("/spec/connection/token").asText();
    if (token.isEmpty()) {
      throw new IllegalStateException("m1 has no token");
    }
    canaries.add("the agent's token", token);
  }

  Faults faults() {
    return proxy.faults();
  }

  /** Muster, started after these lines of shell. */
  Muster.Running start(String shell, String... arguments) {
    return muster.startUnder(List.of("sh", "-c", shell + "\nexec \"$@\"", "sh"), arguments);
  }

  @Override
  public void close() {
    muster.close();
    proxy.close();
    sandbox.close();
    try (Stream<Path> walk = Files.walk(folder)) {
      List<Path> files = new ArrayList<>(walk.sorted(Comparator.reverseOrder()).toList());
      for (Path file : files) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
