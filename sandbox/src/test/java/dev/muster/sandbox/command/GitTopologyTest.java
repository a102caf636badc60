package dev.muster.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The topology is what a commit says, whatever lies in the work tree. */
class GitTopologyTest {
  @TempDir Path temp;

  private String git(Path dir, String... args) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("git", "-c", "user.name=Ann Example"));
    command.addAll(List.of("-c", "user.email=ann@example.org", "-C", dir.toString()));
    command.addAll(List.of(args));
    Path out = Files.createTempFile(temp, "git", ".out");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile()).start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    String text = Files.readString(out);
    assertThat(process.exitValue()).as(command + ": " + text).isZero();
    return text.strip();
  }

  private String committed(Fleet fleet) throws Exception {
    git(fleet.folder, "add", "topology.yaml");
    git(fleet.folder, "commit", "-q", "-m", "Declare the sandbox");
    return git(fleet.folder, "rev-parse", "HEAD");
  }

  private static Fleet.Result at(Fleet fleet, String topology, String... args) {
    List<String> all = new ArrayList<>(List.of(args));
    all.addAll(List.of("-f", topology));
    return fleet.bare(all.toArray(String[]::new));
  }

  @Test
  void plansAndAppliesACommitAndRecordsIt() throws Exception {
    try (Fleet fleet = Fleet.of(1, "3.3")) {
      String commit = committed(fleet);
      fleet.topology("", "- name: m1\n  groupe: not yet right\n");
      fleet.muster("plan").exits(1);
      fleet.muster("plan", "--git-ref", "main").exits(0).says("to create");
      Path saved = temp.resolve("changes.json");
      fleet.muster("plan", "--git-ref", "main", "--out", saved.toString()).exits(0);
      fleet.muster("apply", saved.toString(), "--yes").exits(0);
      fleet.topology("", "- name: m1\n");
      fleet
          .muster("show")
          .exits(0)
          .says(
              "from commit " + commit.substring(0, 10) + " \"Declare the sandbox\" by Ann Example");
      assertThat(
              git(
                  fleet.folder,
                  "log",
                  "-1",
                  "--format=%(trailers:key=Topology-Commit,valueonly)",
                  "muster/sandbox"))
          .isEqualTo(commit);

      fleet.topology("", "- name: m1\n  group: x\n");
      fleet.muster("plan", "--require-clean").exits(5).says("is not as committed");
      fleet.muster("plan", "--require-clean", "--git-ref", "HEAD").exits(0);
      fleet.muster("plan", "--git-ref", "nonsense").exits(1).says("has no commit \"nonsense\"");
      String name = "git+file://" + fleet.folder + "//topology.yaml?ref=main";
      at(fleet, name, "validate")
          .exits(0)
          .says("topology.yaml@" + commit.substring(0, 10) + " is valid");
      git(fleet.folder, "fsck", "--strict");
    }
  }

  @Test
  void takesAllThatTheTopologyNamesFromABareRepository() throws Exception {
    try (Fleet fleet = Fleet.of(1, "3.3")) {
      fleet.write(
          "fleet/topology.yaml",
          Files.readString(fleet.folder.resolve("topology.yaml"))
              .replace("file: kubeconfig.yaml", "file: ../kube/config.yaml"));
      fleet.write("kube/config.yaml", Files.readString(fleet.folder.resolve("kubeconfig.yaml")));
      git(fleet.folder, "add", "fleet", "kube");
      git(fleet.folder, "commit", "-q", "-m", "Declare the sandbox");
      String commit = git(fleet.folder, "rev-parse", "HEAD");
      Path bare = temp.resolve("fleet.git");
      git(temp, "clone", "-q", "--bare", fleet.folder.toString(), bare.toString());
      String name = "git+file://" + bare + "//fleet/topology.yaml?ref=main";
      at(fleet, name, "apply", "--yes").exits(0).says("recorded on branch muster/sandbox");
      assertThat(
              git(
                  bare,
                  "log",
                  "-1",
                  "--format=%(trailers:key=Topology-Commit,valueonly)",
                  "muster/sandbox"))
          .isEqualTo(commit);
      at(fleet, name, "history").exits(0).says(commit.substring(0, 7));
      at(fleet, name, "drift").exits(0);
      at(fleet, "git+file://" + bare + "//no/topology.yaml", "plan")
          .exits(1)
          .says("has no file no/topology.yaml", "git ls-tree");
      git(fleet.folder, "rm", "-q", "--cached", "kube/config.yaml");
      git(fleet.folder, "commit", "-q", "-m", "Keep the kubeconfig to ourselves");
      git(fleet.folder, "push", "-q", bare.toString(), "main");
      at(fleet, name, "plan").exits(1).says("neither in its commit nor in", "../kube/config.yaml");
      at(fleet, "git+file://" + fleet.folder + "//fleet/topology.yaml", "plan").exits(0);
      at(fleet, "git+file://" + bare, "plan").exits(1).says("names no file in a repository");
      git(bare, "fsck", "--strict");
    }
  }

  @Test
  void refusesAManifestThatTheCommitDoesNotHave() throws Exception {
    try (Fleet fleet = Fleet.of(1, "3.3")) {
      fleet.topology("install: {manifests: [{file: extra.yaml}]}", "- name: m1\n");
      fleet.write(
          "extra.yaml",
          "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x, namespace: default}\n");
      committed(fleet);
      fleet.muster("validate").exits(0);
      fleet.muster("plan", "--require-clean").exits(5).says("extra.yaml");
      fleet
          .muster("validate", "--git-ref", "HEAD")
          .exits(1)
          .says("extra.yaml is not in the commit");
    }
  }
}
