package dev.muster.testbed.secret;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.sandbox.client.ApiClient;
import dev.muster.sandbox.client.Json;
import dev.muster.sandbox.client.Kind;
import dev.muster.sandbox.controller.install.Definitions;
import dev.muster.sandbox.fault.Fault;
import dev.muster.sandbox.fault.Request;
import dev.muster.sandbox.fault.Rule;
import dev.muster.testbed.Muster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Every command, in every form, with and without {@code --debug}, when all is well and when nothing
 * is: no secret of the fleet or of its user is printed or left behind. What was run is told in
 * {@code target/leaks/commands.md}.
 */
@Timeout(600)
final class CommandLeaksIT {
  /** They are run, and have no fleet of this test to tell anything of. */
  private static final Map<String, String> LEFT_OUT =
      new TreeMap<>(
          Map.of(
              "demo", "makes its own fleet and takes it away; its steps are the commands here",
              "sandbox", "serves until it is ended; SandboxCommandTest"));

  private static final List<String> DRIFT_FORMATS =
      List.of("text", "json", "ndjson", "markdown", "junit", "prometheus", "html");

  private static final Set<Integer> DOCUMENTED = Set.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 64);

  private final Set<String> covered = new TreeSet<>();
  private final List<String> table = new ArrayList<>();
  private final List<String> wrong = new ArrayList<>();
  private String situation = "";
  private int turn;

  @Test
  void noCommandGivesASecretAway() throws IOException {
    try (CanaryFleet fleet = new CanaryFleet()) {
      situation = "not joined";
      before(fleet);
      join(fleet);
      situation = "drifted";
      drift(fleet);
      everything(fleet);
      List<String> leaks = new ArrayList<>(fleet.leaks());
      failures(fleet);
      leaks.addAll(fleet.leaks());
      tell(leaks);
      assertThat(leaks).as("places with secrets").isEmpty();
    }
    assertThat(wrong).isEmpty();
    Set<String> missing = new TreeSet<>(Commands.all());
    missing.removeAll(covered);
    missing.removeIf(entry -> LEFT_OUT.containsKey(entry.split(" ")[0]));
    assertThat(missing).as("commands and forms that nobody has looked at").isEmpty();
  }

  private void before(CanaryFleet fleet) {
    each(fleet, "validate");
    for (String format : List.of("text", "json", "markdown", "patch")) {
      each(fleet, "plan", "-o", format);
    }
    each(fleet, "plan", "--out", file(fleet, "before.json"));
    each(fleet, "apply", "--yes", "--dry-run=client");
    each(fleet, "apply", "--yes", "--dry-run=server", "-o", "text");
    each(fleet, "plan", "--snapshot", file(fleet, "before.snapshot"), "--exclude", "m3");
  }

  private void join(CanaryFleet fleet) {
    assertThat(one(fleet, "apply", file(fleet, "before.json"), "--yes", "--debug")).isEqualTo(8);
    each(fleet, "plan", "--for", "m3", "--bundle", file(fleet, "m3.bundle"));
    assertThat(
            one(
                fleet,
                "apply",
                file(fleet, "m3.bundle"),
                "--yes",
                "--seal-with",
                "file:" + fleet.given.resolve("m3.key"),
                "--kubeconfig",
                fleet.given.resolve("kubeconfig.yaml").toString(),
                "--context",
                "m3",
                "--debug"))
        .isZero();
    one(
        fleet,
        "apply",
        "--yes",
        "--receipt",
        file(fleet, "m3.bundle.receipt"),
        "--events",
        "ndjson",
        "--debug");
    fleet.learn();
  }

  /** Something secret that differs, wherever there is something secret. */
  private void drift(CanaryFleet fleet) {
    String typed = "CanaryTypedByHand4Tz7Kq9WxP";
    fleet.canaries.add("typed by hand", typed);
    fleet
        .kubectl("m1")
        .edit(
            Definitions.CLUSTER_CONFIGURATION,
            "kubesphere-system",
            "ks-installer",
            it -> it.withObject("/spec/authentication").put("jwtSecret", typed));
    fleet
        .kubectl("host")
        .edit(
            Definitions.CLUSTER,
            null,
            "m1",
            it -> it.withObject("/metadata/labels").put("tier", "tin"));
    fleet
        .kubectl("m1")
        .edit(
            Kind.DEPLOYMENT,
            "kubesphere-system",
            "cluster-agent",
            it ->
                it.at("/spec/template/spec/containers")
                    .forEach(
                        c ->
                            ((com.fasterxml.jackson.databind.node.ObjectNode) c)
                                .putArray("command")
                                .add("/agent")
                                .add("--token=" + typed)));
  }

  private void everything(CanaryFleet fleet) throws IOException {
    String hook = fleet.hook();
    for (String format : List.of("text", "json", "markdown", "patch")) {
      each(fleet, "plan", "-o", format);
      each(fleet, "rotate", "jwt", "--plan", "-o", format);
    }
    for (String shard : List.of("1", "2")) {
      String report = "json=" + file(fleet, "s" + shard);
      one(fleet, "drift", "--shard", shard + "/2", "-o", "json", "--report", report);
    }
    for (String format : DRIFT_FORMATS) {
      each(fleet, "drift", "-o", format, "--report", format + "=" + file(fleet, "drift." + format));
      each(fleet, "drift", "merge", file(fleet, "s1"), file(fleet, "s2"), "-o", format);
    }
    for (String when : List.of("drift", "always")) {
      String key = fleet.given.resolve("notify.key").toString();
      each(fleet, "drift", "--notify", hook, "--notify-key-file", key, "--notify-when", when);
      String told = "watch --for 1s --notify-when " + when + " --notify-key-file ";
      one(fleet, (told + key + " --notify " + hook).split(" "));
      String held = "@" + fleet.given.resolve("hook");
      each(fleet, "drift", "--notify", held, "--notify-key-file", key, "--notify-when", when);
    }
    for (String format : List.of("text", "ndjson")) {
      one(fleet, ("watch --for 1s --debug -o " + format).split(" "));
    }
    for (String run : List.of("client", "server")) {
      each(fleet, "drift", "--heal", "--yes", "--dry-run=" + run);
      each(fleet, "rotate", "jwt", "--yes", "--dry-run=" + run);
      each(fleet, "apply", "--yes", "--dry-run=" + run, "-o", "json");
    }
    each(fleet, "drift", "--accept", "labels");
    for (String format : List.of("text", "json")) {
      each(fleet, "status", "-o", format);
      each(
          fleet,
          "apply",
          "--dry-run",
          "--offline",
          file(fleet, "before.snapshot"),
          "-o",
          format,
          "--out",
          file(fleet, "rehearsal.json"),
          "--out-dir",
          file(fleet, "played"));
    }
    each(fleet, "why");
    each(fleet, "why", "m1");
    for (String step : List.of("host-role", "member-role", "register", "connect", "agent")) {
      each(fleet, "why", "--trace", step);
    }
    each(fleet, "why", "--trace", "agent", "--offline", file(fleet, "before.snapshot"));
    each(fleet, "doctor");
    each(fleet, "lock");
    each(fleet, "lock", "release", "--yes");
    each(fleet, "rbac", "--for", "drift");
    each(fleet, "rbac", "--for", "watch");
    each(fleet, "rbac", "--for", "apply");
    for (String form : List.of("cron", "systemd", "cronjob")) {
      for (String command : List.of("drift", "heal", "apply")) {
        each(
            fleet,
            "schedule",
            "--every",
            "1h",
            "--as",
            form,
            "--command",
            command,
            "--image",
            "i",
            "--config-map",
            "c",
            "--secret",
            "s");
      }
    }
    for (String form : List.of("systemd", "deployment")) {
      each(fleet, "schedule", "--command", "watch", "--as", form, "--image", "i", "--secret", "s");
    }
    each(fleet, "drift", "--heal", "--yes", "--events", "ndjson");
    each(fleet, "rotate", "jwt", "--yes", "--events", "ndjson");
    each(fleet, "apply", "--yes", "--rehearsed", file(fleet, "rehearsal.json"));
    history(fleet);
    each(
        fleet,
        "import",
        "--host-context",
        "host",
        "--kubeconfig",
        kubeconfig(fleet),
        "-o",
        file(fleet, "imported.yaml"),
        "--force",
        "--kubeconfig-dir",
        file(fleet, "kube"));
    each(fleet, "schema");
    each(fleet, "schema", "topology");
    authors(fleet);
    tokens(fleet);
    each(fleet, "help", "apply");
    each(fleet, "generate-completion");
  }

  /** A case that has a secret wherever a plan's author may write one, and that fails. */
  private void authors(CanaryFleet fleet) {
    fleet.write(
        "plan-test.yaml", "apiVersion: muster.dev/v1alpha1\nkind: PlanTest\nplan: kubesphere\n");
    fleet.write(
        "case-topology.yaml",
        """
        apiVersion: muster.dev/v1alpha1
        kind: Topology
        metadata: {name: cases}
        spec: {host: {name: host, proxy: {address: "http://p:1"}}, members: [{name: m1}]}
        """);
    fleet.write(
        "case.yaml",
        """
        apiVersion: muster.dev/v1alpha1
        kind: PlanCase
        about: Secrets everywhere.
        topology: case-topology.yaml
        before:
          host: &cluster
          - {apiVersion: installer.kubesphere.io/v1alpha1, kind: ClusterConfiguration, metadata: {name: ks-installer, namespace: kubesphere-system, labels: {version: v3.3.2}}, spec: {authentication: {jwtSecret: %1$s}}}
          - {apiVersion: v1, kind: ConfigMap, metadata: {name: kubesphere-config, namespace: kubesphere-system}, data: {kubesphere.yaml: "authentication: {jwtSecret: %1$s}"}}
          m1: *cluster
        stages:
        - changes: {}
          gates: {"host-role": open, "member-role[m1]": open}
          after:
            m1:
            - {apiVersion: installer.kubesphere.io/v1alpha1, kind: ClusterConfiguration, metadata: {name: ks-installer, namespace: kubesphere-system}, spec: {authentication: {jwtSecret: another}}}
          whole: {}
        """
            .formatted(CanaryFleet.SEAL));
    String folder = fleet.given.toString();
    for (String format : List.of("text", "json", "junit")) {
      each(fleet, "plan-test", folder, "-o", format);
    }
    each(fleet, "plan-test", folder, "--require-coverage");
    for (String format : List.of("text", "json", "sarif")) {
      each(fleet, "plan-lint", "kubesphere", "-o", format);
    }
    for (String format : List.of("text", "mermaid", "dot", "svg")) {
      each(fleet, "graph", "-o", format);
    }
    each(fleet, "schema", "plan-case");
    fleet.write(
        "old-plan.yaml",
        "apiVersion: muster.dev/v1alpha1\nkind: Plan\n# " + CanaryFleet.SEAL.length() + "\n");
    String old = fleet.given.resolve("old-plan.yaml").toString();
    each(fleet, "migrate", "--dry-run", old);
    each(fleet, "migrate", old, kubeconfig(fleet));
    each(fleet, "plan-pin");
    each(fleet, "plan-pin", "--write");
    String digest = "sha256:" + "0".repeat(64);
    for (String run : List.of("apply", "drift --heal", "rotate jwt")) {
      List<String> words = new ArrayList<>(List.of(run.split(" ")));
      words.addAll(List.of("--yes", "--dry-run=client", "--accept-plan", digest));
      each(fleet, words.toArray(String[]::new));
    }
  }

  /** A plan by which a member issues a token that the host keeps, and then another one. */
  private void tokens(CanaryFleet fleet) {
    ApiClient host = fleet.kubectl("host");
    host.create(Kind.NAMESPACE, Json.parse("{\"metadata\": {\"name\": \"argocd\"}}"));
    host.create(
        Kind.CONFIG_MAP,
        Json.parse("{\"metadata\": {\"name\": \"argocd-cm\", \"namespace\": \"argocd\"}}"));
    Path file =
        fleet.write(
            "delivery.yaml",
            """
            apiVersion: muster.dev/v1alpha1
            kind: Topology
            metadata: {name: delivery}
            spec:
              plan: argocd
              defaults: {access: {kubeconfig: {file: kubeconfig.yaml}}}
              host: {name: host}
              members:
              - {name: m1, server: "https://203.0.113.9:6443", serverReachableFrom: host}
            """);
    for (String time : List.of("first", "renewed")) {
      situation = "a token is issued, " + time;
      for (String command :
          List.of("plan", "plan -o json", "apply --yes --dry-run=server", "apply --yes")) {
        of(file, fleet, command);
      }
      fleet.learn();
      String kept = host.get(Kind.SECRET, "argocd", "cluster-m1").at("/data/config").asText();
      assertThat(fleet.canaries.in(new String(Base64.getDecoder().decode(kept), UTF_8)))
          .as("the token is looked for")
          .isNotEmpty();
      for (String command : List.of("drift -o json", "status", "why m1", "why --trace cluster")) {
        of(file, fleet, command);
      }
      for (String command : List.of("history -o json", "show -o json", "blame m1", "plan")) {
        of(file, fleet, command);
      }
      String snapshot = file(fleet, "delivery-" + time + ".snapshot");
      of(file, fleet, "plan --snapshot " + snapshot);
      of(file, fleet, "apply --dry-run --offline " + snapshot);
      fleet.kubectl("m1").delete(Kind.SERVICE_ACCOUNT, "kube-system", "argocd-manager");
    }
  }

  private void of(Path topology, CanaryFleet fleet, String command) {
    List<String> words = new ArrayList<>(List.of(command.split(" ")));
    words.addAll(List.of("-f", topology.toString(), "--debug"));
    one(fleet, words.toArray(String[]::new));
  }

  private void history(CanaryFleet fleet) {
    String remote = fleet.remote();
    List<String> runs =
        fleet
            .muster
            .git("log", "--format=%(trailers:key=Run-Id,valueonly)", "muster/acme")
            .lines()
            .filter(line -> !line.isBlank())
            .toList();
    String last = runs.get(0);
    String first = runs.get(runs.size() - 1);
    for (String format : List.of("text", "json")) {
      each(fleet, "history", "-o", format);
      each(fleet, "show", "-o", format);
      each(fleet, "show", first, "-o", format);
      each(fleet, "blame", "m1", "-o", format);
      each(fleet, "diff", first, last, "-o", format);
    }
    for (String format : List.of("text", "json", "markdown", "patch")) {
      each(fleet, "rollback", first, "--plan", "-o", format);
    }
    for (String run : List.of("client", "server")) {
      each(fleet, "rollback", first, "--yes", "--dry-run=" + run);
      each(fleet, "rollback", first, "--yes", "--dry-run=" + run, "--accept-plan", "sha256:0");
    }
    each(fleet, "rollback", first, "--yes", "--events", "ndjson");
    each(fleet, "apply", "--yes", "--forward", "--push", remote);
    each(fleet, "history", "--fetch", remote);
    each(fleet, "blame", "host", "--fetch", remote);
    each(fleet, "validate", "-f", "git+" + remote + "//topology.yaml?ref=main");
    each(fleet, "plan", "-f", "git+" + remote + "//topology.yaml?ref=main");
    for (String path :
        fleet.muster.git("ls-tree", "-r", "--name-only", "muster/acme").lines().toList()) {
      one(fleet, "show", "--path", path);
    }
  }

  private void failures(CanaryFleet fleet) {
    Predicate<Request> all = request -> true;
    Predicate<Request> writes =
        request -> !List.of("get", "list", "watch").contains(request.verb());
    during(fleet, "401 repeats each request", Rule.always(all, new Fault.Echo(401)));
    during(fleet, "500 repeats each request", Rule.always(all, new Fault.Echo(500)));
    during(fleet, "422 repeats each write", Rule.always(writes, new Fault.Echo(422)));
    for (String kubeconfig :
        List.of(
            "plugin-fails",
            "unreachable",
            "no-tls",
            "proxied",
            "refusing-proxy",
            "broken",
            "broken-key",
            "missing")) {
      situation = "kubeconfig " + kubeconfig;
      fleet.muster.write("topology.yaml", fleet.topology(kubeconfig + ".yaml"));
      failing(fleet);
      each(
          fleet,
          "import",
          "--host-context",
          "host",
          "--kubeconfig",
          fleet.given.resolve(kubeconfig + ".yaml").toString(),
          "-o",
          file(fleet, "nothing.yaml"),
          "--force");
    }
    fleet.muster.write("topology.yaml", fleet.topology("kubeconfig.yaml"));
    situation = "files with mistakes";
    fleet.write("m2.yaml", "users:\n- user: {token: \"" + CanaryFleet.BROKEN + "\n  x: [}\n");
    each(fleet, "plan");
    fleet.write("token", "\n");
    each(fleet, "plan");
    for (String key : List.of("token", "password", "kubeconfig", "jwtSecret")) {
      fleet.muster.write(
          "topology.yaml",
          fleet.topology("kubeconfig.yaml")
              + "  - {name: m4, "
              + key
              + ": \""
              + CanaryFleet.BROKEN
              + "\"}\n");
      each(fleet, "validate");
    }
    fleet.muster.write("topology.yaml", fleet.topology("kubeconfig.yaml"));
    situation = "wrong command lines";
    each(fleet, "drift", "--notifi", fleet.hook());
    each(fleet, "drift", "--notify", "ftp" + fleet.hook());
    each(fleet, "apply", "--push=" + fleet.hook(), "--dry-runn");
    each(fleet, fleet.hook());
  }

  private void during(CanaryFleet fleet, String what, Rule rule) {
    situation = what;
    fleet.faults().add(rule);
    failing(fleet);
    fleet.faults().lift();
  }

  private void failing(CanaryFleet fleet) {
    one(fleet, "plan", "-o", "json", "--debug");
    one(fleet, "apply", "--yes", "--debug");
    one(fleet, "drift", "-o", "html", "--debug");
    one(fleet, "watch", "--for", "1s", "-o", "text", "--debug");
    one(fleet, "doctor", "--debug");
  }

  private static String file(CanaryFleet fleet, String name) {
    return fleet.muster.repository().resolve(name).toString();
  }

  private static String kubeconfig(CanaryFleet fleet) {
    return fleet.given.resolve("kubeconfig.yaml").toString();
  }

  /** With and without debug output; in a bounded run one of them, by turns. */
  private void each(CanaryFleet fleet, String... words) {
    turn++;
    if (WHOLE || turn % 2 == 0) {
      one(fleet, words);
    }
    if (WHOLE || turn % 2 == 1) {
      one(fleet, Commands.with(List.of(words), "--debug"));
    }
  }

  private int one(CanaryFleet fleet, String... words) {
    List<String> line = new ArrayList<>(List.of(words));
    Collection<String> about = Commands.covered(ALL, line);
    covered.addAll(about);
    boolean topology =
        !line.contains("-f")
            && Set.of(
                    "import",
                    "schema",
                    "plan-test",
                    "plan-lint",
                    "migrate",
                    "help",
                    "generate-completion")
                .stream()
                .noneMatch(line.get(0)::equals)
            && !(line.get(0).equals("drift") && line.get(1).equals("merge"))
            && !line.get(0).contains("://");
    Muster.Result result = topology ? fleet.muster.call(words) : fleet.muster.callAsIs(words);
    String shown =
        String.join(" ", line)
            .replace(fleet.folder.toString(), "")
            .replace(fleet.hook(), "URL")
            .replace(fleet.remote(), "REMOTE")
            .replaceAll("\\b\\d{8}-\\d{6}-\\w+", "RUN");
    table.add("| " + situation + " | " + shown + " | " + result.exit() + " |");
    if (!DOCUMENTED.contains(result.exit()) || result.err().contains("fault in muster itself")) {
      wrong.add(situation + ": " + result);
    }
    return result.exit();
  }

  private static final boolean WHOLE = System.getProperty("muster.sweep", "").equals("whole");
  private static final Set<String> ALL = new LinkedHashSet<>(Commands.all());

  private void tell(List<String> leaks) throws IOException {
    StringBuilder text = new StringBuilder();
    text.append(table.size()).append(" calls of ").append(covered.size());
    text.append(" commands and forms; places with secrets: ").append(leaks.size()).append("\n\n");
    text.append("| situation | muster | exit code |\n|---|---|---|\n");
    table.forEach(row -> text.append(row).append('\n'));
    LEFT_OUT.forEach(
        (name, why) -> text.append("\n- not run: ").append(name).append(", it ").append(why));
    Path folder = Files.createDirectories(Path.of("target", "leaks"));
    Files.writeString(folder.resolve("commands.md"), text.append('\n').toString());
  }
}
