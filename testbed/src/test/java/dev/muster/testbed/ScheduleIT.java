package dev.muster.testbed;

import static dev.muster.testbed.MusterAssert.assertThat;
import static dev.muster.testbed.RealFleet.HOST;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.schedule.Every;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code muster schedule} prints, as those take it for whom it is meant. */
@Timeout(300)
final class ScheduleIT {
  private static final String TOPOLOGY =
      """
      apiVersion: muster.dev/v1alpha1
      kind: Topology
      metadata: {name: acme}
      spec:
        host: {}
        members:
        - {name: m1}
        - {name: m2, access: {kubeconfig: {file: kube/m2.yaml}}}
        - {name: m3, connection: direct, kubeconfig: {env: M3_KUBECONFIG}}
      """;
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  /** The program looks at each line, and at nothing but its own form. */
  @Test
  void cronTakesTheLinesWhateverThePathsAreLike() throws IOException {
    Path crontab = Tools.tool("crontab");
    Path odd = Files.createDirectories(folder.resolve("100% o'clock $HOME"));
    Muster muster = Muster.in(odd);
    muster.write(".gitignore", "");
    muster.topology(TOPOLOGY);
    for (String every : List.of("1m", "15m", "1h", "6h", "1d", "7d")) {
      Muster.Result printed = muster.call("schedule", "--every", every, "--as", "cron");
      assertThat(printed).exitsWith(0);
      Path file = Files.writeString(folder.resolve("tab"), printed.out());
      Tools.Said said =
          Tools.run(folder, Map.of(), List.of(crontab.toString(), "-n", file.toString()));
      assertThat(said.code()).as(said.text()).isZero();
    }
    Path broken = Files.writeString(folder.resolve("tab"), "*/15 * * 13 * echo\n");
    assertThat(Tools.run(folder, Map.of(), List.of(crontab.toString(), "-n", broken + "")).code())
        .isNotZero();
  }

  @Test
  void systemdTakesTheUnitsAndFindsThemHardened() throws IOException {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/systemd-analyze")), "there is no systemd");
    Path odd = Files.createDirectories(folder.resolve("100% fleets $HOME"));
    Muster muster = Muster.in(odd);
    muster.write(".gitignore", "");
    muster.topology(TOPOLOGY);
    for (String command : List.of("drift", "heal", "apply", "watch")) {
      boolean stays = command.equals("watch");
      Path units = folder.resolve("units-" + command);
      List<String> words =
          new ArrayList<>(List.of("schedule", "--as", "systemd", "--command", command));
      words.addAll(List.of("--program", MusterProgram.script(odd).toString(), "--user", "root"));
      words.addAll(List.of("--out", units.toString()));
      words.addAll(stays ? List.of() : List.of("--every", "15m"));
      assertThat(muster.call(words.toArray(String[]::new))).exitsWith(0);
      String service = units.resolve("muster-acme-" + command + ".service").toString();
      List<String> verify = new ArrayList<>(List.of("systemd-analyze", "verify", "--man=no"));
      verify.add(service);
      if (!stays) {
        verify.add(units.resolve("muster-acme-" + command + ".timer").toString());
      }
      Tools.Said verified = Tools.run(folder, Map.of(), verify);
      assertThat(verified.code()).as(verified.text()).isZero();
      assertThat(verified.text()).doesNotContain("muster");
      Tools.Said exposed =
          Tools.run(
              folder,
              Map.of(),
              List.of("systemd-analyze", "security", "--offline=true", "--threshold=35", service));
      assertThat(exposed.code()).as(exposed.text()).isZero();
    }
  }

  @Test
  void systemdKeepsEveryIntervalThatCronKeeps() {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/systemd-analyze")), "there is no systemd");
    List<String> calendars = new ArrayList<>();
    for (int minutes = 1; minutes <= 7 * 24 * 60; minutes++) {
      Every.of(Duration.ofMinutes(minutes)).map(Every::calendar).ifPresent(calendars::add);
    }
    assertThat(calendars).hasSize(20);
    List<String> command = new ArrayList<>(List.of("systemd-analyze", "calendar"));
    command.addAll(calendars);
    Tools.Said said = Tools.run(folder, Map.of(), command);
    assertThat(said.code()).as(said.text()).isZero();
  }

  /** A real API server checks every field, and lets the pods into a restricted namespace. */
  @Test
  void aClusterTakesTheWorkloadsAndTheirPods() throws IOException {
    try (RealFleet fleet = RealFleet.of("3.3").member("m1").withoutControllers().start()) {
      fleet.muster().topology(TOPOLOGY);
      Api api = fleet.host().api();
      for (String more : List.of("--shards=1", "--shards=8", "--command=watch")) {
        boolean stays = more.equals("--command=watch");
        Muster.Result printed =
            fleet
                .muster()
                .call(
                    "schedule",
                    "--image",
                    "registry.example.com/muster:1",
                    more,
                    stays ? "--as=deployment" : "--as=cronjob",
                    stays ? "--user=root" : "--every=15m");
        assertThat(printed).exitsWith(0);
        List<String> kinds = new ArrayList<>();
        JsonNode workload = JSON.createObjectNode();
        for (String object : printed.out().split("(?m)^---\n")) {
          if (!object.contains("apiVersion")) {
            continue;
          }
          String path = GrantedRights.collection(object);
          kinds.add(path.substring(path.lastIndexOf('/') + 1));
          // Objects in a namespace need it; the rest stays a dry run.
          boolean namespace = path.endsWith("/namespaces");
          Api.Reply reply =
              api.create(
                  path + "?fieldValidation=Strict" + (namespace ? "" : "&dryRun=All"), object);
          if (!namespace || more.endsWith("=1")) {
            reply.ok();
          }
          workload = reply.json(); // the last one
        }
        assertThat(kinds)
            .containsExactly(
                "namespaces",
                "serviceaccounts",
                "clusterroles",
                "clusterrolebindings",
                "roles",
                "rolebindings",
                "roles",
                "rolebindings",
                "configmaps",
                stays ? "deployments" : "cronjobs");
        ObjectNode pod = JSON.createObjectNode();
        pod.put("apiVersion", "v1").put("kind", "Pod").putObject("metadata").put("name", "p");
        pod.set("spec", workload.at((stays ? "" : "/spec/jobTemplate") + "/spec/template/spec"));
        String pods = "/api/v1/namespaces/muster/pods?dryRun=All";
        api.create(pods, pod.toString()).ok();
        ((ObjectNode) pod.path("spec")).remove("securityContext");
        assertThat(api.create(pods, pod.toString()).text()).contains("violates PodSecurity");
      }
    }
  }

  /** As cron runs it: in a shell, and while the one before is still at work. */
  @Test
  void theLineOfCronWorksAloneAndSaysWhatAPersonHasToKnow() throws IOException {
    try (RealFleet fleet =
        RealFleet.of("3.3").loadBalancer("10.9.8.7").member("m1").member("m2").start()) {
      fleet.declare("host: {}\nmembers: [{name: m1}, {name: m2}]\n");
      Path program = MusterProgram.script(fleet.servers().folder().resolve("bin"));
      List<String> apply = line(fleet, program, "apply");
      Process first = Tools.start(folder, Map.of(), apply);
      Process second = Tools.start(folder, Map.of(), apply);
      assertThat(Tools.ended(first).text() + Tools.ended(second).text()).isEmpty();
      assertThat(fleet.muster().git("rev-list", "--count", "muster/acme").strip()).isEqualTo("1");

      List<String> drift = line(fleet, program, "drift");
      assertThat(Tools.run(folder, Map.of(), drift).text()).isEmpty();
      fleet.edit(HOST, RealFleet.registrationPath("m1"), "{\"spec\":{\"joinFederation\":false}}");
      assertThat(Tools.run(folder, Map.of(), drift).text())
          .contains("spec.joinFederation")
          .endsWith("muster drift of acme ended with 2\n");
      fleet.cluster("m2").stop();
      fleet.edit(HOST, RealFleet.registrationPath("m1"), "{\"spec\":{\"joinFederation\":true}}");
      assertThat(Tools.run(folder, Map.of(), drift).text()).isEmpty();
    }
  }

  /** Two runs of two machines, which no file keeps apart. */
  @Test
  void whileOneRunHoldsTheLockTheNextOneEndsWith7AndWritesNothing() {
    try (RealFleet fleet = RealFleet.of("3.3").loadBalancer("10.9.8.7").member("m1").start()) {
      fleet.declare("host: {}\nmembers: [{name: m1}]\n");
      String lease = "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases/muster-acme";
      Muster.Running first = fleet.muster().start("apply", "--yes");
      RealFleet.until(
          "the first run has the lock",
          () -> !fleet.object(HOST, lease).at("/spec/holderIdentity").asText().isEmpty());
      // It is not done before the second has looked, however slow that is.
      first.signal("STOP");
      Muster.Result second = fleet.muster().call("apply", "--yes");
      first.signal("CONT");
      assertThat(first.await()).exitsWith(0);
      assertThat(second).exitsWith(7);
      assertThat(fleet.muster().git("rev-list", "--count", "muster/acme").strip()).isEqualTo("1");
    }
  }

  /** The command of the printed line, as cron gives it to the shell. */
  private static List<String> line(RealFleet fleet, Path program, String command) {
    Muster.Result printed =
        fleet
            .muster()
            .call(
                "schedule",
                "--every",
                "15m",
                "--as",
                "cron",
                "--command",
                command,
                "--program",
                program.toString());
    assertThat(printed).exitsWith(0);
    String line =
        Arrays.stream(printed.out().split("\n"))
            .filter(l -> l.startsWith("*/15 * * * * "))
            .findFirst()
            .orElseThrow()
            .substring("*/15 * * * * ".length());
    assertThat(line.replace("\\%", "")).doesNotContain("%");
    return List.of("/bin/sh", "-c", line.replace("\\%", "%"));
  }
}
