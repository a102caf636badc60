package dev.muster.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The examples for CI: read by those who know the systems, and run as they stand. */
@Timeout(300)
final class CiExamplesIT {
  private static final Path EXAMPLES =
      Binaries.script().resolveSibling("../examples/ci").normalize();
  private static final Path GITHUB = EXAMPLES.resolve("github/muster.yml");
  private static final Path GITLAB = EXAMPLES.resolve("gitlab/.gitlab-ci.yml");
  private static final String TWO = "host: {}\nmembers: [{name: m1}, {name: m2}]\n";
  private static final String LABELLED =
      "host: {}\nmembers: [{name: m1, region: north}, {name: m2}]\n";

  @TempDir private Path folder;

  @Test
  void lintersFindNothing() throws IOException {
    Path actionlint = Tools.tool("actionlint");
    assertThat(lint(actionlint, "-no-color", GITHUB.toString())).isEqualTo("0 ");
    Path schemas = Tools.tool("check-jsonschema");
    String flag = "--builtin-schema";
    assertThat(lint(schemas, flag, "vendor.github-workflows", GITHUB.toString())).startsWith("0 ");
    assertThat(lint(schemas, flag, "vendor.gitlab-ci", GITLAB.toString())).startsWith("0 ");

    Path broken = folder.resolve("broken.yml");
    Files.writeString(broken, Files.readString(GITHUB).replace("runs-on:", "runs-at:"));
    assertThat(lint(actionlint, "-no-color", broken.toString())).startsWith("1 ");
    Files.writeString(broken, Files.readString(GITLAB).replace("script:", "scripts:"));
    assertThat(lint(schemas, flag, "vendor.gitlab-ci", broken.toString())).startsWith("1 ");
  }

  @Test
  void eachActionIsNamedByItsCommit() throws IOException {
    List<String> uses =
        Files.readAllLines(GITHUB).stream().filter(line -> line.contains("uses:")).toList();
    assertThat(uses)
        .isNotEmpty()
        .allMatch(
            line -> line.matches(" *- uses: actions/[a-z-]+@[0-9a-f]{40} # v[0-9]+(\\.[0-9]+){2}"))
        .noneMatch(line -> line.contains("@0000"));
  }

  private String lint(Path program, String... arguments) {
    List<String> command = new java.util.ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    Tools.Said said = Tools.run(folder, Map.of(), command);
    return said.code() + " " + said.text();
  }

  @Test
  void githubShowsAPlanAndAppliesJustThatAndLooksForDrift() throws IOException {
    try (RealFleet fleet = joined()) {
      CiJobs jobs = new CiJobs(GITHUB, fleet.muster().repository(), folder);
      Map<String, String> context = new LinkedHashMap<>();
      context.put("github.token", "t");
      context.put("secrets.MUSTER_READ_KUBECONFIG", fleet.servers().auditedKubeconfig());
      context.put("secrets.MUSTER_KUBECONFIG", fleet.servers().auditedKubeconfig());
      context.put("github.event.pull_request.number", "3");

      request(fleet, LABELLED);
      context.put("github.event.pull_request.head.sha", head(fleet));
      said(jobs.github("plan", temp("p1"), context), 0);
      assertThat(jobs.kept("comment")).contains("cluster.kubesphere.io/region", "north");
      said(jobs.github("plan", temp("p2"), context), 0);
      assertThat(jobs.kept("calls")).containsOnlyOnce("--method POST").containsOnlyOnce("PATCH");

      context.put("github.sha", head(fleet));
      assertThat(said(jobs.github("apply", temp("a0"), context), 1)).contains("nobody has seen");
      jobs.keep("head", context.get("github.event.pull_request.head.sha"));
      fleet.edit("host", RealFleet.registrationPath("m1"), region("elsewhere"));
      assertThat(said(jobs.github("apply", temp("a1"), context), 6)).contains("an empty commit");
      fleet.edit("host", RealFleet.registrationPath("m1"), region(""));
      said(jobs.github("apply", temp("a2"), context), 0);
      assertThat(region(fleet)).isEqualTo("north");
      assertThat(pushed(fleet)).contains("refs/heads/muster/acme");

      said(jobs.github("drift", temp("d1"), context), 0);
      assertThat(jobs.kept("issue")).isEmpty();
      fleet.edit("host", RealFleet.registrationPath("m1"), region("elsewhere"));
      said(jobs.github("drift", temp("d2"), context), 0);
      assertThat(jobs.kept("issue")).contains("cluster.kubesphere.io/region");
      fleet.edit("host", RealFleet.registrationPath("m1"), region("north"));
      said(jobs.github("drift", temp("d3"), context), 0);
      assertThat(jobs.kept("issue")).isEmpty();

      request(fleet, TWO);
      assertThat(said(jobs.github("apply", temp("a3"), context), 6)).contains("had moved");
      assertThat(region(fleet)).isEqualTo("north");
    }
  }

  @Test
  void gitlabShowsAPlanAndAppliesJustThatAndLooksForDrift() throws IOException {
    try (RealFleet fleet = joined()) {
      CiJobs jobs = new CiJobs(GITLAB, fleet.muster().repository(), folder);
      Map<String, String> variables = new LinkedHashMap<>();
      String kubeconfig =
          Files.writeString(folder.resolve("k.yaml"), fleet.servers().auditedKubeconfig())
              .toString();
      variables.put("KUBECONFIG_READ", kubeconfig);
      variables.put("KUBECONFIG_APPLY", kubeconfig);
      variables.put("MUSTER_NOTES_TOKEN", "t");
      variables.put("CI_JOB_TOKEN", "t");
      variables.put("CI_MERGE_REQUEST_IID", "3");
      variables.put("GITLAB_USER_NAME", "Someone");
      variables.put("GITLAB_USER_EMAIL", "someone@example.com");

      request(fleet, LABELLED);
      variables.put("CI_COMMIT_SHA", head(fleet));
      said(jobs.gitlab("plan", variables), 0);
      assertThat(jobs.kept("comment")).contains("cluster.kubesphere.io/region", "north");
      said(jobs.gitlab("plan", variables), 0);
      assertThat(jobs.kept("calls"))
          .containsOnlyOnce("POST https://gitlab.example.com/api/v4/projects/5/merge_requests/3/")
          .containsOnlyOnce("/notes/4711");

      fleet.muster().git("checkout", "--quiet", "-b", "main-then", "HEAD^");
      fleet.muster().git("merge", "--quiet", "--no-ff", "-m", "Merge", "main");
      variables.put("CI_COMMIT_SHA", head(fleet));
      fleet.edit("host", RealFleet.registrationPath("m1"), region("elsewhere"));
      assertThat(said(jobs.gitlab("apply", variables), 6)).contains("an empty commit");
      fleet.edit("host", RealFleet.registrationPath("m1"), region(""));
      said(jobs.gitlab("apply", variables), 0);
      assertThat(region(fleet)).isEqualTo("north");
      assertThat(pushed(fleet)).contains("refs/heads/muster/acme");

      said(jobs.gitlab("drift", variables), 0);
      fleet.edit("host", RealFleet.registrationPath("m1"), region("elsewhere"));
      said(jobs.gitlab("drift", variables), 2);
      assertThat(Files.readString(fleet.muster().repository().resolve("drift.xml")))
          .contains("<failure", "cluster.kubesphere.io/region");
    }
  }

  /** Joined, with a remote of its repository that has what is committed. */
  private RealFleet joined() {
    RealFleet fleet =
        RealFleet.of("3.3").loadBalancer("10.9.8.7").member("m1").member("m2").start();
    Muster muster = fleet.muster();
    muster.git("init", "--quiet", "--bare", folder.resolve("remote.git").toString());
    muster.git("remote", "add", "origin", folder.resolve("remote.git").toString());
    fleet.declare(TWO);
    MusterAssert.assertThat(muster.call("apply", "--yes")).exitsWith(0);
    return fleet;
  }

  private static void request(RealFleet fleet, String hostAndMembers) {
    fleet.declare(hostAndMembers);
  }

  private static String head(RealFleet fleet) {
    return fleet.muster().git("rev-parse", "HEAD").strip();
  }

  private String pushed(RealFleet fleet) {
    return fleet.muster().git("ls-remote", folder.resolve("remote.git").toString());
  }

  private static String region(String name) {
    String value = name.isEmpty() ? "null" : "\"" + name + "\"";
    return "{\"metadata\":{\"labels\":{\"cluster.kubesphere.io/region\":" + value + "}}}";
  }

  private static String region(RealFleet fleet) {
    return fleet
        .registration("m1")
        .path("metadata")
        .path("labels")
        .path("cluster.kubesphere.io/region")
        .asText();
  }

  private Path temp(String name) throws IOException {
    return Files.createDirectories(folder.resolve(name));
  }

  private static String said(Tools.Said said, int code) {
    assertThat(said.code()).as(said.text()).isEqualTo(code);
    return said.text();
  }
}
