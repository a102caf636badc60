package dev.muster.sandbox.controller;

import static dev.muster.sandbox.controller.Stage.SYSTEM;
import static dev.muster.sandbox.controller.Stage.until;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.client.ApiClient;
import dev.muster.sandbox.client.Json;
import dev.muster.sandbox.client.Kind;
import dev.muster.sandbox.controller.env.Manifest;
import dev.muster.sandbox.controller.env.Role;
import dev.muster.sandbox.controller.env.Timing;
import dev.muster.sandbox.controller.install.Definitions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What runs of the installer do; the numbers are those of the list of surprises. */
@Timeout(60)
final class InstallerTest {
  private static final String HOST = "{multicluster: {clusterRole: host}}";

  /** (6) */
  @Test
  void showsTowerAndItsStatusBeforeTheConfigurationSaysHost() {
    try (Stage stage = Stage.plain("3.3", Role.NONE)) {
      List<ObjectNode> states = stage.record("host", Definitions.CLUSTER_CONFIGURATION);
      stage.configure("host", HOST);
      until(
          "the status says enabled",
          () ->
              states.stream()
                  .anyMatch(
                      state -> state.at("/status/multicluster/status").asText().equals("enabled")));
      assertThat(stage.api("host").find(Kind.SERVICE, SYSTEM, "tower")).isPresent();
      assertThat(stage.config("host")).contains("clusterRole: none");
      until("the text says host", () -> stage.config("host").contains("clusterRole: host"));
      stage.awaitRuns("host", 1);
      assertThat(stage.configuration("host").at("/status/multicluster/enabledTime").asText())
          .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dUTC");
    }
  }

  /** (7) */
  @ParameterizedTest
  @CsvSource({"3.2, true", "3.3, false"})
  void restartsPodsOnlyBefore33(String version, boolean restarts) {
    try (Stage stage = Stage.plain(version, Role.NONE)) {
      until(
          "the pods run",
          () -> pods(stage).keySet().containsAll(List.of("ks-apiserver", "ks-console")));
      Map<String, String> before = pods(stage);
      stage.configure("host", HOST);
      stage.awaitRuns("host", 1);
      until(
          "all rollouts are over",
          () ->
              stage
                      .api("host")
                      .get(Kind.DEPLOYMENT, SYSTEM, "ks-apiserver")
                      .at("/status/readyReplicas")
                      .asInt()
                  == 1);
      ObjectNode deployment = stage.api("host").get(Kind.DEPLOYMENT, SYSTEM, "ks-apiserver");
      assertThat(
              deployment
                  .at("/spec/template/metadata/annotations")
                  .has("kubectl.kubernetes.io/restartedAt"))
          .isEqualTo(restarts);
      assertThat(Objects.equals(pods(stage).get("ks-apiserver"), before.get("ks-apiserver")))
          .isEqualTo(!restarts);
      assertThat(pods(stage)).containsEntry("ks-console", before.get("ks-console"));
    }
  }

  /** (8) */
  @ParameterizedTest
  @CsvSource({"3.0, ks-install", "3.2, ks-install", "3.3, ks-installer", "3.4, ks-installer"})
  void labelsItsPodByVersion(String version, String label) {
    try (Stage stage = Stage.plain(version, Role.NONE)) {
      until("it runs", () -> pods(stage).containsKey(label));
      assertThat(pods(stage).get(label)).startsWith("ks-installer-");
    }
  }

  /** (9) and (10) */
  @Test
  void writesItsOwnTextOverTheControllersAndOverThePeoples() {
    try (Stage stage = Stage.host("3.3")) {
      until("the controller rewrote it", () -> stage.config("host").contains("clusterName: host"));
      assertThat(stage.config("host")).contains("jwtSecret: ").doesNotContain("jwtSecret: \"");
      ObjectNode edited = Json.object();
      String text = stage.config("host");
      Json.at(edited, "data")
          .put(
              "kubesphere.yaml",
              text.replace(
                  "  clusterName:", "  proxyPublishAddress: http://192.0.2.7:1\n  clusterName:"));
      stage.api("host").mergePatch(Kind.CONFIG_MAP, SYSTEM, "kubesphere-config", edited);
      List<ObjectNode> states = stage.record("host", Kind.CONFIG_MAP);
      stage.configure("host", "{multicluster: {clusterRole: host, note: x}}");
      stage.awaitRuns("host", 1);
      assertThat(states.stream().map(state -> state.at("/data/kubesphere.yaml").asText()))
          .anyMatch(own -> own.contains("jwtSecret: \"") && !own.contains("clusterName"));
      assertThat(stage.config("host")).doesNotContain("192.0.2.7");
      until(
          "the resync rewrites it again", () -> stage.config("host").contains("clusterName: host"));
    }
  }

  /** (11) */
  @Test
  void deletesAndCreatesAnObjectOfAnOlderForm() {
    try (Stage stage = Stage.host("3.3")) {
      ObjectNode noted = Json.object();
      Json.at(noted, "metadata", "annotations").put("mine", "x");
      Json.at(noted, "metadata", "labels").put("mine", "x");
      Json.at(noted, "spec").putNull("terminal");
      String uid = Json.uid(stage.configuration("host"));
      stage
          .api("host")
          .mergePatch(Definitions.CLUSTER_CONFIGURATION, SYSTEM, "ks-installer", noted);
      until("it is another object", () -> !Json.uid(stage.configuration("host")).equals(uid));
      stage.awaitRuns("host", 2);
      ObjectNode made = stage.configuration("host");
      assertThat(made.path("metadata").has("annotations")).isFalse();
      assertThat(made.at("/metadata/labels")).isEqualTo(Json.tree(Map.of("version", "v3.3.2")));
      assertThat(made.at("/spec/terminal/timeout").asInt()).isEqualTo(600);
      assertThat(made.at("/spec/common/redis")).isEqualTo(Json.tree(Map.of("enabled", false)));
      assertThat(made.at("/status/core/version").asText()).isEqualTo("v3.3.2");
      assertThat(stage.log("host"))
          .anyMatch(line -> line.endsWith("Delete old cluster configuration successfully"))
          .anyMatch(line -> line.endsWith("Create cluster configuration successfully"));
    }
  }

  /** (12) */
  @Test
  void replacesTheSecretInEveryRunOnceTheValueIsGiven() {
    try (Stage stage = Stage.plain("3.3", Role.NONE)) {
      String before = Json.uid(secret(stage));
      stage.configure("host", "{monitoring: {note: a}}");
      stage.awaitRuns("host", 1);
      assertThat(Json.uid(secret(stage))).isEqualTo(before);
      stage.configure("host", "{authentication: {jwtSecret: abcdef0123456789}}");
      stage.awaitRuns("host", 2);
      String first = Json.uid(secret(stage));
      assertThat(first).isNotEqualTo(before);
      stage.configure("host", "{monitoring: {note: b}}");
      stage.awaitRuns("host", 3);
      assertThat(Json.uid(secret(stage))).isNotEqualTo(first);
      assertThat(secret(stage).path("data").has("initAdminPassword")).isFalse();
      assertThat(stage.log("host")).anyMatch(line -> line.endsWith("Password: P@88w0rd"));
      stage.configure("host", "{authentication: {jwtSecret: ''}}");
      stage.awaitRuns("host", 4);
      assertThat(stage.settings("host").at("/authentication/jwtSecret").asText())
          .isEqualTo("abcdef0123456789");
    }
  }

  /** (21) */
  @ParameterizedTest
  @ValueSource(
      strings = {"preinstall", "metrics-server", "common", "ks-core", "ks-config", "result-info"})
  void endsSilentlyWhenAStageFails(String failing) {
    try (Stage stage = Stage.plain("3.3", Role.NONE)) {
      String before = stage.config("host");
      stage.fleet.failInstaller("host", failing, "no space left on device");
      stage.configure("host", HOST);
      stage.awaitRuns("host", 1);
      assertThat(stage.log("host")).noneMatch(line -> line.contains("Welcome to KubeSphere"));
      assertThat(
              stage.log("host").stream()
                  .filter(l -> l.endsWith("Failed to ansible-playbook " + failing + ".yaml")))
          .hasSize(failing.equals("ks-config") || failing.equals("result-info") ? 1 : 0);
      assertThat(stage.config("host").equals(before)).isEqualTo(!failing.equals("result-info"));
      stage.fleet.repairInstaller("host", failing);
      Stage.pause(Timing.fast().installerRun().multipliedBy(2).toMillis());
      assertThat(stage.fleet.finishedRuns("host")).isEqualTo(1);
    }
  }

  @Test
  void endsWhenTheSecretDoesNotSurviveTheShell() {
    try (Stage stage = Stage.plain("3.3", Role.NONE)) {
      stage.configure("host", "{authentication: {jwtSecret: 'a b;c'}}");
      stage.awaitRuns("host", 1);
      assertThat(stage.config("host")).doesNotContain("a b;c");
    }
  }

  @Test
  void rendersTheConfigurationThoughAComponentFailed() {
    try (Stage stage = Stage.plain("3.3", Role.NONE)) {
      stage.fleet.failInstaller(
          "host", "multicluster", "helm: timed out waiting for the condition");
      stage.configure("host", HOST);
      stage.awaitRuns("host", 1);
      assertThat(stage.config("host")).contains("clusterRole: host");
      assertThat(stage.log("host"))
          .anyMatch(line -> line.endsWith("Task 'multicluster' failed:"))
          .anyMatch(line -> line.endsWith(": " + "*".repeat(150)))
          .noneMatch(line -> line.contains("Welcome to KubeSphere"));
      assertThat(stage.configuration("host").at("/status/multicluster").isMissingNode()).isTrue();
    }
  }

  /** (24) */
  @Test
  void keepsTheWelcomeOfEveryFormerRunInItsLog() {
    try (Stage stage = Stage.plain("3.3", Role.NONE)) {
      stage.configure("host", HOST);
      stage.awaitRuns("host", 1);
      stage.configure("host", "{monitoring: {note: b}}");
      stage.awaitRuns("host", 2);
      assertThat(stage.log("host").stream().filter(line -> line.contains("Welcome to KubeSphere!")))
          .hasSize(2);
      assertThat(stage.log("host"))
          .anyMatch(
              line ->
                  line.matches(
                      ".*https://kubesphere.io {13}\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d"))
          .anyMatch(line -> line.endsWith("task multicluster status is successful  (2/4)"));
    }
  }

  @Test
  void queuesOneMoreRunForChangesDuringARun() {
    try (Stage stage = Stage.plain("3.3", Role.NONE)) {
      stage.configure("host", "{monitoring: {note: a}}");
      until("it runs", () -> stage.log("host").stream().anyMatch(line -> line.contains("TASK")));
      stage.configure("host", HOST);
      stage.awaitRuns("host", 1);
      assertThat(stage.config("host")).contains("clusterRole: none");
      stage.awaitRuns("host", 2);
      assertThat(stage.config("host")).contains("clusterRole: host");
    }
  }

  @Test
  void ignoresEverythingButTheSpec() {
    try (Stage stage = Stage.plain("3.3", Role.NONE)) {
      until(
          "it runs",
          () -> stage.log("host").stream().anyMatch(line -> line.contains("Initialize hooks")));
      ObjectNode noted = Json.object();
      Json.at(noted, "metadata", "annotations").put("mine", "x");
      Json.at(noted, "status").put("mine", "x");
      stage
          .api("host")
          .mergePatch(Definitions.CLUSTER_CONFIGURATION, SYSTEM, "ks-installer", noted);
      Stage.pause(Timing.fast().installerRun().multipliedBy(2).toMillis());
      assertThat(stage.fleet.finishedRuns("host")).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.0", "3.2", "3.3", "3.4"})
  void installsWhereNothingIs(String version) {
    try (Stage stage = Stage.plain(version, Role.NOT_INSTALLED)) {
      ApiClient api = stage.api("host");
      apply(api, SimulatedFleet.installerManifest(version));
      until(
          "the kind is served", () -> Definitions.isServed(api, Definitions.CLUSTER_CONFIGURATION));
      apply(api, SimulatedFleet.configurationManifest(version, Role.HOST));
      stage.awaitRuns("host", 1);
      assertThat(stage.settings("host").at("/multicluster/enable").asBoolean()).isTrue();
      until("the host joined itself", () -> stage.holds("host", "Ready"));
    }
  }

  @Test
  void doesNotApplyTowerAgainWhileTheStatusSaysEnabled() {
    try (Stage stage = Stage.host("3.3")) {
      stage.api("host").delete(Kind.SERVICE, SYSTEM, "tower");
      stage.configure("host", "{multicluster: {clusterRole: none}}");
      stage.awaitRuns("host", 1);
      stage.configure("host", HOST);
      stage.awaitRuns("host", 2);
      assertThat(stage.api("host").find(Kind.SERVICE, SYSTEM, "tower")).isEmpty();
      assertThat(stage.config("host")).contains("clusterRole: host");
    }
  }

  @Test
  void leavesNoThreadBehind() {
    Stage stage = Stage.host("3.3", Role.MEMBER);
    stage.join("m1", "m1");
    long begin = System.nanoTime();
    stage.fleet.close();
    assertThat((System.nanoTime() - begin) / 1_000_000).isLessThan(2000);
    assertThat(stage.fleet.threads()).isZero();
    stage.close();
  }

  private static void apply(ApiClient api, String manifests) {
    for (String text : manifests.split("(?m)^---$")) {
      ObjectNode object = Manifest.yaml(text);
      if (object.isEmpty()) {
        continue;
      }
      for (Kind kind :
          List.of(
              Kind.CUSTOM_RESOURCE_DEFINITION,
              Kind.NAMESPACE,
              Kind.SERVICE_ACCOUNT,
              Kind.CLUSTER_ROLE,
              Kind.CLUSTER_ROLE_BINDING,
              Kind.DEPLOYMENT,
              Definitions.CLUSTER_CONFIGURATION)) {
        if (kind.kind().equals(object.path("kind").asText())) {
          api.create(kind, object);
        }
      }
    }
  }

  private static ObjectNode secret(Stage stage) {
    return stage.api("host").get(Kind.SECRET, SYSTEM, "kubesphere-secret");
  }

  /** The running pods by their label app. */
  private static Map<String, String> pods(Stage stage) {
    Map<String, String> pods = new TreeMap<>();
    for (ObjectNode pod : stage.api("host").items(Kind.POD, SYSTEM)) {
      if (pod.at("/status/phase").asText().equals("Running")) {
        pods.put(pod.at("/metadata/labels/app").asText(), Json.name(pod));
      }
    }
    return pods;
  }
}
