package dev.muster.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** Going back to what a run declared. */
class RollbackTest {
  private static final String OLD = "- name: m1\n  group: prod  # as agreed\n";
  private static final String NEW = "- name: m1\n  group: test\n";

  @Test
  void goesBackThroughTheSameGatesAndTrapsNobody() throws IOException {
    try (Fleet fleet = Fleet.of(1, "3.3")) {
      fleet.topology("", OLD);
      String old = Files.readString(fleet.folder.resolve("topology.yaml"));
      fleet.apply().exits(0);
      String first = latest(fleet);
      fleet.topology("", NEW);
      String present = Files.readString(fleet.folder.resolve("topology.yaml"));
      fleet.apply().exits(0);
      assertThat(group(fleet)).isEqualTo("test");
      fleet.requests();

      fleet
          .muster("rollback", first, "--plan")
          .exits(0)
          .says("rollback to run " + first, "- group: test", "+ group: prod # as agreed")
          .says("~ metadata.labels['cluster.kubesphere.io/group']: \"test\" -> \"prod\"")
          .says("what a rollback does not undo:", "generated keep their values");
      assertThat(fleet.writes()).isEmpty();
      fleet.muster("rollback", first).exits(5);

      fleet
          .muster("rollback", first, "--yes")
          .exits(0)
          .says("--write-file puts the old text there");
      assertThat(group(fleet)).isEqualTo("prod");
      assertThat(fleet.folder.resolve("topology.yaml")).hasContent(present);
      String rollback = latest(fleet);
      fleet.muster("show", rollback).exits(0).says("rollback " + first);
      fleet
          .muster("blame", "Cluster/m1:metadata.labels['cluster.kubesphere.io/group']")
          .exits(0)
          .says("changed from \"test\" to \"prod\"", rollback);

      fleet.apply().exits(5).says("rolled back what", "--forward", "--write-file");
      assertThat(group(fleet)).isEqualTo("prod");
      fleet.apply("--forward").exits(0);
      assertThat(group(fleet)).isEqualTo("test");

      fleet.muster("rollback", first, "--yes", "--write-file").exits(0).says("commit it");
      assertThat(Files.readString(fleet.folder.resolve("topology.yaml"))).isEqualTo(old);
      fleet.apply().exits(0).says("no changes");
      assertThat(group(fleet)).isEqualTo("prod");
    }
  }

  @Test
  void losesNoTextThatIsNowhereElse() {
    try (Fleet fleet = Fleet.of(1, "3.3")) {
      fleet.topology("", OLD);
      fleet.apply().exits(0);
      fleet.topology("", NEW);
      fleet.requests();
      fleet
          .muster("rollback", latest(fleet), "--yes", "--write-file")
          .exits(1)
          .says("would lose it");
      assertThat(fleet.requests()).isEmpty();
    }
  }

  @Test
  void goesBackThoughTheFileIsWrongNow() {
    try (Fleet fleet = Fleet.of(1, "3.3")) {
      fleet.topology("", OLD);
      fleet.apply().exits(0);
      String first = latest(fleet);
      fleet.topology("", NEW + "  groupe: x\n");
      fleet.apply().exits(1);
      fleet.muster("rollback", first, "--plan").exits(0).says("no changes");
    }
  }

  @Test
  void takesMembersThatJoinedSinceOutOnlyWhenAsked() {
    try (Fleet fleet = Fleet.of(2, "3.3")) {
      fleet.topology("", "- name: m1\n");
      fleet.apply().exits(0);
      String first = latest(fleet);
      fleet.topology("", "- name: m1\n- name: m2\n");
      fleet.apply().exits(0);
      fleet.muster("rollback", first, "--yes").exits(5).says("m2", "--prune");
      fleet.muster("rollback", first, "--yes", "--prune").exits(0);
      fleet.muster("status").exits(0);
      assertThat(fleet.muster("history").out()).contains("rollback: ");
    }
  }

  private static String group(Fleet fleet) {
    return fleet.cluster("m1").at("/metadata/labels/cluster.kubesphere.io~1group").asText();
  }

  static String latest(Fleet fleet) {
    return fleet.muster("history", "-o", "json").exits(0).json().at("/runs/0/runId").asText();
  }
}
