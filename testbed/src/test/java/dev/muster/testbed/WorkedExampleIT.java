package dev.muster.testbed;

import static dev.muster.testbed.MusterAssert.assertThat;
import static dev.muster.testbed.RealFleet.AGENT;
import static dev.muster.testbed.RealFleet.CONFIG;
import static dev.muster.testbed.RealFleet.CONFIGURATION;
import static dev.muster.testbed.RealFleet.HOST;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.sandbox.controller.env.Manifest;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/**
 * The documented procedure: a host whose Tower gets no address of its own, and one member. One
 * story, told in order.
 */
@Timeout(180)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class WorkedExampleIT {
  private static final String MEMBER = "idc-1";

  @SuppressWarnings("NullAway.Init")
  private static RealFleet fleet;

  @BeforeAll
  static void start() {
    fleet = RealFleet.of("3.3").member(MEMBER).start();
    fleet.declare(
        """
        host:
          proxy: {address: "http://139.198.120.120:8080"}
        members:
        - name: idc-1
          region: cn-east
          labels: {tier: gold}
        """);
  }

  @AfterAll
  static void end() {
    fleet.close();
  }

  @Test
  @Order(1)
  void planListsWhatTheProcedureChangesAndNothingElse() {
    Muster.Result plan = fleet.muster().run("plan", "-o", "json");

    assertThat(plan).exitsWith(0);
    assertThat(PlannedChanges.in(plan))
        .containsExactlyInAnyOrder(
            "host ClusterConfiguration spec.multicluster.clusterRole",
            "host ClusterConfiguration spec.multicluster.proxyPublishAddress",
            "host ConfigMap settings.multicluster.proxyPublishAddress",
            "idc-1 ClusterConfiguration spec.authentication.jwtSecret",
            "idc-1 ClusterConfiguration spec.multicluster.clusterRole",
            "host +Cluster/idc-1",
            "idc-1 +Deployment/cluster-agent");
    assertThat(fleet.muster().run("plan", "--detailed-exitcode")).exitsWith(2);
  }

  @Test
  @Order(2)
  void dryRunOnTheClientSendsNoWriteAtAll() {
    List<String> before = versions();
    Requests earlier = fleet.requests();

    assertThat(fleet.muster().run("apply", "--yes", "--dry-run=client")).exitsWith(0);

    assertThat(fleet.requests().after(earlier).lines(Audit.Request::writes)).isEmpty();
    assertThat(versions()).isEqualTo(before);
  }

  @Test
  @Order(3)
  void dryRunOnTheServersSendsNoWriteThatCounts() {
    List<String> before = versions();
    Requests earlier = fleet.requests();

    assertThat(fleet.muster().run("apply", "--yes", "--dry-run=server")).exitsWith(0);

    Requests sent = fleet.requests().after(earlier);
    assertThat(sent.writes()).isEmpty();
    assertThat(sent.lines(Audit.Request::dryRun)).isNotEmpty();
    assertThat(versions()).isEqualTo(before);
  }

  @Test
  @Order(4)
  void applyJoinsTheMember() {
    assertThat(fleet.muster().run("apply", "--yes")).exitsWith(0);

    assertThat(fleet.muster().run("plan", "--detailed-exitcode")).exitsWith(0);
    assertThat(fleet.muster().run("drift")).exitsWith(0);
  }

  @Test
  @Order(5)
  void objectsAreAsTheProcedureLeavesThem() {
    Map<String, String> values =
        Map.of(
            "jwtSecret",
            fleet.jwtSecret(),
            "token",
            fleet.registration(MEMBER).at("/spec/connection/token").asText());

    assertThat(values.get("token")).matches("[0-9a-f]{64}");
    assertThat(differences("host-configuration", values, fleet.object(HOST, CONFIGURATION)))
        .isEmpty();
    assertThat(differences("host-settings", values, settings(HOST))).isEmpty();
    assertThat(differences("member-configuration", values, fleet.object(MEMBER, CONFIGURATION)))
        .isEmpty();
    assertThat(differences("member-settings", values, settings(MEMBER))).isEmpty();
    assertThat(differences("cluster", values, fleet.registration(MEMBER))).isEmpty();
    assertThat(differences("agent", values, fleet.object(MEMBER, AGENT))).isEmpty();
  }

  @Test
  @Order(6)
  void historyHoldsOneSoundRunAndTheWorkTreeIsUntouched() {
    Muster muster = fleet.muster();

    assertThat(muster.git("rev-list", "--count", "muster/acme").strip()).isEqualTo("1");
    assertThat(muster.run("history")).exitsWith(0).says("5 changes, done");
    assertThat(muster.git("ls-tree", "-r", "--name-only", "muster/acme").lines())
        .contains("topology.yaml", "plan.yaml", "change-set.json", "result.json");
    assertThat(muster.git("for-each-ref", "refs/muster")).isEmpty();
    assertThat(muster.git("fsck", "--strict", "--no-progress", "--no-dangling")).isEmpty();
    assertThat(muster.git("status", "--porcelain")).isEmpty();
  }

  @Test
  @Order(7)
  void planReadsEachObjectOnceAndAsksForNothingElse() {
    Requests earlier = fleet.requests();
    assertThat(fleet.muster().run("plan")).exitsWith(0);

    Requests sent = fleet.requests().after(earlier);
    assertThat(sent.lines(Audit.Request::writes)).isEmpty();
    assertThat(sent.lines(request -> request.verb().equals("watch"))).isEmpty();
    assertThat(sent.lines(WorkedExampleIT::isDiscovery)).isEmpty();
    assertThat(sent.lines(request -> true)).doesNotHaveDuplicates();
    assertThat(sent.lines(request -> request.verb().equals("list")))
        .satisfiesExactlyInAnyOrder(
            list -> assertThat(list).startsWith("host: list " + Crd.clusters("3.3").path() + "?"),
            list ->
                assertThat(list)
                    .startsWith("host: list " + Requests.INVENTORY + "?")
                    .contains("labelSelector=muster.dev%2Ftopology%3Dacme"));
  }

  @Test
  @Order(8)
  void driftNamesAFieldThatSomebodyChangedAndApplyPutsItRight() {
    fleet.edit(MEMBER, CONFIGURATION, "{\"spec\":{\"multicluster\":{\"clusterRole\":\"none\"}}}");

    assertThat(fleet.muster().run("drift"))
        .exitsWith(2)
        .says(
            "ClusterConfiguration/kubesphere-system/ks-installer on idc-1",
            "spec.multicluster.clusterRole",
            "declared: \"member\"",
            "live:     \"none\"");
    assertThat(fleet.muster().run("apply", "--yes")).exitsWith(0);
    assertThat(fleet.muster().run("drift")).exitsWith(0);
    assertThat(fleet.object(MEMBER, CONFIGURATION).at("/spec/multicluster/clusterRole").asText())
        .isEqualTo("member");
    assertThat(fleet.muster().git("rev-list", "--count", "muster/acme").strip()).isEqualTo("2");
  }

  private static boolean isDiscovery(Audit.Request request) {
    return request.path().matches("/(api|apis|openapi|version)(/.*)?")
        && !request.path().matches("/apis?/.*/(namespaces|clusters|validating[a-z]+).*");
  }

  private static List<String> differences(String file, Map<String, String> values, JsonNode live) {
    return Expected.differences(Expected.read("worked-example/" + file + ".yaml", values), live);
  }

  private static JsonNode settings(String cluster) {
    return Manifest.yaml(fleet.settings(cluster));
  }

  /** The versions of all objects that an apply would write. */
  private static List<String> versions() {
    return Stream.of(
            fleet.object(HOST, CONFIGURATION),
            fleet.object(HOST, CONFIG),
            fleet.object(MEMBER, CONFIGURATION),
            fleet.registration(MEMBER),
            fleet.object(MEMBER, AGENT))
        .map(object -> object.at("/metadata/resourceVersion").asText("absent"))
        .collect(Collectors.toList());
  }
}
