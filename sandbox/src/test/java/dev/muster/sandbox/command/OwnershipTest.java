package dev.muster.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.sandbox.client.Kind;
import dev.muster.sandbox.controller.env.Manifest;
import dev.muster.sandbox.controller.install.Definitions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What leaves the topology is given back, because the host remembers who took charge of it. */
@Execution(ExecutionMode.CONCURRENT)
class OwnershipTest {
  private static final String CLUSTER = "/apis/cluster.kubesphere.io/v1alpha1/clusters/m1";

  @Test
  void removesAFieldThatLeavesTheTopologyAndNothingElse() {
    try (Fleet fleet = labelled()) {
      fleet.edit("host", Definitions.CLUSTER, "", "m1", "{metadata: {labels: {others: theirs}}}");
      fleet.topology("", "- {name: m1, labels: {zone: a}}");

      fleet
          .muster("plan", "--detailed-exitcode")
          .exits(2)
          .says(
              "step register[m1]",
              "- metadata.labels.tier: \"gold\" (no longer declared)",
              "- metadata.labels['cluster.kubesphere.io/region']: \"cn-east\" (no longer declared)",
              "0 to create, 1 to patch");
      fleet.muster("plan", "-o", "markdown").says("metadata.labels.tier", "no longer declared");
      assertThat(fleet.muster("plan", "-o", "patch").out())
          .contains("\"remove\"", "/metadata/labels/tier");
      assertThat(released(fleet.muster("plan", "-o", "json").json()))
          .containsExactlyInAnyOrder(
              "metadata.labels.tier remove",
              "metadata.labels['cluster.kubesphere.io/region'] remove");
      fleet
          .muster("drift")
          .exits(2)
          .says("metadata.labels.tier", "declared: no longer; muster apply removes it");
      fleet.muster("status").says("2 fields");

      fleet.requests();
      fleet.apply().exits(0);
      assertThat(fleet.plannedWrites()).containsExactly("host patch " + CLUSTER);
      JsonNode labels = fleet.cluster("m1").at("/metadata/labels");
      assertThat(labels.has("tier")).isFalse();
      assertThat(labels.has("cluster.kubesphere.io/region")).isFalse();
      assertThat(labels.path("zone").asText()).isEqualTo("a");
      assertThat(labels.path("others").asText()).isEqualTo("theirs");
      settled(fleet);
    }
  }

  /** What others have set goes along, what muster had set only as far as it is still declared. */
  @Test
  void givesBackWhatLeavesTheTopologyTogetherWithAName() {
    try (Fleet fleet = Fleet.of(1, "3.3")) {
      fleet.topology(
          "",
          """
          - name: m1
            labels: {tier: gold, zone: a}
            agentPod: {image: "r.example/tower:v0.2.1", httpProxy: {http: "http://p.example:3128"}}
          """);
      fleet.apply().exits(0);
      fleet.edit("host", Definitions.CLUSTER, "", "m1", "{metadata: {labels: {others: theirs}}}");
      fleet.topology(
          "",
          """
          - name: east
            renamedFrom: m1
            access: {kubeconfig: {file: kubeconfig.yaml, context: m1}}
            labels: {zone: a}
            agentPod: {image: "r.example/tower:v0.2.1"}
          """);

      Fleet.Result applied = fleet.apply().exits(0);

      assertThat(applied.out()).doesNotContain("adopted");
      JsonNode labels = fleet.cluster("east").at("/metadata/labels");
      assertThat(labels.has("tier")).isFalse();
      assertThat(labels.path("zone").asText()).isEqualTo("a");
      assertThat(labels.path("others").asText()).isEqualTo("theirs");
      assertThat(
              fleet
                  .deployment("m1", "cluster-agent")
                  .at("/spec/template/spec/containers/0/env")
                  .toString())
          .doesNotContain("p.example");
      settled(fleet);
    }
  }

  @Test
  void knowsItInAFolderWithoutAnyHistory() throws IOException {
    try (Fleet fleet = labelled()) {
      Repository.delete(fleet.folder.resolve(".git"));
      fleet.topology("", "- name: m1");
      fleet.apply().exits(0).says("is in no git repository", "1 change");
      assertThat(fleet.cluster("m1").at("/metadata/labels").has("tier")).isFalse();
      settled(fleet);
    }
  }

  @Test
  void removesAFieldFromAnEmbeddedTextAndFromWhereItIsRenderedFrom() {
    try (Fleet fleet = Fleet.of(1, "3.3")) {
      fleet.topology("proxy: {address: \"http://198.51.100.7:8080\"}", "- name: m1");
      fleet.apply().exits(0);
      fleet.topology("", "- name: m1");
      fleet
          .muster("plan")
          .says(
              "- spec.multicluster.proxyPublishAddress: \"http://198.51.100.7:8080\" (no longer declared)",
              "- settings.multicluster.proxyPublishAddress: \"http://198.51.100.7:8080\" (no longer declared)",
              "\"--proxy-server=http://" + Fleet.ADDRESS + ":8080\"");
      fleet.apply().exits(0);
      assertThat(fleet.configuration("host").at("/spec/multicluster").has("proxyPublishAddress"))
          .isFalse();
      assertThat(fleet.settings("host").path("multicluster").has("proxyPublishAddress")).isFalse();
      settled(fleet);
    }
  }

  @Test
  void givesBackWhatWasThereBefore() {
    try (Fleet fleet = Fleet.joined(1, "3.3")) {
      fleet.edit(
          "host",
          Definitions.CLUSTER,
          "",
          "m1",
          "{spec: {provider: By hand}, metadata: {labels: {tier: iron}}}");
      fleet.topology("", "- {name: m1, provider: ACK, labels: {tier: gold, zone: a}}");
      fleet.apply().exits(0);
      fleet.topology("", "- name: m1");
      fleet
          .muster("plan")
          .says(
              "~ spec.provider: \"ACK\" -> \"By hand\" (no longer declared, back to what muster replaced)",
              "~ metadata.labels.tier: \"gold\" -> \"iron\"",
              "- metadata.labels.zone: \"a\" (no longer declared)");
      fleet.muster("drift").says("no longer; muster apply gives back \"iron\"");
      fleet.apply().exits(0);
      assertThat(fleet.cluster("m1").at("/spec/provider").asText()).isEqualTo("By hand");
      assertThat(fleet.cluster("m1").at("/metadata/labels/tier").asText()).isEqualTo("iron");
      assertThat(fleet.cluster("m1").at("/metadata/labels").has("zone")).isFalse();
      settled(fleet);
    }
  }

  @Test
  void showsAndGuardsWhatIsThereWhenItIsRemoved() {
    try (Fleet fleet = labelled()) {
      fleet.edit("host", Definitions.CLUSTER, "", "m1", "{metadata: {labels: {tier: changed}}}");
      fleet.topology("", "- {name: m1, labels: {zone: a}, region: cn-east}");
      Path saved = fleet.folder.resolve("changes.json");
      fleet
          .muster("plan", "--out", saved.toString())
          .says("- metadata.labels.tier: \"changed\" (no longer declared)");
      fleet.edit("host", Definitions.CLUSTER, "", "m1", "{metadata: {labels: {tier: again}}}");
      fleet.muster("apply", saved.toString(), "--yes").exits(6).says("metadata.labels.tier");
      assertThat(fleet.cluster("m1").at("/metadata/labels/tier").asText()).isEqualTo("again");
      fleet.apply().exits(0);
      assertThat(fleet.cluster("m1").at("/metadata/labels").has("tier")).isFalse();
    }
  }

  @Test
  void adoptsWhatItFindsAsDeclared() {
    try (Fleet fleet = labelled()) {
      for (String cluster : List.of("host", "m1")) {
        fleet.kubectl("host").delete(Kind.CONFIG_MAP, "kube-system", "muster-sandbox-" + cluster);
      }
      fleet.requests();
      fleet.muster("plan", "--detailed-exitcode").exits(0).says("no changes");
      assertThat(fleet.writes()).isEmpty();
      fleet.apply().exits(0).says("no changes", "adopted: ");
      assertThat(fleet.plannedWrites()).isEmpty();
      assertThat(fleet.muster("history").out().lines()).hasSize(2);
      assertThat(fleet.apply().exits(0).all()).doesNotContain("adopted");
      assertThat(fleet.writes()).isEmpty();

      fleet.topology("", "- {name: m1, labels: {zone: a}}");
      fleet.muster("plan").says("- metadata.labels.tier: \"gold\" (no longer declared)");
      fleet.apply().exits(0);
      settled(fleet);
    }
  }

  @Test
  void writesNothingThatItCannotRemember() {
    try (Fleet fleet = Fleet.joined(1, "3.3")) {
      fleet.topology("", "- {name: m1, labels: {tier: gold}}");
      fleet.apply().exits(0);
      fleet.topology("", "- {name: m1, labels: {zone: a}}");
      fleet.sandbox.server().deny("admin-host", "host", Set.of("update"), Set.of("configmaps"));
      fleet.apply().exits(5).says("cannot write the inventory", "update and delete of configmaps");
      assertThat(fleet.cluster("m1").at("/metadata/labels/tier").asText()).isEqualTo("gold");
      assertThat(fleet.cluster("m1").at("/metadata/labels").has("zone")).isFalse();
      fleet.sandbox.server().allow("admin-host", "host");
      fleet.apply().exits(0);
      assertThat(fleet.cluster("m1").at("/metadata/labels").has("tier")).isFalse();
      settled(fleet);
    }
  }

  /** The work is done, but the host still remembers what is no more. */
  @Test
  void isNotAllDoneBeforeItIsWrittenDown() {
    try (Fleet fleet = Fleet.joined(2, "3.3")) {
      fleet.topology("", "- {name: m1}\n- {name: m2, state: absent}");
      fleet.sandbox.server().deny("admin-host", "host", Set.of("delete"), Set.of("configmaps"));
      fleet
          .apply()
          .exits(3)
          .says(
              "not all done:",
              "the inventory on the host cannot be written:",
              "is forbidden",
              "next: muster needs list, get, create, update and delete of configmaps",
              "run the same command again");
      assertThat(fleet.muster("show").exits(0).all()).contains("not all done");
      fleet.sandbox.server().allow("admin-host", "host");
      fleet.apply().exits(0);
      fleet.muster("plan", "--detailed-exitcode").exits(0);
    }
  }

  @Test
  void saysWhichRightIsMissing() {
    try (Fleet fleet = Fleet.of(1, "3.3")) {
      fleet.sandbox.server().deny("admin-host", "host", Set.of("list"), Set.of("configmaps"));
      for (String command : List.of("plan", "drift", "doctor")) {
        fleet
            .muster(command)
            .exits(5)
            .says(
                "cannot read the inventory on the host",
                "list, get, create, update and delete of configmaps in namespace kube-system");
      }
    }
  }

  @Test
  void leavesTheInventoryOfAnotherTopologyAlone() {
    try (Fleet fleet = Fleet.of(1, "3.3")) {
      fleet
          .kubectl("host")
          .create(
              Kind.CONFIG_MAP,
              Manifest.yaml(
                  """
                  metadata:
                    name: muster-sandbox-host
                    namespace: kube-system
                    labels: {muster.dev/topology: sand, muster.dev/cluster: box-host}
                  data: {inventory.json: '{"version": 1, "name": "box-host"}'}
                  """));
      fleet.requests();
      fleet.apply().exits(3).says("is not the inventory of this topology");
      assertThat(fleet.writes()).noneMatch(write -> write.startsWith("host patch"));
    }
  }

  @Test
  void refusesAnInventoryOfANewerMuster() {
    try (Fleet fleet = Fleet.joined(1, "3.3")) {
      fleet.edit(
          "host",
          Kind.CONFIG_MAP,
          "kube-system",
          "muster-sandbox-m1",
          "{data: {inventory.json: '{\"version\": 9, \"name\": \"m1\"}'}}");
      fleet
          .muster("plan")
          .exits(1)
          .says("muster-sandbox-m1 on the host was written by a newer muster (format 9)");
    }
  }

  /** The example, and what its commands print. */
  @Test
  void doesWhatTheExampleShows() {
    try (Fleet fleet = Fleet.of(1, "3.3")) {
      String example = Transcript.topology("ownership");
      String now = "- {name: m1, labels: {tier: gold}}";
      fleet.topology(example.replace("  " + now, "  - name: m1"));
      fleet.apply().exits(0);
      fleet.edit("host", Definitions.CLUSTER, "", "m1", "{spec: {provider: By hand}}");
      fleet.topology(
          example.replace(
              "  " + now,
              "  - {name: m1, labels: {tier: gold, zone: a}, region: cn-east, provider: ACK}"));
      fleet.apply().exits(0);
      fleet.topology(example);
      Transcript transcript = Transcript.of("ownership");
      transcript.add("muster plan", fleet.muster("plan").exits(0));
      transcript.addEnd("muster apply --yes", fleet.apply().exits(0));
      transcript.add("muster plan", fleet.muster("plan").exits(0));
      transcript.isAsWritten();
    }
  }

  private static Fleet labelled() {
    Fleet fleet = Fleet.of(1, "3.3");
    try {
      fleet.topology("", "- {name: m1, labels: {tier: gold, zone: a}, region: cn-east}");
      fleet.apply().exits(0);
      return fleet;
    } catch (AssertionError e) {
      fleet.close();
      throw e;
    }
  }

  /** Nothing to do, and nothing to write down either. */
  private static void settled(Fleet fleet) {
    fleet.muster("plan", "--detailed-exitcode").exits(0);
    fleet.requests();
    fleet.apply().exits(0);
    assertThat(fleet.writes()).isEmpty();
  }

  private static List<String> released(JsonNode plan) {
    List<String> lines = new ArrayList<>();
    plan.path("steps")
        .forEach(
            step ->
                step.path("changes")
                    .forEach(
                        change ->
                            change
                                .path("fields")
                                .forEach(
                                    field -> {
                                      if (field.path("released").asBoolean()) {
                                        lines.add(
                                            field.path("path").asText()
                                                + " "
                                                + field.path("action").asText());
                                      }
                                    })));
    return lines;
  }
}
