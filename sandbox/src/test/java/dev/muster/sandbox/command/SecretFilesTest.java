package dev.muster.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.sandbox.client.Kind;
import dev.muster.sandbox.controller.env.Role;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Secrets that are carried, or in files that a topology names, reach no output and no file. */
@Execution(ExecutionMode.CONCURRENT)
class SecretFilesTest extends SecretSearch {

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
      // The reports that were asked for lie there too.
      assertThat(
              files
                  .map(file -> file.getFileName().toString())
                  .filter(name -> !name.startsWith("drift.")))
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
      takeOver(fleet);
      nothingIn("what was printed", String.join("\n", said));
      secrets.remove(fleet.sandbox.server().token("m1"));
      nothingInFiles(fleet.folder);
    }
  }
}
