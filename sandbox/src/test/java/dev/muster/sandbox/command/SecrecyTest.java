package dev.muster.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.sandbox.client.Kind;
import dev.muster.sandbox.controller.env.Role;
import dev.muster.sandbox.controller.install.Definitions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Secrets planted in every cluster reach no output, no file and no git object. */
@Execution(ExecutionMode.CONCURRENT)
class SecrecyTest extends SecretSearch {

  private static final String ROTATED = "CanaryOfARotation5647382910";
  private static final String BAD = "CanaryWith $(something) in it";

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
      takeOver(fleet);
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

  /** The installer's log says the secret, as `-v` of Ansible does. */
  private static void echoes(Fleet fleet, String cluster) {
    fleet.simulated().failInstaller(cluster, "multicluster", "token " + HOST + " was refused");
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
        results.add(fleet.muster("status", "-o", format));
      }
      for (String format :
          List.of("text", "json", "ndjson", "markdown", "junit", "prometheus", "html")) {
        results.add(fleet.muster("drift", "-o", format));
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
