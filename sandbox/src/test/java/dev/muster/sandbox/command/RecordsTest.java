package dev.muster.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the records of runs tell afterwards. */
class RecordsTest {
  private static final String ADDRESS = "http://198.51.100.7:8080";

  @Test
  void tellsWhichRunSetWhatAndWhatDiffersBetweenRuns() {
    try (Fleet fleet = Fleet.of(2, "3.3")) {
      fleet.apply("--only", "m1").exits(0);
      fleet.apply().exits(0);
      fleet.topology(
          "proxy: {address: \"" + ADDRESS + "\"}", "- name: m1\n  group: prod\n- name: m2\n");
      fleet.apply().exits(0);
      JsonNode history = fleet.muster("history", "-o", "json").exits(0).json();
      List<String> runs = history.findValuesAsText("runId");
      assertThat(runs).hasSize(3);
      fleet
          .muster("history")
          .exits(0)
          .out()
          .lines()
          .forEach(line -> assertThat(line.length()).as(line).isLessThanOrEqualTo(80));

      fleet
          .muster("blame", "host:Cluster/m1:spec.enable")
          .exits(0)
          .says("set to true", runs.get(2));
      fleet
          .muster("blame", "Cluster/m2:spec.enable")
          .exits(0)
          .says("step register[m2]", runs.get(1));
      fleet
          .muster("blame", "spec.enable")
          .exits(1)
          .says("names 2 fields", "host:Cluster/m2:spec.enable");
      fleet
          .muster("blame", "spec.host.proxy.address")
          .exits(0)
          .says("in the topology", ADDRESS, runs.get(0));
      fleet.muster("blame", "spec.enabel").exits(1).says("did you mean spec.enable?");
      Fleet.Result agent =
          fleet.muster(
              "blame",
              "m1:Deployment/cluster-agent:spec.template.spec.containers[name=agent].command[3]");
      agent.exits(0).says("changed from", ADDRESS, runs.get(0), runs.get(2));
      fleet
          .muster("blame", "m1")
          .exits(0)
          .says("spec.authentication.jwtSecret: (sensitive)", runs.get(2));

      fleet
          .muster("show", runs.get(1))
          .exits(0)
          .says("step member-role[m2] on m2: applied", "+ create Cluster/m2");
      fleet
          .muster("diff", runs.get(1), runs.get(0))
          .exits(0)
          .says("+ metadata.labels['cluster.kubesphere.io/group']: \"prod\"", "+ group: prod");
      fleet.muster("diff", runs.get(0)).exits(0).says("no difference");
      fleet.muster("history", "--member", "m2", "--step", "register").exits(0).says(runs.get(1));
      assertThat(fleet.muster("history", "--member", "m2", "--step", "register").out().lines())
          .hasSize(2);
      assertThat(fleet.muster("history", "--field", "kubesphere.io/group").out().lines())
          .hasSize(2);
      fleet.muster("history", "--since", "2030-01-01").exits(0).says("is like that");
      fleet.muster("history", "--result", "don").exits(64).says("did you mean done?");
    }
  }

  @Test
  void tellsOfARunThatFailedWhatIsKnownOfItsFields() {
    try (Fleet fleet = Fleet.of(1, "3.3")) {
      fleet.simulated().failInstaller("m1", "ks-core", "no space left");
      fleet.apply().exits(4);
      fleet
          .muster("blame", "m1:ClusterConfiguration/ks-installer:spec.multicluster.clusterRole")
          .exits(0)
          .says("changed from \"none\" to \"member\"", "gate failed");
      fleet
          .muster("blame", "host:Cluster/m1:spec.enable")
          .exits(0)
          .says("not done: set to true", "skipped");
      fleet.muster("show").exits(0).says("step member-role[m1] on m1: gate failed");
    }
  }
}
