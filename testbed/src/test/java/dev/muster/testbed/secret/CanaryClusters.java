package dev.muster.testbed.secret;

import dev.muster.sandbox.client.ApiClient;
import dev.muster.sandbox.client.Trust;
import dev.muster.sandbox.command.Sandbox;
import dev.muster.sandbox.controller.env.Timing;
import dev.muster.sandbox.fault.FaultProxy;
import dev.muster.sandbox.fault.Faults;
import dev.muster.sandbox.fault.Upstream;
import dev.muster.testbed.Muster;
import dev.muster.testbed.ScratchFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A host and three simulated members behind a proxy, each with a canary for its jwtSecret, and a
 * muster to look after them: m1 is behind Tower, m2 is reached directly, m3 by courier. What the
 * user gives lies in a folder of its own, which is not searched.
 */
final class CanaryClusters implements AutoCloseable {
  static final List<String> NAMES = List.of("host", "m1", "m2", "m3");

  final Path folder;
  final Path given;
  final Sandbox sandbox;
  final Muster muster;
  private final FaultProxy proxy;

  CanaryClusters() throws IOException {
    folder = Files.createTempDirectory("muster-canaries");
    given = Files.createDirectories(folder.resolve("given"));
    sandbox =
        Sandbox.start(
            Sandbox.Settings.of(3, "3.3", Timing.fast())
                .withEach(setup -> setup.withJwtSecret(jwtSecret(setup.name()))));
    Map<String, Upstream> behind = new HashMap<>();
    NAMES.forEach(
        name -> behind.put(name, new Upstream(sandbox.server().baseUrl(name), Trust.jdk())));
    proxy = FaultProxy.before(behind);
    muster = Muster.in(folder.resolve("repository"));
    muster.write(".gitignore", "*\n!topology.yaml\n!.gitignore\n");
  }

  static String jwtSecret(String cluster) {
    return "CanaryOf" + cluster + "Q9fQz3LxWv7RkBn2";
  }

  Faults faults() {
    return proxy.faults();
  }

  String address(String cluster) {
    return proxy.url(cluster).toString();
  }

  /** A user with all rights, behind the proxy's back. */
  ApiClient kubectl(String cluster) {
    return ApiClient.of(
        sandbox.server().baseUrl(cluster), sandbox.server().controllerToken(), Trust.jdk());
  }

  /**
   * @param host where the host is said to be
   * @param users the logins of the host and of m1, as entries of a list
   */
  String kubeconfig(String host, String users) {
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
        %s- {name: m2, user: {token: "%s"}}
        - {name: m3, user: {token: "%s"}}
        """
        .formatted(
            host,
            address("m1"),
            address("m2"),
            address("m3"),
            users,
            sandbox.server().token("m2"),
            sandbox.server().token("m3"));
  }

  /**
   * @param kubeconfig which of the given ones
   * @param m1 what stands beside the name of the first member
   * @param program what prints the file that follows it
   */
  String topology(String kubeconfig, String m1, String program) {
    return """
        apiVersion: muster.dev/v1alpha1
        kind: Topology
        metadata: {name: acme}
        spec:
          defaults:
            access: {kubeconfig: {file: "%1$s/%2$s"}}
            timeouts: {installer: 30s, agent: 30s, removal: 30s}
          host: {name: host, sharesLoopback: true, proxy: {address: "http://203.0.113.20:8080"}}
          members:
          - {name: m1%3$s}
          - {name: m2, connection: direct, kubeconfig: {exec: ["%4$s", "%1$s/m2.yaml"]}}
          - {name: m3, access: {courier: {sealWith: {file: "%1$s/m3.key"}, receipt: m3.receipt}}}
        """
        .formatted(given, kubeconfig, m1, program);
  }

  @Override
  public void close() {
    muster.close();
    proxy.close();
    sandbox.close();
    ScratchFolder.delete(folder);
  }
}
