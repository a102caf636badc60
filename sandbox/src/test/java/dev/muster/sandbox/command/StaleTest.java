package dev.muster.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.sandbox.client.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A change set that was saved, and what became of the clusters since. */
@Execution(ExecutionMode.CONCURRENT)
class StaleTest {
  @Test
  void stopsWhereAPlannedFieldWasEditedAndGoesOnElsewhere() {
    try (Fleet fleet = Fleet.of(2, "3.3")) {
      String file = save(fleet);
      fleet.configure("m1", "{multicluster: {clusterRole: something}}");

      fleet
          .apply(file)
          .exits(6)
          .says(
              "step member-role[m1]",
              "changed since planned",
              "spec.multicluster.clusterRole, planned from \"none\", now \"something\"");

      assertThat(fleet.configuration("m1").at("/spec/multicluster/clusterRole").asText())
          .isEqualTo("something");
      assertThat(fleet.condition("m2", "Ready")).isEqualTo("True");
    }
  }

  @Test
  void tellsOfAnObjectThatIsNotThereAnyMore() {
    try (Fleet fleet = Fleet.joined(1, "3.3")) {
      fleet.topology("proxy: {address: \"http://198.51.100.8:8080\"}", "- name: m1");
      String file = save(fleet);
      fleet.kubectl("m1").delete(Kind.DEPLOYMENT, Fleet.SYSTEM, "cluster-agent");

      fleet
          .apply(file)
          .exits(6)
          .says(
              "step agent[m1]: stale, changed since planned: Deployment/kubesphere-system/cluster-agent was there when planned, and is not there any more",
              "run muster plan again");
      assertThat(fleet.kubectl("m1").find(Kind.DEPLOYMENT, Fleet.SYSTEM, "cluster-agent"))
          .isEmpty();
    }
  }

  @Test
  void tellsOfAnObjectThatCameMeanwhile() {
    try (Fleet fleet = Fleet.joined(1, "3.3")) {
      fleet.kubectl("m1").delete(Kind.DEPLOYMENT, Fleet.SYSTEM, "cluster-agent");
      fleet.topology("proxy: {address: \"http://198.51.100.8:8080\"}", "- name: m1");
      String file = save(fleet);
      fleet.topology("", "- name: m1");
      fleet.apply().exits(0);

      fleet
          .apply(file)
          .exits(6)
          .says(
              "Deployment/kubesphere-system/cluster-agent was not there when planned, and is there now: ",
              ", planned from absent, now ");
    }
  }

  @Test
  void tellsOfAChangedSecretWithoutShowingIt() {
    try (Fleet fleet = Fleet.of(1, "3.3")) {
      fleet.apply("--only", "host-role").exits(0);
      String file = save(fleet);
      fleet.configure("m1", "{authentication: {jwtSecret: TypedBySomebodyElse99}}");
      Fleet.Result result =
          fleet
              .apply(file)
              .exits(6)
              .says("spec.authentication.jwtSecret", "another (sensitive) value");
      assertThat(result.all()).doesNotContain("TypedBySomebodyElse99");
    }
  }

  @Test
  void appliesExactlyWhatWasSaved() {
    try (Fleet fleet = Fleet.of(2, "3.3")) {
      fleet.topology("", "- name: m1");
      String file = save(fleet);
      // The file on the disk says something else by now.
      fleet.topology("", "- name: m1\n- name: m2");
      fleet.apply(file).exits(0);
      assertThat(fleet.condition("m1", "Ready")).isEqualTo("True");
      assertThat(fleet.configuration("m2").at("/spec/multicluster/clusterRole").asText())
          .isEqualTo("none");
    }
  }

  @Test
  void hasNothingToDoWhenSomebodyDidItMeanwhile() {
    try (Fleet fleet = Fleet.of(1, "3.3")) {
      String file = save(fleet);
      fleet.apply().exits(0);
      fleet.requests();
      fleet.apply(file).exits(0);
      assertThat(fleet.writes()).isEmpty();
    }
  }

  @Test
  void appliesASavedChangeSetWithNothingInIt() {
    try (Fleet fleet = Fleet.joined(1, "3.3")) {
      String file = save(fleet);
      fleet.apply(file).exits(0);
      fleet.configure("m1", "{multicluster: {clusterRole: none}}");
      fleet.apply(file).exits(6).says("was not in the change set");
      assertThat(fleet.configuration("m1").at("/spec/multicluster/clusterRole").asText())
          .isEqualTo("none");
    }
  }

  @Test
  void refusesAnotherClusterBehindTheSameName() {
    try (Fleet fleet = Fleet.of(2, "3.3")) {
      fleet.topology("", "- name: m1");
      String file = save(fleet);
      String kubeconfig = fleet.sandbox.server().kubeconfig();
      fleet.write("kubeconfig.yaml", kubeconfig.replace("/clusters/m1", "/clusters/m2"));
      fleet.requests();
      fleet.apply(file).exits(5).says("is another cluster than when this was planned");
      assertThat(fleet.writes()).isEmpty();
    }
  }

  private static String save(Fleet fleet) {
    String file = fleet.folder.resolve("changes.json").toString();
    fleet.muster("plan", "--out", file).exits(0);
    return file;
  }
}
