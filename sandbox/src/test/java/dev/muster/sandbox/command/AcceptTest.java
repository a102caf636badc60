package dev.muster.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.client.Kind;
import dev.muster.sandbox.controller.install.Definitions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;

class AcceptTest {
  private static final String COMMENTED =
      """
      # The fleet of the north.
      apiVersion: muster.dev/v1alpha1
      kind: Topology
      metadata: {name: sandbox}
      spec:
        defaults:
          access: {kubeconfig: {file: kubeconfig.yaml}}
          timeouts: {installer: 30s, agent: 30s, removal: 30s}
        host:
          name: host
          proxy: {address: "http://198.51.100.7:8080"}   # the balancer's
        members:
        - name: m1
          # What the console shows.
          provider:   "ACK"    # ask Li before you change it
          labels: {tier: gold,   zone: a}
      """;

  @Test
  void writesTheLiveValueIntoTheOneLineThatSaysIt() throws IOException {
    try (Fleet fleet = Fleet.of(1, "3.3")) {
      fleet.topology(COMMENTED);
      fleet.apply().exits(0);
      Path real = Files.createDirectory(fleet.folder.resolve("real")).resolve("north.yaml");
      Path file = fleet.folder.resolve("topology.yaml");
      // Paths in it are relative to the file as it is named.
      Files.writeString(real, Files.readString(file));
      Files.delete(file);
      Files.setPosixFilePermissions(real, PosixFilePermissions.fromString("rw-rw----"));
      Files.createSymbolicLink(file, Path.of("real", "north.yaml"));
      fleet.edit("host", Definitions.CLUSTER, "", "m1", "{spec: {provider: Own}}");
      fleet.edit("host", Definitions.CLUSTER, "", "m1", "{metadata: {labels: {zone: b}}}");

      fleet
          .muster("drift", "--accept", "spec.provider", "--dry-run")
          .exits(0)
          .says("- provider: \"ACK\" # ask Li", "+ provider: \"Own\" # ask Li");
      assertThat(Files.readString(real)).isEqualTo(COMMENTED);
      fleet
          .muster("drift", "--accept", "host:Cluster/m1:spec.provider")
          .exits(0)
          .says("accepted host:Cluster/m1:spec.provider into");
      assertThat(Files.readString(real)).isEqualTo(COMMENTED.replace("\"ACK\"", "\"Own\""));
      fleet.muster("drift", "--accept", "zone").exits(0);

      assertThat(Files.readString(real))
          .isEqualTo(COMMENTED.replace("\"ACK\"", "\"Own\"").replace("zone: a", "zone: b"));
      assertThat(Files.isSymbolicLink(file)).isTrue();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(real)))
          .isEqualTo("rw-rw----");
      fleet.muster("drift").exits(0).says("no drift");
    }
  }

  @Test
  void takesAKeyOutThatNothingLiveSaysAnyMore() throws IOException {
    try (Fleet fleet = Fleet.of(1, "3.3")) {
      fleet.topology(COMMENTED);
      fleet.apply().exits(0);
      fleet.edit("host", Definitions.CLUSTER, "", "m1", "{metadata: {labels: {tier: null}}}");
      fleet.muster("drift", "--accept", "metadata.labels.tier").exits(0);
      assertThat(Files.readString(fleet.folder.resolve("topology.yaml")))
          .isEqualTo(COMMENTED.replace("{tier: gold,   zone: a}", "{zone: a}"));
      fleet.muster("drift").exits(0).says("no drift");
    }
  }

  @Test
  void refusesWhatNoKeyOfTheTopologySaysAndNamesWhatMayBeMeant() throws IOException {
    try (Fleet fleet = Fleet.of(1, "3.3")) {
      fleet.topology(COMMENTED);
      fleet.apply().exits(0);
      fleet.edit("host", Definitions.CLUSTER, "", "m1", "{spec: {enable: false, provider: Own}}");

      fleet
          .muster("drift", "--accept", "spec.enable")
          .exits(5)
          .says(
              "no key of the topology makes host:Cluster/m1:spec.enable what it is now",
              "heal it (muster drift --heal)");
      fleet
          .muster("drift", "--accept", "m1")
          .exits(1)
          .says(
              "no drifted field is called m1",
              "host:Cluster/m1:spec.enable",
              "host:Cluster/m1:spec.provider");
      fleet.topology(COMMENTED.replace("\"ACK\"", "\"Else\""));
      fleet
          .muster("drift", "--accept", "spec.provider")
          .exits(5)
          .says("has not drifted: the file has changed since it was last applied");
      assertThat(Files.readString(fleet.folder.resolve("topology.yaml")))
          .isEqualTo(COMMENTED.replace("\"ACK\"", "\"Else\""));
    }
  }

  @Test
  void neverWritesASecret() throws IOException {
    String canary = "Canary0123456789abcdefCanary0123";
    try (Fleet fleet = Fleet.of(1, "3.3")) {
      fleet.topology(COMMENTED);
      fleet.apply().exits(0);
      fleet.configure("m1", "{authentication: {jwtSecret: " + canary + "}}");

      String drift = fleet.muster("drift").exits(2).all();
      assertThat(drift).contains("jwtSecret").doesNotContain(canary);
      Fleet.Result refused =
          fleet.muster("drift", "--accept", "spec.authentication.jwtSecret").exits(5);
      refused.says("is a secret, and secrets are never written into the file");
      assertThat(refused.all()).doesNotContain(canary);
      assertThat(Files.readString(fleet.folder.resolve("topology.yaml"))).isEqualTo(COMMENTED);
      assertThat(fleet.muster("drift", "--heal", "--yes").all()).doesNotContain(canary);
    }
  }

  @Test
  void acceptsWhatStandsInTwoPlacesOnlyWhenBothAgree() throws IOException {
    try (Fleet fleet = Fleet.of(1, "3.3")) {
      fleet.topology(COMMENTED);
      fleet.apply().exits(0);
      ObjectNode config =
          fleet.kubectl("host").get(Kind.CONFIG_MAP, Fleet.SYSTEM, "kubesphere-config");
      String text = config.at("/data/kubesphere.yaml").asText();
      ((ObjectNode) config.get("data"))
          .put("kubesphere.yaml", text.replace("198.51.100.7:8080", "198.51.100.8:8080"));
      fleet.kubectl("host").update(Kind.CONFIG_MAP, config);

      fleet
          .muster("drift", "--accept", "settings.multicluster.proxyPublishAddress")
          .exits(5)
          .says("no key of the topology makes", "tried proxy.address of host");
      assertThat(Files.readString(fleet.folder.resolve("topology.yaml"))).isEqualTo(COMMENTED);
    }
  }
}
