package dev.muster.testbed.secret;

import com.sun.net.httpserver.HttpServer;
import dev.muster.sandbox.client.ApiClient;
import dev.muster.sandbox.command.Sandbox;
import dev.muster.sandbox.fault.Faults;
import dev.muster.testbed.Muster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;

/**
 * A fleet with a canary in every place where somebody may keep a secret: m1 is behind Tower, m2 is
 * reached directly, m3 by courier. What the user gave lies outside of the folders that are
 * searched.
 */
final class CanaryFleet implements AutoCloseable {
  static final String LOGIN = "CanaryLogin7Wq2Zx9";
  static final String SEAL = "CanaryOfTheSeal8Kd3Vb6Yt";
  static final String NOTIFY = "CanaryOfTheNotification5Rf1Hg";
  static final String HOOK = "CanaryHookPath4Jm8Qs2";
  static final String PROXY = "CanaryProxy3Xc6Nv9Lp";
  static final String PLUGIN = "CanaryFromThePlugin2Bt7Gw4Mz";
  static final String FILE = "CanaryInTheTokenFile9Pk5Dq1";
  static final String COMPLAINT = "CanaryOfTheComplaint6Hs8Ry3F";
  static final String BROKEN = "CanaryInABrokenFile1Zn4Tc7U";

  final Path folder;
  final Path given;
  final Muster muster;
  final HttpServer refusing;
  final Canaries canaries = new Canaries();
  private final CanaryClusters clusters;
  private final Sandbox sandbox;

  CanaryFleet() throws IOException {
    clusters = new CanaryClusters();
    folder = clusters.folder;
    given = clusters.given;
    muster = clusters.muster;
    sandbox = clusters.sandbox;
    refusing = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    refusing.createContext(
        "/",
        exchange -> {
          byte[] echo =
              (exchange.getRequestURI() + " " + exchange.getRequestHeaders().entrySet())
                  .getBytes(StandardCharsets.UTF_8);
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(403, echo.length);
          exchange.getResponseBody().write(echo);
          exchange.close();
        });
    refusing.start();
    sandbox.server().registerToken(PLUGIN, "admin-host");
    sandbox.server().registerToken(FILE, "admin-m1");
    give();
    muster.topology(topology("kubeconfig.yaml"));
    List.of(LOGIN, SEAL, NOTIFY, HOOK, PROXY, PLUGIN, FILE, COMPLAINT, BROKEN)
        .forEach(canary -> canaries.add(canary, canary));
    learn();
    learnGiven();
  }

  private void give() throws IOException {
    write(
        "plugin",
        "#!/bin/sh\n# what it is given\necho '"
            + "{\"apiVersion\":\"client.authentication.k8s.io/v1\",\"kind\":\"ExecCredential\","
            + "\"status\":{\"token\":\""
            + PLUGIN
            + "\"}}'\n");
    write(
        "failing-plugin",
        "#!/bin/sh\necho '{\"status\": {\"token\": \""
            + PLUGIN
            + "\"}}'\necho 'trying again'>&2\necho 'cannot log in: "
            + PLUGIN
            + " is refused, nor does "
            + COMPLAINT
            + " help, password="
            + LOGIN
            + "' >&2\nexit 3\n");
    for (String program : List.of("plugin", "failing-plugin")) {
      Files.setPosixFilePermissions(
          given.resolve(program),
          java.nio.file.attribute.PosixFilePermissions.fromString("rwx------"));
    }
    write("token", FILE + "\n");
    write("m3.key", SEAL + "\n");
    write("notify.key", NOTIFY + "\n");
    write("hook", hook() + "\n");
    write("m2.yaml", sandbox.kubeconfigForHost("m2", Instant.now().plus(Duration.ofDays(300))));
    write("kubeconfig.yaml", kubeconfig(clusters.address("host"), "plugin"));
    write("plugin-fails.yaml", kubeconfig(clusters.address("host"), "failing-plugin"));
    write("unreachable.yaml", kubeconfig("https://u:" + LOGIN + "@127.0.0.1:1/x", "plugin"));
    write(
        "no-tls.yaml",
        kubeconfig(clusters.address("host").replace("http://", "https://"), "plugin"));
    write(
        "proxied.yaml",
        kubeconfig(
            "https://127.0.0.1:1\", \"proxy-url\": \"http://u:" + PROXY + "@127.0.0.1:2",
            "plugin"));
    write(
        "refusing-proxy.yaml",
        kubeconfig(
            "https://127.0.0.1:1\", \"proxy-url\": \"http://u:"
                + PROXY
                + "@127.0.0.1:"
                + refusing.getAddress().getPort(),
            "plugin"));
    write(
        "broken.yaml",
        kubeconfig(clusters.address("host"), "plugin")
            + "- name: more\n  user: {token: \""
            + BROKEN
            + "\n");
    write(
        "broken-key.yaml",
        kubeconfig(clusters.address("host"), "plugin")
            + "- name: more\n  user:\n    client-key-data: "
            + BROKEN
            + ": x: [\n");
  }

  Path write(String name, String text) {
    try {
      return Files.writeString(given.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String kubeconfig(String host, String plugin) {
    return clusters.kubeconfig(
        host,
        """
        - name: host
          user: {exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never, command: ./%s}}
        - {name: m1, user: {tokenFile: token}}
        """
            .formatted(plugin));
  }

  String topology(String kubeconfig) {
    return clusters.topology(kubeconfig, ", labels: {tier: gold}", "cat");
  }

  /** An address with a login, and a secret in its path. */
  String hook() {
    return "http://u:" + LOGIN + "@127.0.0.1:" + refusing.getAddress().getPort() + "/" + HOOK;
  }

  /** A repository that is not there, at an address with a login. */
  String remote() {
    return "http://u:" + LOGIN + "@127.0.0.1:" + refusing.getAddress().getPort() + "/fleet.git";
  }

  Faults faults() {
    return clusters.faults();
  }

  ApiClient kubectl(String cluster) {
    return clusters.kubectl(cluster);
  }

  /** Takes in what is secret in the clusters and in what the user gave by now. */
  void learn() {
    for (String cluster : CanaryClusters.NAMES) {
      ClusterSecrets.learn(cluster, kubectl(cluster), canaries);
    }
  }

  private void learnGiven() {
    for (String file : List.of("kubeconfig.yaml", "m2.yaml")) {
      try {
        String text = Files.readString(given.resolve(file));
        canaries.addKubeconfig(file, text);
        String whole = Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
        if (file.equals("m2.yaml")) {
          // How it begins, and where it leads, is no secret; its key is at the end.
          canaries.add("m2's kubeconfig", whole.substring(whole.length() - 400));
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** All that muster has printed and left behind, but for the kubeconfigs it was asked for. */
  List<String> leaks() {
    learn();
    Path asked = muster.repository().resolve("kube");
    return Places.of(muster, file -> file.startsWith(asked)).holding(canaries);
  }

  @Override
  public void close() {
    refusing.stop(0);
    clusters.close();
  }
}
