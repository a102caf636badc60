package dev.muster.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.sandbox.client.Kind;
import dev.muster.sandbox.controller.env.Role;
import dev.muster.sandbox.controller.install.Definitions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Secrets planted in every cluster reach no output, no file and no git object. */
@Execution(ExecutionMode.CONCURRENT)
class SecrecyTest {
  private static final String HOST = "CanaryOfTheHost0123456789abcdefg";
  private static final String MEMBER = "CanaryOfMember";
  private static final String EDITED = "CanaryTypedByHand9876543210";

  private static final String ROTATED = "CanaryOfARotation5647382910";
  private static final String BAD = "CanaryWith $(something) in it";

  private final Set<String> secrets =
      new LinkedHashSet<>(List.of(HOST, MEMBER, EDITED, "Password: "));
  private final List<String> said = new ArrayList<>();

  @Test
  void printsAndKeepsNoSecret() throws IOException {
    try (Fleet fleet =
        Fleet.with(
            Fleet.settings(2, "3.3")
                .withEach(
                    setup ->
                        setup.name().equals("host")
                            ? setup.withRole(Role.HOST).withJwtSecret(HOST)
                            : setup.withJwtSecret(MEMBER + setup.name() + "xxxxxxxxxxxxx")))) {
      String file = fleet.folder.resolve("changes.json").toString();
      all(fleet, "plan", "--out", file);
      rehearse(fleet, "before.json", 0);
      run(fleet, "apply", "--yes", "--dry-run=client");
      run(fleet, "apply", "--yes", "--dry-run=server");
      echoes(fleet, "m1");
      fleet.simulated().failInstaller("m2", "ks-core", "cannot use jwtSecret " + HOST);
      assertThat(run(fleet, "apply", file, "--yes").code()).isEqualTo(4);
      all(fleet, "why");
      fleet.simulated().repairInstaller("m2", "ks-core");
      fleet.edit("m2", Kind.DEPLOYMENT, Fleet.SYSTEM, "ks-installer", AGAIN);
      assertThat(run(fleet, "apply", "--yes", "--events", "ndjson").code()).isEqualTo(0);
      for (String member : List.of("m1", "m2")) {
        secrets.add(fleet.cluster(member).at("/spec/connection/token").asText());
        secrets.add(fleet.cluster(member).at("/spec/connection/kubeconfig").asText());
      }
      fleet.configure("m1", "{authentication: {jwtSecret: " + EDITED + "}}");
      fleet.edit(
          "m2",
          Kind.DEPLOYMENT,
          Fleet.SYSTEM,
          "cluster-agent",
          "{spec: {template: {spec: {containers: [{name: agent, image: x, command: [/agent, '--token="
              + EDITED
              + "']}]}}}}");
      fleet.edit(
          "host", Definitions.CLUSTER, "", "m1", "{spec: {connection: {token: " + EDITED + "}}}");
      commands(fleet);
      rehearse(fleet, "after.json", 0);
      rehearsed(fleet, "before.json");
      all(
          fleet,
          "import",
          "--host-context",
          "host",
          "--kubeconfig",
          fleet.folder.resolve("kubeconfig.yaml").toString(),
          "-o",
          fleet.folder.resolve("imported.yaml").toString());
      assertThat(run(fleet, "apply", file, "--yes", "--debug").code()).isNotZero();
      run(fleet, "apply", "--yes");
      rotations(fleet);
      run(fleet, "history");

      nothingIn("what was printed", String.join("\n", said));
      nothingInFiles(fleet.folder);
      String inventory = fleet.kubectl("host").list(Kind.CONFIG_MAP, "kube-system").toString();
      assertThat(inventory).contains("spec.authentication.jwtSecret");
      nothingIn("the inventory on the host", inventory);
    }
  }

  /** One with a value from a program, one that fails at first, and one that is generated. */
  private void rotations(Fleet fleet) throws IOException {
    fleet.simulated().repairInstaller("m1", "multicluster");
    Path given = Files.createTempFile("given", "");
    Files.writeString(given, ROTATED + "\n");
    secrets.add(ROTATED);
    String[] source = {"--from-exec", "[cat, " + given + "]"};
    all(fleet, "rotate", "jwt", "--plan", source[0], source[1]);
    for (String format : List.of("text", "json", "markdown", "patch")) {
      all(fleet, "rotate", "jwt", "--plan", "-o", format);
    }
    all(fleet, "rotate", "jwt", "--yes", "--dry-run=server", source[0], source[1]);
    String snapshot = fleet.folder.resolve("rotation.json").toString();
    all(fleet, "plan", "--snapshot", snapshot);
    for (String format : List.of("text", "json")) {
      String[] rotate = {"rotate", "jwt", "--dry-run", "--offline", snapshot, "-o", format};
      all(fleet, Stream.concat(Stream.of(rotate), Stream.of(source)).toArray(String[]::new));
    }
    fleet.simulated().failInstaller("m1", "ks-core", "cannot use jwtSecret " + ROTATED);
    all(fleet, "rotate", "jwt", "--yes", source[0], source[1]);
    assertThat(fleet.jwtSecret("host")).isEqualTo(ROTATED);
    commands(fleet);
    fleet.simulated().repairInstaller("m1", "ks-core");
    fleet.edit("m1", Kind.DEPLOYMENT, Fleet.SYSTEM, "ks-installer", AGAIN);
    run(fleet, "rotate", "jwt", "--yes", "--events", "ndjson").exits(0);
    Files.writeString(given, BAD);
    secrets.add(BAD);
    run(fleet, "rotate", "jwt", "--yes", "--from-file", given.toString()).exits(5);
    Files.delete(given);
    run(fleet, "rotate", "jwt", "--yes", "--debug").exits(0);
    secrets.add(fleet.jwtSecret("host"));
    assertThat(fleet.jwtSecret("m2")).isEqualTo(fleet.jwtSecret("host")).isNotEqualTo(ROTATED);
    commands(fleet);
    nothingIn(
        "the inventory", fleet.kubectl("host").items(Kind.CONFIG_MAP, "kube-system").toString());
  }

  private static final String AGAIN =
      "{spec: {template: {metadata: {annotations: {again: 'yes'}}}}}";

  /**
   * Neither the text nor its key or token; also where it is wrong, replaced, or printed by a
   * program.
   */
  @Test
  void printsAndKeepsNothingOfAKubeconfig(@TempDir Path elsewhere) throws IOException {
    secrets.clear();
    try (Fleet fleet = Fleet.of(1, "3.3")) {
      Path file = elsewhere.resolve("m1.yaml");
      plant(fleet, file, Duration.ofDays(20));
      fleet.topology("sharesLoopback: true", direct("{file: " + file + "}"));
      String saved = fleet.folder.resolve("changes.json").toString();
      all(fleet, "plan", "--out", saved);
      run(fleet, "apply", "--yes", "--dry-run=client");
      run(fleet, "apply", "--yes", "--dry-run=server");
      rehearse(fleet, "joining.json", 0);
      assertThat(run(fleet, "apply", saved, "--yes", "--debug").code()).isZero();
      // Another content on the host, another one in the file.
      plant(fleet, file, Duration.ofDays(300));
      commands(fleet);
      run(fleet, "drift", "--expiring", "400d", "-o", "json");
      rehearse(fleet, "another.json", 0);
      rehearsed(fleet, "joining.json");
      rehearsed(fleet, "another.json");
      plant(fleet, file, Duration.ofDays(200));
      assertThat(run(fleet, "apply", "--yes", "--events", "ndjson").code()).isZero();
      String good = Files.readString(file);
      Files.writeString(file, good.replaceAll("current-context: .*", "current-context: gone"));
      all(fleet, "validate");
      Files.writeString(file, good.replaceAll("token: .*", "token: canary-withdrawn-0123456789"));
      secrets.add("canary-withdrawn-0123456789");
      commands(fleet);
      Files.writeString(file, good);
      Path program = elsewhere.resolve("leak");
      Files.writeString(program, "#!/bin/sh\ncat " + file + "\ncat " + file + " >&2\nexit 3\n");
      assertThat(program.toFile().setExecutable(true)).isTrue();
      fleet.topology("sharesLoopback: true", direct("{exec: [" + program + "]}"));
      assertThat(run(fleet, "plan", "--debug").code()).isEqualTo(1);

      nothingIn("what was printed", String.join("\n", said));
      // The runner's own kubeconfig lies there and has the same token.
      secrets.remove(fleet.sandbox.server().token("m1"));
      nothingInFiles(fleet.folder);
    }
  }

  /**
   * Neither what is sealed nor the key; the files are for their owner alone, and nothing else is
   * left.
   */
  @Test
  void printsAndKeepsNothingOfWhatIsCarried(@TempDir Path elsewhere) throws IOException {
    secrets.clear();
    secrets.addAll(List.of(HOST, MEMBER, Courier.KEY, "Password: "));
    try (Fleet fleet =
        Fleet.with(
            Fleet.settings(2, "3.3")
                .withEach(
                    setup ->
                        setup.name().equals("host")
                            ? setup.withRole(Role.HOST).withJwtSecret(HOST)
                            : setup.withJwtSecret(MEMBER + setup.name() + "xxxxxxxxxxxxx")))) {
      Path key = Files.writeString(elsewhere.resolve("key"), Courier.KEY + "\n");
      String access = "access: {courier: {sealWith: {file: \"%s\"}}}".formatted(key);
      fleet.topology("", "- name: m1\n- {name: m2, " + access + "}");
      Path bundle = fleet.folder.resolve("m2.bundle");
      String[] there = {
        "apply",
        "--yes",
        bundle.toString(),
        "--seal-with",
        "file:" + key,
        "--debug",
        "--kubeconfig",
        fleet.folder.resolve("kubeconfig.yaml").toString()
      };
      all(fleet, "plan", "--for", "m2", "--bundle", bundle.toString());
      all(fleet, "apply", "--yes");
      secrets.add(fleet.cluster("m2").at("/spec/connection/token").asText());
      carried(fleet, bundle, there);
      // Something secret that differs, and a change that is left for the courier.
      fleet.configure("m2", "{authentication: {jwtSecret: " + EDITED + "}}");
      secrets.add(EDITED);
      run(fleet, there).exits(0);
      all(fleet, "rotate", "jwt", "--yes");
      secrets.add(fleet.jwtSecret("host"));
      secrets.add(fleet.cluster("m2").at("/spec/connection/kubeconfig").asText());
      carried(fleet, bundle, there);
      Files.writeString(bundle, Files.readString(bundle).replace('A', 'B'));
      run(fleet, there).exits(1);
      Files.writeString(key, "CanaryOfAnotherKey0123456789");
      secrets.add("CanaryOfAnotherKey0123456789");
      run(fleet, there).exits(1);
      commands(fleet);

      nothingIn("what was printed", String.join("\n", said));
      nothingInFiles(fleet.folder);
      nothingIn(
          "the inventory", fleet.kubectl("host").items(Kind.CONFIG_MAP, "kube-system").toString());
    }
  }

  private void carried(Fleet fleet, Path bundle, String[] there) throws IOException {
    for (String format : List.of("text", "json", "markdown", "patch")) {
      all(fleet, "plan", "--for", "m2", "--bundle", bundle.toString(), "-o", format);
    }
    run(fleet, there).exits(0);
    commands(fleet);
    Path receipt = bundle.resolveSibling(bundle.getFileName() + ".receipt");
    all(fleet, "apply", "--yes", "--receipt", receipt.toString());
    commands(fleet);
    for (Path file : List.of(bundle, receipt, fleet.folder.resolve("m2.receipt"))) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .as(file.toString())
          .isEqualTo("rw-------");
    }
    try (Stream<Path> files = Files.list(fleet.folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(
              ".git",
              "topology.yaml",
              "kubeconfig.yaml",
              "m2.bundle",
              "m2.bundle.receipt",
              "m2.receipt");
    }
  }

  /** KubeSphere 4: what the chart of a member is given. */
  @Test
  void printsAndKeepsNothingOfValuesWithSecrets(@TempDir Path elsewhere) throws IOException {
    secrets.clear();
    try (Fleet fleet = Fleet.with(Fleet.settings(1, "4.1"))) {
      Path kubeconfig = elsewhere.resolve("m1.yaml");
      plant(fleet, kubeconfig, Duration.ofDays(300));
      Path values = elsewhere.resolve("values.yaml");
      String text = "agent: {replicaCount: 1}\nadminPwd: " + EDITED + "\nshort: Pw-31x\n";
      Files.writeString(values, text);
      byte[] bytes = text.strip().getBytes(StandardCharsets.UTF_8);
      secrets.addAll(
          List.of(EDITED, "Pw-31x", Base64.getEncoder().encodeToString(bytes).substring(0, 60)));
      fleet.topology(
          "sharesLoopback: true",
          direct("{file: " + kubeconfig + "}")
              .replaceFirst("}$", ", valuesFrom: {file: " + values + "}}"));
      String saved = fleet.folder.resolve("changes.json").toString();
      all(fleet, "plan", "--out", saved);
      commands(fleet);
      rehearse(fleet, "before.json", 0);
      assertThat(run(fleet, "apply", saved, "--yes", "--debug").code()).isZero();
      Files.writeString(values, text.replace("Count: 1", "Count: 2"));
      commands(fleet);
      rehearse(fleet, "after.json", 0);
      rehearsed(fleet, "before.json");
      rehearsed(fleet, "after.json");
      assertThat(fleet.deployment("m1", "ks-agent").at("/spec/replicas").asInt()).isEqualTo(2);
      all(
          fleet,
          "import",
          "--host-context",
          "host",
          "--kubeconfig",
          fleet.folder.resolve("kubeconfig.yaml").toString(),
          "-o",
          fleet.folder.resolve("imported.yaml").toString());
      nothingIn("what was printed", String.join("\n", said));
      secrets.remove(fleet.sandbox.server().token("m1"));
      nothingInFiles(fleet.folder);
    }
  }

  private static String direct(String source) {
    return "- {name: m1, connection: direct, kubeconfig: " + source + "}";
  }

  private void plant(Fleet fleet, Path file, Duration valid) throws IOException {
    String text = fleet.sandbox.kubeconfigForHost("m1", Instant.now().plus(valid));
    Files.writeString(file, text);
    Matcher key = Pattern.compile("client-key-data\"?: *\"?([A-Za-z0-9+/=]+)").matcher(text);
    assertThat(key.find()).isTrue();
    secrets.add(key.group(1));
    secrets.add(key.group(1).substring(0, 60));
    secrets.add(fleet.sandbox.server().token("m1"));
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    String base64 = Base64.getEncoder().encodeToString(bytes);
    // A part of its key; how it begins, and where it leads, is no secret.
    secrets.add(base64.substring(base64.length() - 300, base64.length() - 100));
    secrets.add(text.strip());
  }

  private void rehearse(Fleet fleet, String name, int code) {
    String snapshot = fleet.folder.resolve(name).toString();
    all(fleet, "plan", "--snapshot", snapshot);
    for (String format : List.of("text", "json")) {
      Fleet.Result played =
          run(
              fleet,
              "apply",
              "--dry-run=client",
              "--offline",
              snapshot,
              "-o",
              format,
              "--out",
              snapshot + ".rehearsal",
              "--out-dir",
              snapshot + ".final",
              "--debug");
      assertThat(played.code()).as(played.all()).isEqualTo(code);
    }
  }

  /** What is held to a rehearsal, however it ends. */
  private void rehearsed(Fleet fleet, String name) {
    String rehearsal = fleet.folder.resolve(name) + ".rehearsal";
    all(fleet, "apply", "--yes", "--rehearsed", rehearsal);
    run(fleet, "apply", "--yes", "--rehearsed", rehearsal, "--events", "ndjson");
  }

  private void commands(Fleet fleet) {
    run(fleet, "validate");
    for (String format : List.of("text", "json", "markdown", "patch")) {
      all(fleet, "plan", "-o", format);
    }
    for (String format : List.of("text", "json")) {
      all(fleet, "drift", "-o", format);
      all(fleet, "status", "-o", format);
      all(fleet, "history", "-o", format);
    }
    all(fleet, "why");
    all(fleet, "why", "m1");
    all(fleet, "doctor");
    all(fleet, "lock");
    all(fleet, "show");
    for (String path : List.of("topology.yaml", "plan.yaml", "change-set.json", "result.json")) {
      run(fleet, "show", "--path", path);
    }
    run(fleet, "schema");
  }

  private void all(Fleet fleet, String... args) {
    List<String> debug = new ArrayList<>(List.of(args));
    debug.add("--debug");
    run(fleet, debug.toArray(String[]::new));
  }

  private Fleet.Result run(Fleet fleet, String... args) {
    Fleet.Result result = fleet.muster(args);
    assertThat(result.all()).as(String.join(" ", args)).doesNotContain("fault in muster itself");
    said.add("$ " + String.join(" ", args) + "\n" + result.all());
    return result;
  }

  /** The installer's log says the secret, as `-v` of Ansible does. */
  private static void echoes(Fleet fleet, String cluster) {
    fleet.simulated().failInstaller(cluster, "multicluster", "token " + HOST + " was refused");
  }

  private void nothingIn(String where, String text) {
    for (String secret : secrets) {
      int at = text.indexOf(secret);
      assertThat(at)
          .as(
              () ->
                  where
                      + " has "
                      + secret
                      + " in: "
                      + text.substring(Math.max(0, at - 300), Math.min(text.length(), at + 50)))
          .isNegative();
    }
  }

  private void nothingInFiles(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> paths = Files.walk(folder)) {
      files = paths.filter(Files::isRegularFile).toList();
    }
    int objects = 0;
    for (Path file : files) {
      byte[] bytes = Files.readAllBytes(file);
      nothingIn(file.toString(), new String(bytes, StandardCharsets.ISO_8859_1));
      if (file.toString().matches(".*/objects/[0-9a-f]{2}/[0-9a-f]{38}")) {
        objects++;
        try (InflaterInputStream in = new InflaterInputStream(new ByteArrayInputStream(bytes))) {
          nothingIn(file.toString(), new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
        }
      } else {
        assertThat(file.toString())
            .as("no packs, which this does not open")
            .doesNotEndWith(".pack");
      }
    }
    assertThat(objects).isGreaterThan(10);
  }

  @Test
  void letsNoEscapeSequenceThrough() {
    String escape = "\u001b]0;owned\u0007\u001b[2J\u202e\u009b31m";
    try (Fleet fleet = Fleet.of(2, "3.3")) {
      fleet.simulated().failInstaller("m1", "ks-config", "before" + escape + "after");
      fleet.simulated().failInstaller("m2", "ks-core", "before" + escape + "after");
      fleet.configure("m1", "{multicluster: {clusterRole: \"none\\e[31m\\x07\"}}");
      List<Fleet.Result> results = new ArrayList<>();
      for (String format : List.of("text", "json", "markdown", "patch")) {
        results.add(fleet.muster("plan", "-o", format));
      }
      results.add(fleet.apply().exits(4));
      results.add(fleet.muster("why"));
      fleet.configure("m1", "{multicluster: {clusterRole: \"x\\e[31m\\x07\"}}");
      for (String format : List.of("text", "json")) {
        results.add(fleet.muster("drift", "-o", format));
        results.add(fleet.muster("status", "-o", format));
      }
      results.add(fleet.muster("doctor"));
      results.add(fleet.muster("show"));
      results.add(fleet.muster("history"));
      results.add(fleet.muster("plan", "--" + escape));
      results.add(fleet.muster("why", "m" + escape));
      results.add(fleet.muster("plan", "--only", "m" + escape));
      for (Fleet.Result result : results) {
        assertThat(result.all()).doesNotContain("\u001b", "\u0007", "\u009b", "\u202e");
      }
    }
  }
}
