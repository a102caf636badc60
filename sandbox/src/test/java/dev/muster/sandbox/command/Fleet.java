package dev.muster.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.cli.Main;
import dev.muster.sandbox.client.ApiClient;
import dev.muster.sandbox.client.ApiException;
import dev.muster.sandbox.client.Json;
import dev.muster.sandbox.client.Kind;
import dev.muster.sandbox.client.Trust;
import dev.muster.sandbox.controller.SimulatedFleet;
import dev.muster.sandbox.controller.env.LoadBalancer;
import dev.muster.sandbox.controller.env.Manifest;
import dev.muster.sandbox.controller.env.Timing;
import dev.muster.sandbox.controller.install.Definitions;
import dev.muster.sandbox.server.AuditEntry;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A simulated fleet, a folder under git with its topology, and the program to run on them. */
final class Fleet implements AutoCloseable {
  static final String SYSTEM = "kubesphere-system";
  static final String ADDRESS = "203.0.113.9";
  static final LoadBalancer PENDING = LoadBalancer.pending();
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> WITHOUT_FILE = Set.of("schema", "import", "--help", "--version");
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  final Path folder;
  final Sandbox sandbox;
  private final Collection<AuditEntry> audit = new ConcurrentLinkedQueue<>();

  /** What one run of the program printed, and how it ended. */
  record Result(int code, String out, String err) {
    String all() {
      return out + err;
    }

    Result exits(int expected) {
      assertThat(code).as(all()).isEqualTo(expected);
      return this;
    }

    Result says(String... parts) {
      String said = all().replaceAll("\\s+", " ");
      for (String part : parts) {
        assertThat(said.contains(part)).as("says \"" + part + "\":\n" + all()).isTrue();
      }
      return this;
    }

    JsonNode json() {
      try {
        return JSON.readTree(out);
      } catch (IOException e) {
        throw new UncheckedIOException(out, e);
      }
    }
  }

  private Fleet(Sandbox.Settings settings) {
    try {
      folder = Files.createTempDirectory("muster-fleet");
      Repository.create(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    sandbox = Sandbox.start(settings.withAudit(audit::add));
    write("kubeconfig.yaml", sandbox.server().kubeconfig());
    StringBuilder members = new StringBuilder();
    for (int i = 1; i <= settings.members(); i++) {
      members.append("- name: m").append(i).append('\n');
    }
    boolean pending = settings.loadBalancer().ingress().isEmpty();
    topology(
        pending ? "proxy: {address: \"" + Sandbox.EXPLICIT_ADDRESS + "\"}" : "",
        members.toString());
    if (!pending) {
      until("a host that starts as one has its address", () -> !addressOutstanding());
    }
  }

  /** Tower is there from the start, and its load balancer has not answered yet. */
  private boolean addressOutstanding() {
    return kubectl("host").items(Kind.SERVICE, SYSTEM).stream()
        .anyMatch(
            service ->
                service.at("/metadata/name").asText().equals("tower")
                    && service.at("/status/loadBalancer/ingress").isEmpty());
  }

  static Fleet with(Sandbox.Settings settings) {
    return new Fleet(settings);
  }

  /** Installed clusters that nobody has joined yet; the host's load balancer gives an address. */
  static Sandbox.Settings settings(int members, String version) {
    return Sandbox.Settings.of(members, version, Timing.fast())
        .withLoadBalancer(LoadBalancer.ip(ADDRESS));
  }

  static Fleet of(int members, String version) {
    return new Fleet(settings(members, version));
  }

  /** The same, and joined. */
  static Fleet joined(int members, String version) {
    Fleet fleet = of(members, version);
    try {
      fleet.apply().exits(0);
    } catch (AssertionError e) {
      fleet.close();
      throw e;
    }
    return fleet;
  }

  // --- files

  Path write(String name, String text) {
    try {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void topology(String text) {
    write("topology.yaml", text);
  }

  /** A topology of which a test gives only what it is about: the host's keys and the members. */
  void topology(String host, String members) {
    topology(host, members, "");
  }

  /** With one more key under defaults. */
  void topology(String host, String members, String more) {
    // What does not come soon does not come: no test waits 45 minutes for an installer.
    String defaults =
        more.contains("timeouts")
            ? more
            : more + "\n    timeouts: {installer: 30s, agent: 30s, removal: 30s}";
    topology(
        """
        apiVersion: muster.dev/v1alpha1
        kind: Topology
        metadata: {name: sandbox}
        spec:
          defaults:
            access: {kubeconfig: {file: kubeconfig.yaml}}
        """
            + ("    " + defaults.strip() + "\n")
            + "  host: {name: host"
            + (host.isEmpty() ? "" : ", " + host)
            + "}\n  members:\n"
            + members.stripTrailing().indent(2));
  }

  // --- commands

  Result muster(String... args) {
    return run(false, args);
  }

  Result apply(String... more) {
    List<String> args = new ArrayList<>(List.of("apply", "--yes"));
    args.addAll(List.of(more));
    return muster(args.toArray(String[]::new));
  }

  Result onTerminal(String... args) {
    return run(true, args);
  }

  private Result run(boolean terminal, String... args) {
    List<String> all = new ArrayList<>(List.of(args));
    if (!WITHOUT_FILE.contains(args[0])) {
      all.add("-f");
      all.add(folder.resolve("topology.yaml").toString());
    }
    return started(terminal, all);
  }

  /** With no other arguments than these. */
  Result bare(String... args) {
    return started(false, List.of(args));
  }

  private static Result started(boolean terminal, List<String> all) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        Main.run(new PrintWriter(out), new PrintWriter(err), terminal, all.toArray(String[]::new));
    return new Result(code, out.toString(), err.toString());
  }

  // --- what clients have asked for

  /** The requests since the last call. */
  List<AuditEntry> requests() {
    List<AuditEntry> entries = new ArrayList<>();
    for (var all = audit.iterator(); all.hasNext(); ) {
      entries.add(all.next());
      all.remove();
    }
    return entries;
  }

  /** The writes since the last call, such as {@code m1 patch /apis/...}. */
  List<String> writes() {
    return requests().stream()
        .filter(entry -> !Set.of("get", "list", "watch").contains(entry.verb()))
        .map(entry -> entry.cluster() + " " + entry.verb() + " " + entry.path())
        .toList();
  }

  /** The same without muster's own lock and inventory, which are in no plan. */
  List<String> plannedWrites() {
    return writes().stream()
        .filter(write -> !write.contains("/leases") && !write.contains("/kube-system/configmaps"))
        .toList();
  }

  // --- the clusters

  SimulatedFleet simulated() {
    return sandbox.fleet();
  }

  /** A user with kubectl; left out of the requests above. */
  ApiClient kubectl(String cluster) {
    return ApiClient.of(
            sandbox.server().baseUrl(cluster), sandbox.server().controllerToken(), Trust.jdk())
        .as("kubectl-edit", "kubectl-edit");
  }

  ObjectNode configuration(String cluster) {
    return kubectl(cluster).get(Definitions.CLUSTER_CONFIGURATION, SYSTEM, "ks-installer");
  }

  ObjectNode cluster(String member) {
    return kubectl("host").get(Definitions.CLUSTER, null, member);
  }

  ObjectNode deployment(String cluster, String name) {
    return kubectl(cluster).get(Kind.DEPLOYMENT, SYSTEM, name);
  }

  /** The settings that KubeSphere runs with. */
  JsonNode settings(String cluster) {
    return Manifest.yaml(
        kubectl(cluster)
            .get(Kind.CONFIG_MAP, SYSTEM, "kubesphere-config")
            .at("/data/kubesphere.yaml")
            .asText());
  }

  String jwtSecret(String cluster) {
    return settings(cluster).at("/authentication/jwtSecret").asText();
  }

  String condition(String member, String type) {
    for (JsonNode condition : cluster(member).at("/status/conditions")) {
      if (condition.path("type").asText().equals(type)) {
        return condition.path("status").asText();
      }
    }
    return "";
  }

  /** Edits the spec of a ClusterConfiguration as a person would. */
  void configure(String cluster, String specYaml) {
    ObjectNode patch = Json.object();
    patch.set("spec", Manifest.yaml(specYaml));
    kubectl(cluster).mergePatch(Definitions.CLUSTER_CONFIGURATION, SYSTEM, "ks-installer", patch);
  }

  /** Edits an object that only the host has, with a merge patch in YAML. */
  void edit(String cluster, Kind kind, String namespace, String name, String yaml) {
    kubectl(cluster)
        .mergePatch(kind, namespace.isEmpty() ? null : namespace, name, Manifest.yaml(yaml));
  }

  static void until(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        if (condition.getAsBoolean()) {
          return;
        }
      } catch (ApiException e) {
        if (!e.isNotFound()) {
          throw e;
        }
      }
      assertThat(System.nanoTime()).as("not within " + PATIENCE + ": " + what).isLessThan(deadline);
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Whatever a test was about, the repository of its folder is whole afterwards. */
  private void assertSound() throws IOException {
    if (!Files.exists(folder.resolve(".git"))) {
      return; // a test without a history
    }
    Path said = Files.createTempFile("fsck", ".out");
    try {
      Process fsck =
          new ProcessBuilder("git", "-C", folder.toString(), "fsck", "--full", "--strict")
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start();
      assertThat(fsck.waitFor(60, TimeUnit.SECONDS)).as("git fsck ends").isTrue();
      assertThat(fsck.exitValue()).as(Files.readString(said)).isZero();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } finally {
      Files.delete(said);
    }
  }

  @Override
  public void close() {
    sandbox.close();
    try {
      assertSound();
      Repository.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
