package dev.muster.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.changes.InventoryEntry;
import dev.muster.changes.InventoryText;
import dev.muster.sandbox.client.ApiClient;
import dev.muster.sandbox.client.Kind;
import dev.muster.sandbox.controller.SimulatedFleet;
import dev.muster.sandbox.controller.env.Manifest;
import dev.muster.sandbox.controller.env.Role;
import dev.muster.sandbox.controller.env.Timing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Objects of a topology's manifests, whose creation does not go as it should. */
@Timeout(120)
final class ManifestObjectsTest {
  private static final String INSTALL =
      "    install: {manifests: [{file: installer.yaml}, {file: configuration.yaml}]}\n";

  private static final String CREATED = "created Deployment/kubesphere-system/ks-installer on m1";

  @TempDir private Path folder;

  /** Of a ServiceAccount no managed fields tell who made it. */
  @ParameterizedTest
  @CsvSource({
    "/deployments, Deployment/kubesphere-system/ks-installer",
    "/serviceaccounts, ServiceAccount/kubesphere-system/ks-installer",
  })
  void oneWhoseAnswerIsLostIsThere(String kind, String object) throws Exception {
    try (FaultyRuns runs = bare()) {
      FaultyRuns.Ending ending =
          install(runs, List.of("answer-lost create " + kind + " @m1 1"), told -> {});

      assertThat(ending.code()).as(ending.said()).isZero();
      assertThat(ending.said())
          .containsOnlyOnce("created " + object + " on m1")
          .contains("), but it took effect");
    }
  }

  /**
   * Found by killing runs: what one made that ended was the plan's own, to be deleted one day, and
   * what one made that was killed was not.
   */
  @Test
  void theyAreNotThePlansOwn() throws Exception {
    try (FaultyRuns runs = bare()) {
      FaultyRuns.Ending ending = install(runs, List.of(), told -> {});
      assertThat(ending.code()).as(ending.said()).isZero();

      JsonNode data =
          runs.kubectl("host")
              .get(Kind.CONFIG_MAP, "kube-system", "muster-sandbox-m1")
              .path("data");
      InventoryEntry entry = InventoryText.read("it", data.elements().next().asText());
      assertThat(made(entry, "ClusterConfiguration")).isFalse();
      assertThat(made(entry, "Cluster")).isTrue();
    }
  }

  private static boolean made(InventoryEntry entry, String kind) {
    return entry.objects().stream()
        .filter(object -> object.ref().kind().equals(kind))
        .findFirst()
        .orElseThrow()
        .made()
        .intended();
  }

  /** It was read once, so that it was to be made again and again. */
  @Test
  void oneThatSomebodyElseMadeMeanwhileIsLeftAsItIs() throws Exception {
    try (FaultyRuns runs = bare()) {
      ApiClient member = runs.kubectl("m1").as("kubectl", "kubectl-create");
      FaultyRuns.Ending ending =
          install(
              runs,
              List.of("409 create /deployments @m1 1"),
              told -> member.create(Kind.DEPLOYMENT, deployment()));

      assertThat(ending.code()).as(ending.said()).isZero();
      assertThat(ending.said()).doesNotContain(CREATED);
    }
  }

  private static ObjectNode deployment() {
    return Stream.of(SimulatedFleet.installerManifest("3.3").split("\n---\n"))
        .filter(text -> text.contains("\nkind: Deployment\n"))
        .map(Manifest::yaml)
        .findFirst()
        .orElseThrow();
  }

  /** The host is there, and of the member only the cluster. */
  private FaultyRuns bare() throws IOException {
    Files.writeString(folder.resolve("installer.yaml"), SimulatedFleet.installerManifest("3.3"));
    Files.writeString(
        folder.resolve("configuration.yaml"),
        SimulatedFleet.configurationManifest("3.3", Role.NONE));
    return new FaultyRuns(
        folder,
        Sandbox.Settings.of(1, "3.3", Timing.fast())
            .withEach(
                setup -> setup.name().equals("m1") ? setup.withRole(Role.NOT_INSTALLED) : setup));
  }

  private static FaultyRuns.Ending install(
      FaultyRuns runs, List<String> rules, Consumer<String> told) {
    return runs.run(INSTALL, rules, told, "apply", "--yes");
  }
}
