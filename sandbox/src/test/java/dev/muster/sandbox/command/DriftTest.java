package dev.muster.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.client.ApiClient;
import dev.muster.sandbox.client.Kind;
import dev.muster.sandbox.controller.env.Manifest;
import dev.muster.sandbox.controller.install.Definitions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DriftTest {
  private static final String CLUSTER = "/apis/cluster.kubesphere.io/v1alpha1/clusters/m1";

  @Test
  void tellsWhatSomebodyChangedFromWhatTheFileChangedAndHealsJustTheFirst() {
    try (Fleet fleet = labelled("tier: gold, zone: a", "")) {
      fleet.edit("host", Definitions.CLUSTER, "", "m1", "{metadata: {labels: {tier: iron}}}");
      fleet.topology("", "- {name: m1, provider: ACK, labels: {tier: gold, zone: b}}");

      fleet
          .muster("drift")
          .exits(2)
          .says(
              "metadata.labels.tier declared: \"gold\" live: \"iron\" by: kubectl-edit",
              "pending spec.provider declared: \"ACK\" live: absent",
              "pending metadata.labels.zone declared: \"b\" live: \"a\"",
              "drift: 1 field in 1 object, pending: 2 fields in 1 object");
      JsonNode report = fleet.muster("drift", "-o", "json").exits(2).json();
      assertThat(kinds(report))
          .containsExactlyInAnyOrder(
              "drift metadata.labels.tier kubectl-edit",
              "pending metadata.labels.zone ",
              "pending spec.provider ");
      assertThat(report.at("/clusters/1/lastApplied").asText()).startsWith("20");

      fleet.requests();
      fleet
          .muster("drift", "--heal", "--yes")
          .exits(0)
          .says(
              "~ metadata.labels.tier: \"iron\" -> \"gold\"",
              "2 things are pending, not drifted, and left for muster apply:",
              "host:Cluster/m1:metadata.labels.zone",
              "host:Cluster/m1:spec.provider");
      assertThat(fleet.plannedWrites()).containsExactly("host patch " + CLUSTER);
      JsonNode cluster = fleet.cluster("m1");
      assertThat(cluster.at("/metadata/labels/tier").asText()).isEqualTo("gold");
      assertThat(cluster.at("/metadata/labels/zone").asText()).isEqualTo("a");
      assertThat(cluster.at("/spec/provider").asText()).isEmpty();

      assertThat(kinds(fleet.muster("drift", "-o", "json").exits(2).json()))
          .containsExactlyInAnyOrder("pending metadata.labels.zone ", "pending spec.provider ");
      fleet.muster("drift", "--heal", "--yes").exits(0).says("2 things are pending");
      fleet.apply().exits(0);
      fleet.muster("drift").exits(0).says("no drift");
      fleet.muster("history").says("heal drift: 1 change, done");
    }
  }

  @Test
  void callsAFieldThatLeftTheFilePendingAndDoesNotHealIt() {
    try (Fleet fleet = labelled("tier: gold, zone: a", "")) {
      fleet.edit("host", Definitions.CLUSTER, "", "m1", "{metadata: {labels: {zone: z}}}");
      fleet.topology("", "- {name: m1, labels: {zone: a}}");
      fleet.requests();
      fleet.muster("drift", "--heal", "--yes").exits(0);
      assertThat(fleet.plannedWrites()).containsExactly("host patch " + CLUSTER);
      assertThat(fleet.cluster("m1").at("/metadata/labels/tier").asText()).isEqualTo("gold");
      assertThat(fleet.cluster("m1").at("/metadata/labels/zone").asText()).isEqualTo("a");
      fleet.apply().exits(0);
      assertThat(fleet.cluster("m1").at("/metadata/labels").has("tier")).isFalse();
    }
  }

  @Test
  void healsAnObjectThatIsGone() {
    try (Fleet fleet = Fleet.joined(1, "3.3")) {
      fleet.kubectl("m1").delete(Kind.DEPLOYMENT, Fleet.SYSTEM, "cluster-agent");

      fleet
          .muster("drift")
          .exits(2)
          .says("Deployment/kubesphere-system/cluster-agent on m1 does not exist", "drift: ");
      assertThat(kinds(fleet.muster("drift", "-o", "json").exits(2).json()))
          .isNotEmpty()
          .allMatch(field -> field.startsWith("drift "));
      fleet.muster("drift", "--heal", "--yes").exits(0);
      assertThat(fleet.deployment("m1", "cluster-agent").isEmpty()).isFalse();
      fleet.muster("drift").exits(0);
    }
  }

  @Test
  void saysThatTheInstallerWillLoseAnEditOfWhatItRenders() {
    try (Fleet fleet = Fleet.of(1, "3.3")) {
      fleet.topology("proxy: {address: \"http://198.51.100.7:8080\"}", "- name: m1");
      fleet.apply().exits(0);
      ObjectNode config =
          fleet.kubectl("host").get(Kind.CONFIG_MAP, Fleet.SYSTEM, "kubesphere-config");
      String text = config.at("/data/kubesphere.yaml").asText();
      ((ObjectNode) config.get("data"))
          .put("kubesphere.yaml", text.replace("198.51.100.7:8080", "198.51.100.8:8080"));
      fleet.kubectl("host").update(Kind.CONFIG_MAP, config);

      fleet
          .muster("drift")
          .exits(2)
          .says(
              "settings.multicluster.proxyPublishAddress declared: \"http://198.51.100.7:8080\" live: \"http://198.51.100.8:8080\" by: kubectl-edit",
              "outlook: set by kubectl-edit in ConfigMap/kubesphere-config, another value in ClusterConfiguration/ks-installer: lost at the next run of ks-installer");
      fleet.muster("drift", "--heal", "--yes").exits(0);
      assertThat(fleet.settings("host").at("/multicluster/proxyPublishAddress").asText())
          .isEqualTo("http://198.51.100.7:8080");
    }
  }

  @Test
  void goesByTheFieldManagersWhereTheInventoryDoesNotKnowWhatWasDeclared() {
    try (Fleet fleet = labelled("tier: gold, zone: a", "")) {
      ObjectNode inventory =
          fleet.kubectl("host").get(Kind.CONFIG_MAP, "kube-system", "muster-sandbox-m1");
      ObjectNode data = (ObjectNode) inventory.get("data");
      String old =
          data.path("inventory.json")
              .asText()
              .replaceAll("(?s)\"declared\" : \\{.*?\\}", "\"x\" : 1");
      data.put("inventory.json", old.replaceAll("\"key\" : \"[0-9a-f]+\",", ""));
      fleet.kubectl("host").update(Kind.CONFIG_MAP, inventory);
      fleet.edit("host", Definitions.CLUSTER, "", "m1", "{metadata: {labels: {tier: iron}}}");
      fleet.topology("", "- {name: m1, labels: {tier: gold, zone: b}}");

      assertThat(kinds(fleet.muster("drift", "-o", "json").exits(2).json()))
          .containsExactlyInAnyOrder(
              "drift metadata.labels.tier kubectl-edit", "pending metadata.labels.zone ");
    }
  }

  @Test
  void refusesWhatGoesWithARunOnlyWhereNoneIsAskedFor() {
    try (Fleet fleet = Fleet.of(1, "3.3")) {
      fleet.muster("drift", "--yes").exits(64).says("--yes goes with --heal");
      fleet.muster("drift", "--heal", "-o", "json").exits(64);
    }
  }

  /** The example, and what its commands print. */
  @Test
  void doesWhatTheExampleShows() {
    try (Fleet fleet = Fleet.of(1, "3.3")) {
      String example = Transcript.topology("drift");
      fleet.topology(example.replace("    region: cn-east\n", ""));
      fleet.apply().exits(0);
      ApiClient li = fleet.kubectl("host").as("li", "li");
      li.mergePatch(
          Definitions.CLUSTER,
          null,
          "m1",
          Manifest.yaml("{spec: {provider: Own}, metadata: {labels: {zone: b}}}"));
      ObjectNode config = li.get(Kind.CONFIG_MAP, Fleet.SYSTEM, "kubesphere-config");
      String text = config.at("/data/kubesphere.yaml").asText();
      ((ObjectNode) config.get("data"))
          .put("kubesphere.yaml", text.replace("203.0.113.9:8080", "203.0.113.8:8080"));
      li.update(Kind.CONFIG_MAP, config);
      fleet.topology(example);
      Transcript transcript = Transcript.of("drift").within(fleet.folder + "/");
      transcript.add("muster drift", fleet.muster("drift").exits(2));
      transcript.add(
          "muster drift --accept spec.provider",
          fleet.muster("drift", "--accept", "spec.provider").exits(0));
      transcript.addRun(
          "muster drift --heal --yes", fleet.muster("drift", "--heal", "--yes").exits(0));
      transcript.add("muster drift", fleet.muster("drift").exits(2));
      transcript.isAsWritten();
    }
  }

  static Fleet labelled(String labels, String more) {
    Fleet fleet = Fleet.of(1, "3.3");
    try {
      fleet.topology("", "- {name: m1, labels: {" + labels + "}" + more + "}");
      fleet.apply().exits(0);
      return fleet;
    } catch (AssertionError e) {
      fleet.close();
      throw e;
    }
  }

  private static List<String> kinds(JsonNode report) {
    List<String> kinds = new ArrayList<>();
    report
        .path("fields")
        .forEach(
            field ->
                kinds.add(
                    field.path("kind").asText()
                        + " "
                        + field.path("path").asText()
                        + " "
                        + field.at("/author/manager").asText()));
    return kinds;
  }
}
