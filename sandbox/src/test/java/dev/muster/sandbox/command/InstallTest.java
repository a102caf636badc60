package dev.muster.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.sandbox.controller.SimulatedFleet;
import dev.muster.sandbox.controller.env.ClusterSetup;
import dev.muster.sandbox.controller.env.Role;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The installer at work: on bare clusters, when it fails, when it makes its object anew. */
@Execution(ExecutionMode.CONCURRENT)
class InstallTest {
  @ParameterizedTest
  @ValueSource(strings = {"3.1", "3.3", "3.4"})
  void installsHostAndMemberFromTheirManifests(String version) {
    try (Fleet fleet =
        Fleet.with(
            Fleet.settings(1, version).withEach(setup -> setup.withRole(Role.NOT_INSTALLED)))) {
      fleet.write("installer.yaml", SimulatedFleet.installerManifest(version));
      fleet.write("configuration.yaml", SimulatedFleet.configurationManifest(version, Role.NONE));
      String install = "install: {manifests: [{file: installer.yaml}, {file: configuration.yaml}]}";
      fleet.topology(install, "- {name: m1, " + install + "}");
      fleet.muster("plan").exits(0).says("Deployment/kubesphere-system/ks-installer");

      fleet.apply().exits(0);

      assertThat(fleet.configuration("host").at("/spec/multicluster/clusterRole").asText())
          .isEqualTo("host");
      assertThat(fleet.configuration("m1").at("/spec/multicluster/clusterRole").asText())
          .isEqualTo("member");
      assertThat(fleet.jwtSecret("m1")).isEqualTo(fleet.jwtSecret("host")).hasSize(32);
      assertThat(fleet.condition("m1", "Ready")).isEqualTo("True");
      fleet.muster("plan", "--detailed-exitcode").exits(0);
      fleet.muster("drift").exits(0);
    }
  }

  @Test
  void namesTheLineOfAFailedInstallerAndFinishesAfterTheRepair() {
    try (Fleet fleet = Fleet.of(2, "3.3")) {
      fleet.simulated().failInstaller("m1", "ks-core", "non-zero return code");

      fleet
          .apply()
          .exits(4)
          .says(
              "step member-role[m1]",
              "ks-installer stopped: ",
              "non-zero return code",
              "kubectl --context m1 -n kubesphere-system logs deploy/ks-installer --tail=200");

      assertThat(fleet.condition("m2", "Ready")).isEqualTo("True");
      fleet.simulated().repairInstaller("m1", "ks-core");
      fleet
          .kubectl("m1")
          .mergePatch(
              dev.muster.sandbox.client.Kind.DEPLOYMENT,
              Fleet.SYSTEM,
              "ks-installer",
              dev.muster.sandbox.controller.env.Manifest.yaml(
                  "{spec: {template: {metadata: {annotations: {again: 'yes'}}}}}"));
      fleet.apply().exits(0);
      fleet.muster("plan", "--detailed-exitcode").exits(0);
    }
  }

  @Test
  void namesAComponentThatFails() {
    try (Fleet fleet = Fleet.of(1, "3.3")) {
      fleet.simulated().failInstaller("host", "multicluster", "no nodes available");
      fleet.apply().exits(4).says("step host-role", "Task 'multicluster' failed:");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.1", "3.3", "3.4"})
  void outlivesTheInstallerThatMakesItsObjectAnew(String version) {
    try (Fleet fleet =
        Fleet.with(Fleet.settings(1, version).withEach(ClusterSetup::withOutdatedConfiguration))) {
      String uidOfHost = fleet.configuration("host").at("/metadata/uid").asText();
      String uid = fleet.configuration("m1").at("/metadata/uid").asText();
      fleet.apply().exits(0);

      assertThat(fleet.configuration("m1").at("/metadata/uid").asText()).isNotEqualTo(uid);
      assertThat(fleet.configuration("host").at("/metadata/uid").asText()).isNotEqualTo(uidOfHost);
      assertThat(fleet.condition("m1", "Ready")).isEqualTo("True");
      fleet.muster("plan", "--detailed-exitcode").exits(0);
    }
  }
}
