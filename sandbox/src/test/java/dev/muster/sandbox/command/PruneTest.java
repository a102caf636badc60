package dev.muster.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.sandbox.client.ApiException;
import dev.muster.sandbox.client.Kind;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Members that vanish from the file, and how many may be taken out at once. */
@Execution(ExecutionMode.CONCURRENT)
class PruneTest {
  @Test
  void refusesAMemberThatVanishedFromTheFile() {
    try (Fleet fleet = Fleet.joined(2, "3.3")) {
      fleet.topology("", "- name: m1");
      fleet.requests();
      for (List<String> command :
          List.of(List.of("plan"), List.of("apply", "--yes"), List.of("drift"))) {
        fleet
            .muster(command.toArray(String[]::new))
            .exits(5)
            .says("member \"m2\" was joined by muster, and the topology does not name it any more");
      }
      fleet.muster("plan").says("{name: m2, state: absent}", "--prune", "put it back");
      fleet.muster("status").exits(5).says("m2");
      assertThat(fleet.muster("plan", "-o", "json").exits(5).json().at("/guards/0").asText())
          .contains("m2");
      assertThat(fleet.writes()).isEmpty();
    }
  }

  @Test
  void prunesItWhenTold() {
    try (Fleet fleet = Fleet.joined(2, "3.3")) {
      fleet.topology("", "- name: m1");
      fleet
          .muster("plan", "--prune", "--detailed-exitcode")
          .exits(2)
          .says("- delete Cluster/m2", "- delete Deployment/kubesphere-system/cluster-agent");
      fleet.apply("--prune").exits(0).says("deleted Cluster/m2 on host");
      goneButForM1(fleet);
      fleet.muster("plan", "--detailed-exitcode").exits(0);
    }
  }

  @Test
  void leavesItAloneInThisRunWhenTold() {
    try (Fleet fleet = Fleet.joined(2, "3.3")) {
      fleet.topology("", "- {name: m1, labels: {tier: gold}}");
      fleet.requests();
      fleet.muster("plan").exits(5).says("--exclude m2");
      fleet.muster("plan", "--exclude", "m3").exits(1).says("no member and no step is called");
      fleet.apply("--exclude", "m2").exits(0);
      assertThat(fleet.plannedWrites()).isNotEmpty().noneMatch(write -> write.contains("m2"));
      fleet.muster("plan").exits(5);
    }
  }

  @Test
  void prunesWhatASavedChangeSetSays() {
    try (Fleet fleet = Fleet.joined(2, "3.3")) {
      fleet.topology("", "- name: m1");
      Path saved = fleet.folder.resolve("changes.json");
      fleet.muster("plan", "--prune", "--out", saved.toString()).exits(0);
      fleet.muster("apply", saved.toString(), "--yes").exits(0);
      goneButForM1(fleet);
    }
  }

  @Test
  void takesOutOneOrATenthOfTheFleetUnlessMoreIsAllowed() {
    try (Fleet fleet = Fleet.joined(3, "3.3")) {
      fleet.topology("", "- name: m1\n- {name: m2, state: absent}");
      fleet
          .muster("plan", "--prune")
          .exits(5)
          .says("would take out 2 members (m2, m3), and may take out 1", "--max-remove 2");
      fleet.requests();
      fleet.apply("--prune").exits(5);
      fleet.apply("--prune", "--max-remove", "0").exits(5).says("may take out 0");
      assertThat(fleet.writes()).isEmpty();
      fleet.apply("--prune", "--max-remove", "2").exits(0);
      goneButForM1(fleet);
    }
  }

  @Test
  void asksNothingOfAMemberThatIsOutAlready() {
    try (Fleet fleet = Fleet.joined(2, "3.3")) {
      fleet.topology("", "- name: m1\n- {name: m2, state: absent}");
      fleet.apply().exits(0);
      goneButForM1(fleet);
      fleet.requests();
      fleet.muster("plan", "--detailed-exitcode").exits(0);
      fleet.apply().exits(0);
      assertThat(fleet.requests())
          .noneMatch(request -> request.cluster().equals("m2"))
          .noneMatch(request -> !List.of("get", "list").contains(request.verb()));
      fleet.topology("", "- name: m1\n- {name: never, state: absent}");
      fleet.muster("plan", "--detailed-exitcode").exits(0);
    }
  }

  @Test
  void refusesAnotherClusterBehindTheContextOfAVanishedMember() {
    try (Fleet fleet = Fleet.joined(2, "3.3")) {
      fleet.topology("", "- name: m1");
      String kubeconfig = fleet.sandbox.server().kubeconfig();
      fleet.write(
          "kubeconfig.yaml",
          kubeconfig
              .replace("cluster: \"m2\"", "cluster: \"m1\"")
              .replace("user: \"admin-m2\"", "user: \"admin-m1\""));
      fleet.muster("plan", "--prune").exits(5).says("behind the access of \"m2\"");
    }
  }

  @Test
  void forgetsTheFormerNameOfAMemberWithItsRenaming() {
    try (Fleet fleet = Fleet.joined(2, "3.3")) {
      String access = "access: {kubeconfig: {file: kubeconfig.yaml, context: m2}}";
      fleet.topology("", "- name: m1\n- {name: n2, renamedFrom: m2, " + access + "}");
      fleet.apply().exits(0);
      goneButForM1(fleet);
      fleet.topology("", "- name: m1\n- {name: n2, " + access + "}");
      fleet.muster("plan", "--detailed-exitcode").exits(0);
    }
  }

  private static void goneButForM1(Fleet fleet) {
    for (String member : List.of("m2", "m3")) {
      try {
        fleet.cluster(member);
        throw new AssertionError(member + " is registered still");
      } catch (ApiException e) {
        assertThat(e.isNotFound()).isTrue();
      }
      assertThat(
              fleet
                  .kubectl("host")
                  .find(Kind.CONFIG_MAP, "kube-system", "muster-sandbox-" + member))
          .isEmpty();
    }
    assertThat(fleet.kubectl("host").find(Kind.CONFIG_MAP, "kube-system", "muster-sandbox-m1"))
        .isPresent();
    assertThat(fleet.condition("m1", "Ready")).isEqualTo("True");
  }
}
