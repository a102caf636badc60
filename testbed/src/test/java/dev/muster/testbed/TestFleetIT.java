package dev.muster.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
final class TestFleetIT {
  private static final String CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";

  @SuppressWarnings("NullAway.Init")
  private static TestFleet fleet;

  @BeforeAll
  static void start() {
    fleet = TestFleet.start("host", "m1");
  }

  @AfterAll
  static void end() {
    fleet.close();
  }

  @Test
  void servesThePinnedVersion() {
    JsonNode version = host().api().get("/version").ok().json();
    assertThat(version.at("/gitVersion").asText()).isEqualTo("v1.34.2");
    assertThat(version.at("/minor").asText()).isEqualTo("34");
  }

  @Test
  void refusesAPatchWhoseTestFails() {
    Api api = host().api();
    api.create(CONFIG_MAPS, "{\"metadata\":{\"name\":\"patched\"},\"data\":{\"colour\":\"red\"}}")
        .ok();

    Api.Reply refused = api.jsonPatch(CONFIG_MAPS + "/patched", recolour("blue", "green"));
    assertThat(refused.status()).isEqualTo(422);
    assertThat(api.get(CONFIG_MAPS + "/patched").json().at("/data/colour").asText())
        .isEqualTo("red");

    Api.Reply taken = api.jsonPatch(CONFIG_MAPS + "/patched", recolour("red", "green"));
    assertThat(taken.ok().json().at("/data/colour").asText()).isEqualTo("green");
  }

  @Test
  void watchesFromARevisionOn() throws IOException {
    Api api = host().api();
    api.create(CONFIG_MAPS, "{\"metadata\":{\"name\":\"watched\"}}").ok();
    String revision = api.get(CONFIG_MAPS).ok().json().at("/metadata/resourceVersion").asText();
    api.mergePatch(CONFIG_MAPS + "/watched", "{\"data\":{\"seen\":\"yes\"}}").ok();
    api.delete(CONFIG_MAPS + "/watched").ok();

    String query = "?watch=true&fieldSelector=metadata.name%3Dwatched&resourceVersion=" + revision;
    try (BufferedReader events = api.stream(CONFIG_MAPS + query)) {
      assertThat(json(events.readLine()).at("/type").asText()).isEqualTo("MODIFIED");
      assertThat(json(events.readLine()).at("/type").asText()).isEqualTo("DELETED");
    }
  }

  @Test
  void clustersShareNothing() {
    host().createNamespace("only-on-host");
    assertThat(host().api().get("/api/v1/namespaces/only-on-host").status()).isEqualTo(200);
    assertThat(member().api().get("/api/v1/namespaces/only-on-host").status()).isEqualTo(404);
    assertThat(member().apiAs(host().token()).get("/api/v1/nodes").status()).isEqualTo(401);
    assertThat(uid(host())).isNotEqualTo(uid(member()));
  }

  @Test
  void allowsThePowerlessUserNothing() {
    Api api = host().apiAs(host().powerlessToken());
    assertThat(api.get(CONFIG_MAPS).status()).isEqualTo(403);
  }

  @Test
  void givesClusterIpsOfItsOwnRange() {
    String services = "/api/v1/namespaces/default/services";
    String object = "{\"metadata\":{\"name\":\"s\"},\"spec\":{\"ports\":[{\"port\":80}]}}";
    String prefix = host().serviceRange().substring(0, host().serviceRange().indexOf(".0.0/") + 1);
    assertThat(host().api().create(services, object).ok().json().at("/spec/clusterIP").asText())
        .startsWith(prefix);
    assertThat(member().serviceRange()).isNotEqualTo(host().serviceRange());
  }

  @Test
  void isRefusedWhileStoppedAndKeepsItsObjects() {
    String before = uid(member());
    member().stop();
    assertThatThrownBy(() -> member().api().get("/version"))
        .isInstanceOf(UncheckedIOException.class);
    assertThat(host().api().get("/version").status()).isEqualTo(200);

    member().start();
    assertThat(uid(member())).isEqualTo(before);
  }

  @Test
  void writesAContextPerCluster() throws IOException {
    assertThat(Files.readString(fleet.kubeconfigFile()))
        .contains("current-context: host", host().url().toString(), member().token());
    assertThat(fleet.powerlessKubeconfig()).doesNotContain(member().token());
  }

  private static String recolour(String from, String to) {
    return """
    [{"op":"test","path":"/data/colour","value":"%s"},
     {"op":"replace","path":"/data/colour","value":"%s"}]
    """
        .formatted(from, to);
  }

  private static String uid(TestCluster cluster) {
    JsonNode namespace = cluster.api().get("/api/v1/namespaces/kube-system").ok().json();
    return namespace.at("/metadata/uid").asText();
  }

  private static JsonNode json(String text) throws IOException {
    return new ObjectMapper().readTree(text);
  }

  private static TestCluster host() {
    return fleet.cluster("host");
  }

  private static TestCluster member() {
    return fleet.cluster("m1");
  }
}
