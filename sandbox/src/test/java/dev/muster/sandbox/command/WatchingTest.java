package dev.muster.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.sandbox.client.Kind;
import dev.muster.sandbox.controller.install.Definitions;
import dev.muster.sandbox.server.AuditEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** {@code muster watch} on simulated fleets. */
@Timeout(240)
@Execution(ExecutionMode.CONCURRENT)
class WatchingTest {
  private static void label(Fleet fleet, String member, String value) {
    fleet.edit(
        "host", Definitions.CLUSTER, "", member, "{metadata: {labels: {tier: " + value + "}}}");
  }

  private static Fleet labelled() {
    Fleet fleet = Fleet.of(2, "3.3");
    fleet.topology("", "- {name: m1, labels: {tier: gold}}\n- {name: m2, labels: {tier: gold}}");
    fleet.apply().exits(0);
    fleet.requests();
    return fleet;
  }

  private static Predicate<JsonNode> field(String event, String cluster, String path) {
    return line ->
        line.path("event").asText().equals(event)
            && line.at("/what/cluster").asText().equals(cluster)
            && line.at("/what/path").asText().equals(path);
  }

  @Test
  void tellsWhatDriftedAndWhoDidItAndWhenItIsBack() {
    try (Fleet fleet = Fleet.joined(2, "3.3");
        Watch watch = new Watch(fleet)) {
      watch.says("no drift").says("watching 3 clusters");

      String secret = fleet.jwtSecret("m1");
      fleet.configure("m1", "{authentication: {jwtSecret: \"\"}}");
      watch.says("found").says("ClusterConfiguration/kubesphere-system/ks-installer on m1");
      watch.says("by: kubectl-edit");

      fleet.configure("m1", "{authentication: {jwtSecret: \"" + secret + "\"}}");
      watch.says("resolved").says("as declared: spec.authentication.jwtSecret");
      assertThat(watch.end()).isEqualTo(130);
      assertThat(watch.said()).endsWith("no drift\n").doesNotContain(secret);
    }
  }

  @Test
  void sendsNothingButWatchesAfterItsFirstLook() {
    try (Fleet fleet = labelled();
        Watch watch = new Watch(fleet, "-o", "ndjson")) {
      watch.event("that it watches", line -> line.path("event").asText().equals("Watching"));
      // What was watched at first is told when it ends.
      assertThat(fleet.requests().stream().filter(entry -> entry.verb().equals("get")).toList())
          .allMatch(WatchingTest::identity);

      label(fleet, "m1", "iron");
      watch.event("the label", field("Found", "host", "metadata.labels.tier"));
      label(fleet, "m1", "tin");
      JsonNode changed =
          watch.event("another label", field("Changed", "host", "metadata.labels.tier"));
      assertThat(changed.at("/what/live").asText()).isEqualTo("\"tin\"");
      assertThat(changed.at("/what/author/manager").asText()).isEqualTo("kubectl-edit");
      label(fleet, "m1", "gold");
      watch.event("that it is back", field("Resolved", "host", "metadata.labels.tier"));

      assertThat(fleet.requests()).allMatch(entry -> entry.verb().equals("watch"));
      assertThat(watch.end()).isEqualTo(130);
      List<JsonNode> events = watch.events();
      assertThat(events.get(events.size() - 1).path("event").asText()).isEqualTo("Ended");
    }
  }

  /** Which cluster it is, also as the host reaches it. */
  private static boolean identity(AuditEntry entry) {
    return entry.path().endsWith("/api/v1/namespaces/kube-system");
  }

  @Test
  void tellsWhichClusterIsAwayAndWhatChangedMeanwhile() {
    try (Fleet fleet = labelled();
        Watch watch = new Watch(fleet)) {
      watch.says("watching 3 clusters");
      label(fleet, "m2", "iron");
      watch.says("metadata.labels.tier");
      String secret = fleet.jwtSecret("m1");

      fleet.sandbox.server().cluster("m1").unavailable(true);
      watch.says("unreachable: m1");
      // Whoever is left is told of as before.
      label(fleet, "m2", "gold");
      watch.says("resolved Cluster/m2 on host");
      fleet.sandbox.server().cluster("m1").unavailable(false);
      fleet.configure("m1", "{authentication: {jwtSecret: \"\"}}");
      watch.says("reachable: m1 answers again");
      watch.says("ClusterConfiguration/kubesphere-system/ks-installer on m1");

      assertThat(watch.said()).doesNotContain(secret).doesNotContain("unreachable: m2");
      watch.end();
    }
  }

  @Test
  void listsAnewWhatItCannotGoOnFrom() {
    try (Fleet fleet = labelled();
        Watch watch = new Watch(fleet)) {
      watch.says("watching 3 clusters");
      fleet.sandbox.server().cluster("host").unavailable(true);
      watch.says("unreachable: host");
      fleet.sandbox.server().cluster("host").unavailable(false);
      fleet.requests();
      // More than the server remembers, while nobody listens or just after.
      for (int i = 0; i < 600; i++) {
        fleet.edit(
            "host", Definitions.CLUSTER, "", "m2", "{metadata: {annotations: {n: \"" + i + "\"}}}");
      }
      label(fleet, "m2", "iron");
      watch.says("reachable: host answers again").says("found Cluster/m2 on host");
      watch.end();
    }
  }

  @Test
  void startsWithoutAMemberThatIsAwayAndTakesItInLater() {
    try (Fleet fleet = labelled()) {
      fleet.configure("m2", "{authentication: {jwtSecret: \"\"}}");
      fleet.sandbox.server().cluster("m2").unavailable(true);
      try (Watch watch = new Watch(fleet)) {
        watch.says("unreachable: m2").says("watching 2 clusters");
        fleet.sandbox.server().cluster("m2").unavailable(false);
        watch.says("reachable: m2 answers again");
        watch.says("ClusterConfiguration/kubesphere-system/ks-installer on m2");
        watch.end();
      }
    }
  }

  @Test
  void readsAChangedTopologyAndKeepsTheOldOneWhileItIsBroken() {
    try (Fleet fleet = labelled();
        Watch watch = new Watch(fleet)) {
      watch.says("watching 3 clusters");
      fleet.topology("", "- {name: m1, labels: {tier: gold}}\n- {name: m2, label: {}}");
      watch.says("not looked at");
      label(fleet, "m1", "iron");
      watch.says("found Cluster/m1 on host");
      fleet.topology("", "- {name: m1, labels: {tier: iron}}\n- {name: m2, labels: {tier: lead}}");
      watch.says("the topology has changed").says("pending metadata.labels.tier");
      watch.says("resolved Cluster/m1 on host");
      watch.end();
    }
  }

  @Test
  void keepsReportsCurrentAndEndsAsDriftWould() throws IOException {
    try (Fleet fleet = labelled()) {
      Path report = fleet.folder.resolve("drift.json");
      try (Watch watch = new Watch(fleet, "--report", "json=" + report)) {
        watch.says("watching 3 clusters");
        assertThat(Files.readString(report)).contains("\"exitCode\" : 0");
        label(fleet, "m1", "iron");
        Fleet.until("the file says so", () -> text(report).contains("\"exitCode\" : 2"));
        watch.end();
      }
      fleet.muster("watch", "--for", "1s").exits(2).says("no longer watching", "drift: 1 field");
      fleet.muster("watch", "--for", "0s").exits(64);
      fleet.muster("watch", "--for", "soon").exits(64).says("such as 30m or 8h");
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void tellsOfAnObjectThatIsGone() {
    try (Fleet fleet = Fleet.joined(1, "3.3");
        Watch watch = new Watch(fleet)) {
      watch.says("watching 2 clusters");
      fleet.kubectl("m1").delete(Kind.DEPLOYMENT, Fleet.SYSTEM, "cluster-agent");
      watch.says("Deployment/kubesphere-system/cluster-agent on m1 does not exist");
      watch.end();
    }
  }
}
