package dev.muster.testbed;

import static dev.muster.testbed.MusterAssert.assertThat;
import static dev.muster.testbed.RealFleet.CONFIG;
import static dev.muster.testbed.RealFleet.CONFIGURATION;
import static dev.muster.testbed.RealFleet.HOST;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/** What muster writes where nobody else writes: its own fields, and not a byte besides. */
@Timeout(180)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class UntouchedIT {
  private static final String SETTINGS = Expected.text("untouched/kubesphere.yaml").stripTrailing();
  private static final String OLD_VALUE = "'http://192.0.2.1:8080'   # until the new gateway";
  private static final String NEW_VALUE = "'http://139.198.120.120:8080'   # until the new gateway";

  @SuppressWarnings("NullAway.Init")
  private static RealFleet fleet;

  @SuppressWarnings("NullAway.Init")
  private static JsonNode configurationBefore;

  @SuppressWarnings("NullAway.Init")
  private static JsonNode configBefore;

  @BeforeAll
  static void start() {
    fleet = RealFleet.of("3.3").withoutControllers().start();
    ObjectNode change = (ObjectNode) RealFleet.json("{\"data\":{}}");
    ((ObjectNode) change.path("data")).put("kubesphere.yaml", SETTINGS).put("other", "a: b # c");
    fleet.edit(HOST, CONFIG, change.toString());
    fleet.edit(
        HOST,
        CONFIGURATION,
        """
        {"metadata":{"labels":{"team":"ops"},"annotations":{"note":"by hand"}},
         "spec":{"multicluster":{"ours":{"deep":[1,{"two":null},"three"]}},"unknown":{"a":[]}}}
        """);
    configurationBefore = fleet.object(HOST, CONFIGURATION);
    configBefore = fleet.object(HOST, CONFIG);
    fleet.declare("installer: 2s", "host: {proxy: {address: \"http://139.198.120.120:8080\"}}\n");
  }

  @AfterAll
  static void end() {
    fleet.close();
  }

  @Test
  @Order(1)
  void timesOutWhereNobodyTakesTheChangeIn() {
    assertThat(fleet.muster().run("apply", "--yes"))
        .exitsWith(4)
        .says("step host-role: timed out", "next: ");
  }

  @Test
  @Order(2)
  void changesOneLineOfTheEmbeddedText() {
    assertThat(fleet.settings(HOST)).isEqualTo(SETTINGS.replace(OLD_VALUE, NEW_VALUE));
    assertThat(fleet.object(HOST, CONFIG).at("/data/other").asText()).isEqualTo("a: b # c");
  }

  @Test
  @Order(3)
  void changesNothingElseOfTheObjects() {
    ObjectNode expected = configurationBefore.deepCopy();
    ((ObjectNode) expected.at("/spec/multicluster"))
        .put("clusterRole", "host")
        .put("proxyPublishAddress", "http://139.198.120.120:8080");

    assertThat(atRest(fleet.object(HOST, CONFIGURATION))).isEqualTo(atRest(expected));
    assertThat(atRest(fleet.object(HOST, CONFIG)).path("metadata"))
        .isEqualTo(atRest(configBefore).path("metadata"));
  }

  @Test
  @Order(4)
  void guardsEachPatchByTestsOfWhatItReplaces() {
    List<Audit.Request> patches =
        fleet.requests().to(HOST).stream().filter(r -> r.verb().equals("patch")).toList();

    assertThat(patches).extracting(Audit.Request::path).containsExactly(CONFIGURATION, CONFIG);
    assertThat(operations(patches.get(0)))
        .containsExactlyInAnyOrder(
            "test /metadata/uid",
            "test /spec/multicluster/clusterRole",
            "replace /spec/multicluster/clusterRole",
            "add /spec/multicluster/proxyPublishAddress");
    assertThat(operations(patches.get(1)))
        .containsExactly(
            "test /metadata/uid", "test /data/kubesphere.yaml", "replace /data/kubesphere.yaml");
    assertThat(patches.get(1).body().get(1).path("value").asText()).isEqualTo(SETTINGS);
    assertThat(patches).allMatch(patch -> patch.query().contains("fieldManager=muster"));
  }

  private static List<String> operations(Audit.Request patch) {
    List<String> lines = new ArrayList<>();
    patch
        .body()
        .forEach(one -> lines.add(one.path("op").asText() + " " + one.path("path").asText()));
    return lines;
  }

  /** Without what the API server itself writes at each change. */
  private static JsonNode atRest(JsonNode object) {
    ObjectNode copy = object.deepCopy();
    ((ObjectNode) copy.path("metadata"))
        .remove(List.of("resourceVersion", "generation", "managedFields"));
    return copy;
  }
}
