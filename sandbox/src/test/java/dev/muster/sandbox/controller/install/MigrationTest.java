package dev.muster.sandbox.controller.install;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.client.Json;
import dev.muster.sandbox.controller.env.KubeSphereVersion;
import dev.muster.sandbox.controller.env.Manifest;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MigrationTest {
  @ParameterizedTest
  @ValueSource(strings = {"3.0", "3.1", "3.2", "3.3", "3.4"})
  void leavesABrandNewObjectOfItsOwnVersionAlone(String version) {
    assertThat(Migration.of(KubeSphereVersion.of(version), configuration(version))).isEmpty();
  }

  @Test
  void neverHappensIn30() {
    ObjectNode object = configuration("3.0");
    Json.at(object, "status", "core").put("status", "enabled");
    assertThat(Migration.of(KubeSphereVersion.of("3.0"), object)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"3.0, 3.1", "3.2, 3.3", "3.3, 3.4"})
  void followsAnOlderForm(String from, String to) {
    assertThat(Migration.of(KubeSphereVersion.of(to), configuration(from))).isPresent();
  }

  @Test
  void followsAMissingOrOtherVersionInTheStatus() {
    ObjectNode object = configuration("3.3");
    Json.at(object, "status", "core").put("status", "enabled");
    assertThat(Migration.of(KubeSphereVersion.of("3.3.2"), object)).isPresent();
    Json.at(object, "status", "core").put("version", "v3.3.1");
    assertThat(Migration.of(KubeSphereVersion.of("3.3.2"), object)).isPresent();
    Json.at(object, "status", "core").put("version", "v3.3.2");
    assertThat(Migration.of(KubeSphereVersion.of("3.3.2"), object)).isEmpty();
  }

  @Test
  void losesAnnotationsLabelsStatusAndTheSizesOfStores() {
    ObjectNode object = configuration("3.2");
    Json.at(object, "metadata", "annotations").put("mine", "x");
    Json.at(object, "metadata", "labels").put("mine", "x");
    Json.at(object, "status").put("clusterId", "abc");
    Json.at(object, "status", "multicluster").put("status", "enabled");
    ObjectNode made = Migration.of(KubeSphereVersion.of("3.3.2"), object).orElseThrow();
    assertThat(made.path("metadata").has("annotations")).isFalse();
    assertThat(made.path("metadata").path("labels"))
        .isEqualTo(Json.tree(Map.of("version", "v3.3.2")));
    assertThat(made.path("status")).isEqualTo(Json.tree(Map.of("clusterId", "abc")));
    assertThat(made.at("/spec/common/redis")).isEqualTo(Json.tree(Map.of("enabled", false)));
    assertThat(made.at("/spec/terminal/timeout").asInt()).isEqualTo(600);
    assertThat(made.at("/spec/edgeruntime/kubeedge").isObject()).isTrue();
    assertThat(made.path("spec").has("kubeedge")).isFalse();
  }

  @Test
  void isDoneOnce() {
    ObjectNode made = Migration.of(KubeSphereVersion.of("3.4"), configuration("3.0")).orElseThrow();
    assertThat(Migration.of(KubeSphereVersion.of("3.4"), made)).isEmpty();
  }

  private static ObjectNode configuration(String version) {
    Map<String, String> values =
        Map.of("version", KubeSphereVersion.of(version).tag(), "role", "none", "jwtSecret", "");
    return Manifest.resource("installer/cluster-configuration-" + version + ".yaml", values).get(0);
  }
}
