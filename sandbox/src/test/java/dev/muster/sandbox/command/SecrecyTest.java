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
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Secrets planted in every cluster reach no output, no file and no git object. */
@Execution(ExecutionMode.CONCURRENT)
class SecrecyTest {
  private static final String HOST = "CanaryOfTheHost0123456789abcdefg";
  private static final String MEMBER = "CanaryOfMember";
  private static final String EDITED = "CanaryTypedByHand9876543210";

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
      assertThat(run(fleet, "apply", file, "--yes", "--debug").code()).isNotZero();
      run(fleet, "apply", "--yes");
      run(fleet, "history");

      nothingIn("what was printed", String.join("\n", said));
      nothingInFiles(fleet.folder);
      String inventory = fleet.kubectl("host").list(Kind.CONFIG_MAP, "kube-system").toString();
      assertThat(inventory).contains("spec.authentication.jwtSecret");
      nothingIn("the inventory on the host", inventory);
    }
  }

  private static final String AGAIN =
      "{spec: {template: {metadata: {annotations: {again: 'yes'}}}}}";

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
