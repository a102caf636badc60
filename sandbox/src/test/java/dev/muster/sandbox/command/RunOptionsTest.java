package dev.muster.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.muster.sandbox.client.Kind;
import dev.muster.sandbox.controller.env.Manifest;
import dev.muster.sandbox.server.AuditEntry;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Selection, dry runs, events and the lock. */
@Execution(ExecutionMode.CONCURRENT)
class RunOptionsTest {
  private static final Kind LEASE = new Kind("coordination.k8s.io", "v1", "Lease", "leases", true);

  @Test
  void touchesOnlyWhatIsSelected() {
    try (Fleet fleet = Fleet.of(3, "3.3")) {
      fleet.topology("", "- {name: m1, labels: {ring: one}}\n- name: m2\n- name: m3");
      fleet.apply("--only", "ring=one").exits(0);
      assertThat(fleet.condition("m1", "Ready")).isEqualTo("True");
      assertThat(role(fleet, "m2")).isEqualTo("none");
      fleet.apply("--exclude", "m3").exits(0);
      assertThat(fleet.condition("m2", "Ready")).isEqualTo("True");
      assertThat(role(fleet, "m3")).isEqualTo("none");
      fleet.apply("--only", "member-role").exits(0);
      assertThat(role(fleet, "m3")).isEqualTo("member");
      fleet.muster("plan", "--only", "m4").exits(1).says("did you mean");
      fleet.apply().exits(0);
      fleet.muster("plan", "--detailed-exitcode").exits(0);
    }
  }

  @Test
  void writesOneEventALineInJson() throws IOException {
    try (Fleet fleet = Fleet.of(1, "3.3")) {
      Fleet.Result result = fleet.apply("--events", "ndjson").exits(0);
      List<String> events = new ArrayList<>();
      for (String line : result.out().lines().toList()) {
        JsonNode event = new ObjectMapper().readTree(line);
        assertThat(event.path("time").asText()).isNotEmpty();
        events.add(event.path("event").asText());
      }
      assertThat(events).startsWith("RunStarted", "StepStarted").contains("Changed", "StepEnded");
      assertThat(result.err()).isEmpty();
    }
  }

  @Test
  void sendsNoWriteInADryRunOfTheClient() {
    try (Fleet fleet = Fleet.of(2, "3.3")) {
      fleet.apply("--dry-run=client").exits(0).says("nothing is written to any cluster");
      fleet.apply("--dry-run").exits(0);
      fleet.muster("apply", "--dry-run").exits(0);
      assertThat(fleet.writes()).isEmpty();
      assertThat(role(fleet, "m1")).isEqualTo("none");
      fleet.muster("history").exits(0);
      assertThat(fleet.muster("history").out()).doesNotContain("host-role");
    }
  }

  @Test
  void sendsOnlyDryWritesInADryRunOfTheServer() {
    try (Fleet fleet = Fleet.of(2, "3.3")) {
      fleet.apply("--dry-run=server").exits(0);
      List<AuditEntry> writes =
          fleet.requests().stream()
              .filter(entry -> !Set.of("get", "list", "watch").contains(entry.verb()))
              .toList();
      assertThat(writes).isNotEmpty().allMatch(AuditEntry::dryRun);
      assertThat(role(fleet, "host")).isEqualTo("none");
      assertThat(fleet.kubectl("host").find(LEASE, "kube-system", "muster-sandbox")).isEmpty();
    }
  }

  @Test
  void waitsForNobodyWhoHoldsTheLock() {
    try (Fleet fleet = Fleet.of(1, "3.3")) {
      lease(fleet, Instant.now());
      fleet.requests();

      fleet.apply().exits(7).says("20260101-000000-abcd", "muster lock release");

      assertThat(fleet.writes()).isEmpty();
      fleet.muster("lock").exits(0).says("20260101-000000-abcd");
      fleet.muster("lock", "release").exits(5).says("muster lock release --yes");
      fleet.muster("lock", "release", "--yes").exits(0);
      fleet.muster("lock").exits(0).says("nobody holds the lock of topology sandbox");
      fleet.apply().exits(0);
      fleet.muster("lock").exits(0).says("nobody holds the lock");
    }
  }

  /**
   * Found by the fault sweep: nothing was said, and the inventory stayed as a killed run left it.
   */
  @Test
  void saysThatWhatIsToBeWrittenDownWaitsForTheLock() {
    try (Fleet fleet = Fleet.of(1, "3.3")) {
      fleet.apply().exits(0);
      fleet.kubectl("host").delete(Kind.CONFIG_MAP, "kube-system", "muster-sandbox-m1");
      fleet.kubectl("host").delete(LEASE, "kube-system", "muster-sandbox");
      lease(fleet, Instant.now());
      fleet.edit(
          "host",
          LEASE,
          "kube-system",
          "muster-sandbox",
          "{spec: {holderIdentity: \"20260101-000000-abcd by \\e[31mann@there\"}}");
      Fleet.Result held = fleet.apply().exits(0).says("no changes", "20260101-000000-abcd");
      assertThat(held.says("ann@there", "the next apply").all()).doesNotContain("\u001b");
      fleet.muster("lock", "release", "--yes").exits(0);
      assertThat(fleet.apply().exits(0).says("adopted: ").all()).doesNotContain("the next apply");
    }
  }

  @Test
  void takesOverALockThatRanOut() {
    try (Fleet fleet = Fleet.of(1, "3.3")) {
      lease(fleet, Instant.now().minusSeconds(61));
      fleet.apply().exits(0).says("took over the lock of run 20260101-000000-abcd");
      assertThat(fleet.condition("m1", "Ready")).isEqualTo("True");
    }
  }

  @Test
  void writesColoursOnlyWhereAPersonLooks() {
    try (Fleet fleet = Fleet.of(1, "3.3")) {
      assertThat(fleet.muster("plan").all()).doesNotContain("\u001b");
      assertThat(fleet.onTerminal("plan", "--no-color").all()).doesNotContain("\u001b");
      if (System.getenv("NO_COLOR") == null) {
        assertThat(fleet.onTerminal("plan").all()).contains("\u001b[");
      }
    }
  }

  @Test
  void planTwiceIsByteEqualButForFingerprints() {
    try (Fleet fleet = Fleet.of(3, "3.3")) {
      String first = fleet.muster("plan", "-o", "json").out();
      String second = fleet.muster("plan", "-o", "json").out();
      String fingerprint = "Fingerprint\" : \"[0-9a-f]+\"";
      assertThat(first.replaceAll(fingerprint, "")).isEqualTo(second.replaceAll(fingerprint, ""));
      assertThat(fleet.muster("plan").out()).isEqualTo(fleet.muster("plan").out());
    }
  }

  private static String role(Fleet fleet, String cluster) {
    return fleet.configuration(cluster).at("/spec/multicluster/clusterRole").asText();
  }

  private static void lease(Fleet fleet, Instant renewed) {
    fleet
        .kubectl("host")
        .create(
            LEASE,
            Manifest.yaml(
                """
                metadata: {name: muster-sandbox, namespace: kube-system}
                spec:
                  holderIdentity: 20260101-000000-abcd of somebody@elsewhere
                  leaseDurationSeconds: 60
                  acquireTime: "%s"
                  renewTime: "%s"
                """
                    .formatted(renewed, renewed)));
  }
}
