package dev.muster.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.sandbox.controller.env.Role;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Members that somebody has joined by hand and that the topology does not name. */
@Execution(ExecutionMode.CONCURRENT)
class UnmanagedTest {
  private static final String SECRET = "SharedByHand0123456789abcdefghij";

  @Test
  void tellsOfMembersThatTheTopologyDoesNotNameAndLeavesThemAlone() {
    try (Fleet fleet =
        Fleet.with(
            Fleet.settings(2, "3.3")
                .withEach(
                    setup ->
                        setup.name().equals("m1")
                            ? setup.withJwtSecret("AnotherOne0123456789")
                            : setup
                                .withRole(setup.name().equals("host") ? Role.HOST : Role.MEMBER)
                                .withJwtSecret(SECRET)))) {
      fleet.simulated().byHand().join("m2");
      String uid = fleet.cluster("m2").at("/status/uid").asText();
      fleet.topology("", "- name: m1");

      fleet.muster("plan").exits(0).says("unmanaged: m2 (registered on the host,");
      fleet.apply().exits(0);

      fleet.muster("plan", "--detailed-exitcode").exits(0).says("unmanaged: m2", "no changes");
      JsonNode plan = fleet.muster("plan", "-o", "json").exits(0).json();
      assertThat(plan.path("unmanaged").toString())
          .isEqualTo("[{\"name\":\"m2\",\"uid\":\"" + uid + "\"}]");
      assertThat(plan.at("/summary/changes").asInt()).isZero();
      fleet.muster("plan", "-o", "markdown").exits(0).says("unmanaged: m2");
      fleet.muster("drift").exits(0).says("unmanaged: m2", "no drift");
      assertThat(fleet.muster("drift", "-o", "json").exits(0).json().at("/unmanaged/0/name"))
          .isEqualTo(plan.at("/unmanaged/0/name"));
      fleet.muster("status").exits(0).says("m2 -");
      assertThat(fleet.muster("status", "-o", "json").exits(0).json().at("/2/drift").asText())
          .isEqualTo("unmanaged");
      assertThat(fleet.writes()).noneMatch(write -> write.contains("m2"));
    }
  }

  @Test
  void knowsTheHostsOwnEntryOnTheListByItsLabelAndItsUid() {
    try (Fleet fleet = Fleet.joined(1, "3.3")) {
      Fleet.until("the host has its own", () -> !fleet.cluster("host").isEmpty());
      assertThat(fleet.muster("plan").exits(0).all()).doesNotContain("unmanaged");
      // A member on a clone of the host's machines is given the host's label as well.
      fleet.simulated().byHand().register("clone", LABELLED, "{connection: {type: direct}}");
      fleet.edit(
          "host",
          dev.muster.sandbox.controller.install.Definitions.CLUSTER,
          "",
          "clone",
          "{status: {uid: 11111111-2222-3333-4444-555555555555}}");
      fleet.simulated().byHand().register("other", LABELLED, "{}");

      fleet.muster("plan").exits(0).says("unmanaged: clone, other (");
    }
  }

  private static final String LABELLED = "{labels: {cluster-role.kubesphere.io/host: ''}}";
}
