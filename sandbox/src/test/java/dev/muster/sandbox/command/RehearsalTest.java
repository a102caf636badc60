package dev.muster.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.sandbox.controller.env.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run is played on a recording of the fleet, and the real one is held to it. */
@Execution(ExecutionMode.CONCURRENT)
class RehearsalTest {
  private static final String HOST = "CanaryOfTheHost0123456789abcdefg";
  private static final String MEMBER = "CanaryOfTheMember0123456789abcde";

  @ParameterizedTest
  @ValueSource(strings = {"3.0", "3.3", "3.4"})
  void writesTheSameAsItsRehearsal(String version) throws IOException {
    try (Fleet fleet =
        Fleet.with(
            Fleet.settings(2, version)
                .withLoadBalancer(Fleet.PENDING)
                .withEach(
                    setup -> setup.withJwtSecret(setup.name().equals("host") ? HOST : MEMBER)))) {
      String snapshot = fleet.folder.resolve("snapshot.json").toString();
      fleet.muster("plan", "--snapshot", snapshot).exits(0).says("recorded in");
      assertThat(Files.readString(Path.of(snapshot)))
          .doesNotContain(HOST, MEMBER)
          .contains("kubesphere-config", "ks-installer");
      fleet.requests();

      String rehearsal = fleet.folder.resolve("rehearsal.json").toString();
      Fleet.Result played =
          fleet.muster(
              "apply",
              "--dry-run=client",
              "--offline",
              snapshot,
              "--out",
              rehearsal,
              "--out-dir",
              fleet.folder.resolve("final").toString());
      played
          .exits(0)
          .says(
              "SIMULATION of the fleet as recorded",
              "step agent[m2]",
              "became known on the way:",
              "m1 Deployment/kubesphere-system/cluster-agent",
              "SIMULATION: nothing of this has happened");
      assertThat(played.all()).doesNotContain("does not begin as recorded", HOST, MEMBER);
      assertThat(fleet.requests()).as("no real cluster is asked").isEmpty();
      assertThat(Files.readString(Path.of(rehearsal))).doesNotContain(HOST, MEMBER);
      Path agent = fleet.folder.resolve("final/m1/deployment.kubesphere-system.cluster-agent.yaml");
      assertThat(Files.readString(agent))
          .startsWith("# final (simulated), m1: Deployment/")
          .contains("--proxy-server=" + Sandbox.EXPLICIT_ADDRESS);

      fleet.apply("--rehearsed", rehearsal).exits(0).says("as rehearsed: the same");
      fleet.muster("plan", "--detailed-exitcode").exits(0);

      // And again, when all is joined: there is nothing to play.
      fleet.muster("plan", "--snapshot", snapshot).exits(0);
      fleet
          .muster("apply", "--dry-run=client", "--offline", snapshot)
          .exits(0)
          .says("no changes: every object is as declared");
    }
  }

  @Test
  void stopsTheRealRunAtTheFirstFieldThatWasNotRehearsedSo() {
    try (Fleet fleet = Fleet.of(1, "3.3")) {
      String snapshot = fleet.folder.resolve("snapshot.json").toString();
      String rehearsal = fleet.folder.resolve("rehearsal.json").toString();
      fleet.muster("plan", "--snapshot", snapshot).exits(0);
      // Tower's address is not known before there is a Service, so one is assumed and said.
      fleet
          .muster("apply", "--dry-run=client", "--offline", snapshot, "--out", rehearsal)
          .exits(0)
          .says("assumed: Service tower's address is 203.0.113.10");

      fleet
          .apply("--rehearsed", rehearsal)
          .exits(6)
          .says(
              "step agent[m1]",
              "differs from the rehearsal: Deployment/kubesphere-system/cluster-agent"
                  + " spec.template.spec.containers[name=agent].command[3], rehearsed to become"
                  + " \"--proxy-server=http://203.0.113.10:8080\", now it would become"
                  + " \"--proxy-server=http://203.0.113.9:8080\"",
              "stopped where it would have differed: step agent[m1]: Deployment/");
      assertThat(fleet.writes()).noneMatch(write -> write.contains("cluster-agent"));
    }
  }

  @Test
  void playsAChangeOfAJoinedFleetFromWhereItStands() {
    try (Fleet fleet = Fleet.joined(2, "3.3")) {
      fleet.topology(
          "proxy: {address: \"http://198.51.100.7:8080\"}", "- name: m1\n- name: m2\n  group: x");
      String snapshot = fleet.folder.resolve("snapshot.json").toString();
      fleet.muster("plan", "--snapshot", snapshot).exits(0);

      JsonNode played =
          fleet
              .muster("apply", "--dry-run=client", "--offline", snapshot, "-o", "json")
              .exits(0)
              .json();

      assertThat(played.path("simulation").asBoolean()).isTrue();
      assertThat(played.path("differences")).isEmpty();
      assertThat(played.path("assumptions")).isEmpty();
      assertThat(played.path("patches"))
          .extracting(p -> p.path("step").asText() + " " + p.at("/ref/kind").asText())
          .contains(
              "host-role ClusterConfiguration",
              "host-role ConfigMap",
              "register[m2] Cluster",
              "agent[m1] Deployment",
              "agent[m2] Deployment");
      assertThat(played.path("objects").findValuesAsText("ref"))
          .contains("Cluster/m2", "Deployment/kubesphere-system/cluster-agent");
      assertThat(played.path("objects").toString()).contains("--proxy-server=http://198.51.100.7");
    }
  }

  @Test
  void playsMembersThatAreNotInstalledAndOnesThatCannotBeReached() {
    try (Fleet fleet =
        Fleet.with(
            Fleet.settings(2, "3.3")
                .withEach(s -> s.name().equals("m1") ? s.withRole(Role.NOT_INSTALLED) : s))) {
      fleet.write(
          "installer.yaml", dev.muster.sandbox.controller.SimulatedFleet.installerManifest("3.3"));
      fleet.write(
          "cc.yaml",
          dev.muster.sandbox.controller.SimulatedFleet.configurationManifest("3.3", Role.NONE));
      fleet.topology(
          "proxy: {address: \"" + Sandbox.EXPLICIT_ADDRESS + "\"}",
          "- name: m1\n  install: {manifests: [{file: installer.yaml}, {file: cc.yaml}]}\n- name: m2");
      fleet.sandbox.server().cluster("m2").unavailable(true);
      String snapshot = fleet.folder.resolve("snapshot.json").toString();
      fleet.muster("plan", "--snapshot", snapshot).exits(8);
      deleteManifests(fleet);

      fleet
          .muster("apply", "--dry-run=client", "--offline", snapshot)
          .exits(8)
          .says("assumed: m2 cannot be reached, as when it was recorded", "agent[m1]");
    }
  }

  /** Two rehearsals: an address is only known once the first part is done for real. */
  @Test
  void doesWhatTheExampleSays() {
    try (Fleet fleet = Fleet.of(1, "3.3")) {
      fleet.topology(Transcript.topology("rehearsal"));
      Transcript transcript = Transcript.of("rehearsal");
      for (int i = 0; i < 2; i++) {
        String rehearsed = fleet.folder.resolve("rehearsed.json").toString();
        String snapshot = fleet.folder.resolve("fleet.json").toString();
        transcript
            .add("muster plan --snapshot fleet.json", fleet.muster("plan", "--snapshot", snapshot))
            .addRun(
                "muster apply --dry-run --offline fleet.json --out rehearsed.json",
                fleet.muster("apply", "--dry-run", "--offline", snapshot, "--out", rehearsed))
            .addEnd(
                "muster apply --yes --rehearsed rehearsed.json",
                fleet.apply("--rehearsed", rehearsed));
      }
      transcript.without(fleet.folder + "/").isAsWritten();
    }
  }

  private static void deleteManifests(Fleet fleet) {
    try (Stream<Path> files = Files.list(fleet.folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith("er.yaml")).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void refusesWhatIsNoSnapshotAndOptionsThatMeanNothing() {
    try (Fleet fleet = Fleet.of(1, "3.3")) {
      String topology = fleet.folder.resolve("topology.yaml").toString();
      fleet
          .muster("apply", "--dry-run=client", "--offline", topology)
          .exits(1)
          .says("plan --snapshot");
      fleet.muster("apply", "--offline", topology).exits(64).says("--dry-run=client");
      fleet
          .muster("apply", "--dry-run", "--offline", topology, "--events", "ndjson")
          .exits(64)
          .says("-o json tells programs");
      fleet.muster("apply", "--yes", "--out", topology).exits(64).says("go with --offline");
      fleet.apply("--rehearsed", topology).exits(1).says("--offline SNAPSHOT --out");
      assertThat(fleet.writes()).isEmpty();
    }
  }
}
