package dev.muster.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.sandbox.client.Kind;
import dev.muster.sandbox.controller.install.Definitions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens later to a member that is reached by courier. */
@Execution(ExecutionMode.CONCURRENT)
class CourierChangesTest {
  private static final String AGENT = "cluster-agent";

  /** On 3.4 the host lets a Cluster go only while the agent still answers. */
  @ParameterizedTest
  @ValueSource(strings = {"3.3", "3.4"})
  void takesItOutAtHomeFirstAndThenThere(String version) {
    try (Fleet fleet = Fleet.of(2, version)) {
      Courier courier = Courier.joined(fleet, "", "");
      fleet.topology("", "- name: m1\n- {name: m2, state: absent, " + Courier.ACCESS + "}");
      fleet
          .muster("plan")
          .exits(8)
          .says("- delete Cluster/m2", "step remove-agent[m2] on m2", "left for the courier: m2;");
      courier.pack("m2").exits(5).says("to be done first: unregister[m2]");

      fleet.requests();
      fleet.apply().exits(8).says("deleted Cluster/m2 on host", "left for the courier: m2;");
      assertThat(fleet.requests()).noneMatch(request -> request.cluster().equals("m2"));
      assertThat(registered(fleet, "m2")).isFalse();
      fleet.muster("plan", "--detailed-exitcode").exits(8);
      fleet.muster("drift").exits(2).says("cluster-agent on m2 is still there");

      courier.pack("m2").exits(0).says("- delete Deployment/kubesphere-system/cluster-agent");
      courier.there().exits(0).says("remove-agent[m2]", "release[m2]");
      assertReleased(fleet);
      fleet.requests();
      courier.home().exits(0);
      assertSettled(fleet);
      assertThat(remembered(fleet, "m2")).isFalse();
      courier.there().exits(0).says("no changes");
    }
  }

  @Test
  void forgetsItWhenItIsLost() {
    try (Fleet fleet = Fleet.of(2, "3.4")) {
      Courier courier = Courier.joined(fleet, "", "");
      fleet.simulated().stopAgent("m2");
      String lost = "- name: m1\n- {name: m2, state: absent, lost: true, " + Courier.ACCESS + "}";
      fleet.topology("", lost);
      courier.pack("m2").exits(1).says("the topology says that m2 is lost");
      fleet.apply().exits(0).says("deleted Cluster/m2 on host");
      assertThat(registered(fleet, "m2")).isFalse();
      assertThat(remembered(fleet, "m2")).isFalse();
      assertSettled(fleet);
    }
  }

  @Test
  void prunesItByTheCourierThatTheHostRemembers() {
    try (Fleet fleet = Fleet.of(2, "3.3")) {
      Courier courier = Courier.joined(fleet, "", "");
      fleet.topology("", "- name: m1");
      fleet.muster("plan").exits(5).says("the topology does not name it any more");
      fleet
          .muster("plan", "--prune")
          .exits(8)
          .says("- delete Cluster/m2", "muster plan --prune --for m2 --bundle m2.bundle");
      fleet.apply("--prune").exits(8).says("deleted Cluster/m2 on host");
      courier.pack("m2", "--prune").exits(0);
      courier.there().exits(0);
      assertReleased(fleet);
      courier.home("--prune").exits(0);
      assertThat(remembered(fleet, "m2")).isFalse();
      assertSettled(fleet);
    }
  }

  @Test
  void joinsItUnderAnotherName() {
    try (Fleet fleet = Fleet.of(2, "3.3")) {
      Courier courier = Courier.joined(fleet, "", ", labels: {site: basement}");
      String renamed =
          "- name: m1\n- {name: idc, %slabels: {site: basement}, " + Courier.ACCESS + "}";
      fleet.topology("", renamed.formatted("renamedFrom: m2, "));
      fleet.requests();
      fleet.apply().exits(8).says("deleted Cluster/m2 on host", "left for the courier: idc;");
      assertThat(fleet.requests()).noneMatch(request -> request.cluster().equals("m2"));
      assertThat(registered(fleet, "m2")).isFalse();
      courier.pack("idc").exits(0).says("step agent[idc] on idc", "\"--name=idc\"");
      courier.there().exits(0).says("agent[idc]");
      courier.home().exits(0).says("receipt of idc");
      assertThat(fleet.cluster("idc").at("/metadata/labels/site").asText()).isEqualTo("basement");
      assertThat(fleet.condition("idc", "Ready")).isEqualTo("True");
      assertThat(remembered(fleet, "m2")).isFalse();
      fleet.topology("", renamed.formatted(""));
      assertSettled(fleet);
    }
  }

  @Test
  void changesOnlyTheHostWhereOnlyTheHostIsConcerned() {
    try (Fleet fleet = Fleet.of(2, "3.3")) {
      Courier.joined(fleet, "", "");
      fleet.topology("", "- name: m1\n- {name: m2, region: cn-east, " + Courier.ACCESS + "}");
      fleet.apply().exits(0).says("register[m2]", "1 change");
      assertSettled(fleet);
    }
  }

  /**
   * What muster set there and nothing declares any more is taken back there, and by nobody else.
   */
  @Test
  void takesBackWhatLeavesTheTopology() {
    try (Fleet fleet = Fleet.of(2, "3.3")) {
      String pod =
          ", agentPod: {image: \"registry.example.com/tower:v0.2.1\", pullSecrets: [pull]}";
      Courier courier = Courier.joined(fleet, "", pod);
      assertThat(inventory(fleet, "m2"))
          .contains("cluster-agent", "imagePullSecrets", "madeByMuster")
          .doesNotContain(fleet.jwtSecret("host"));
      assertThat(spec(fleet).path("imagePullSecrets")).hasSize(1);

      fleet.topology("", "- name: m1\n- {name: m2, " + Courier.ACCESS + "}");
      fleet
          .muster("plan")
          .exits(8)
          .says("- spec.template.spec.imagePullSecrets", "(no longer declared)");
      fleet.apply().exits(8);
      courier.pack("m2").exits(0).says("(no longer declared)");
      courier.there().exits(0).says("(no longer declared)");
      assertThat(spec(fleet).path("imagePullSecrets")).isEmpty();
      courier.home().exits(0);
      assertThat(inventory(fleet, "m2")).doesNotContain("imagePullSecrets");
      assertSettled(fleet);
    }
  }

  @Test
  void takesItAlongInARotation() {
    try (Fleet fleet = Fleet.of(2, "3.3")) {
      Courier courier = Courier.joined(fleet, "", "");
      String before = fleet.jwtSecret("host");
      fleet
          .muster("rotate", "jwt", "--yes")
          .exits(8)
          .says("is open: `muster rotate jwt` goes on with it", "left for the courier: m2;");
      String after = fleet.jwtSecret("host");
      assertThat(after).isNotEqualTo(before);
      assertThat(fleet.jwtSecret("m1")).isEqualTo(after);
      assertThat(fleet.jwtSecret("m2")).isEqualTo(before);
      List<String> prints = fingerprints(fleet, 8);
      assertThat(prints.get(0)).isEqualTo(prints.get(1)).isNotEqualTo(prints.get(2));
      fleet.muster("status").says("rotation jwt of", "is open");

      courier
          .pack("m2")
          .exits(0)
          .says("~ spec.authentication.jwtSecret: (sensitive) -> (sensitive)");
      courier.there().exits(0);
      assertThat(fleet.jwtSecret("m2")).isEqualTo(after);
      fleet.muster("status").exits(8).says("is open");
      courier.home().exits(0).says("rotation jwt of", "is over");
      prints = fingerprints(fleet, 0);
      assertThat(prints.get(2)).isEqualTo(prints.get(0)).isEqualTo(prints.get(1));
      assertSettled(fleet);
    }
  }

  private static List<String> fingerprints(Fleet fleet, int code) {
    JsonNode rows = fleet.muster("status", "-o", "json").exits(code).json();
    return List.of(
        rows.at("/0/jwt").asText(), rows.at("/1/jwt").asText(), rows.at("/2/jwt").asText());
  }

  private static JsonNode spec(Fleet fleet) {
    return fleet.deployment("m2", AGENT).at("/spec/template/spec");
  }

  private static boolean registered(Fleet fleet, String member) {
    return fleet.kubectl("host").find(Definitions.CLUSTER, null, member).isPresent();
  }

  private static boolean remembered(Fleet fleet, String member) {
    return fleet
        .kubectl("host")
        .find(Kind.CONFIG_MAP, "kube-system", "muster-sandbox-" + member)
        .isPresent();
  }

  private static String inventory(Fleet fleet, String member) {
    return fleet
        .kubectl("host")
        .get(Kind.CONFIG_MAP, "kube-system", "muster-sandbox-" + member)
        .at("/data/inventory.json")
        .asText();
  }

  private static void assertReleased(Fleet fleet) {
    assertThat(fleet.kubectl("m2").find(Kind.DEPLOYMENT, Fleet.SYSTEM, AGENT)).isEmpty();
    assertThat(fleet.configuration("m2").at("/spec/multicluster/clusterRole").asText())
        .isEqualTo("none");
    for (JsonNode namespace : fleet.kubectl("m2").items(Kind.NAMESPACE, null)) {
      JsonNode metadata = namespace.path("metadata");
      assertThat(metadata.path("labels").has("kubesphere.io/workspace")).isFalse();
      assertThat(metadata.has("ownerReferences")).isFalse();
    }
  }

  private static void assertSettled(Fleet fleet) {
    fleet.requests();
    fleet.muster("plan", "--detailed-exitcode").exits(0);
    fleet.muster("drift").exits(0);
    fleet.muster("status").exits(0);
    fleet.apply().exits(0);
    assertThat(fleet.requests())
        .noneMatch(request -> request.cluster().equals("m2"))
        .allMatch(request -> List.of("get", "list", "watch").contains(request.verb()));
  }
}
