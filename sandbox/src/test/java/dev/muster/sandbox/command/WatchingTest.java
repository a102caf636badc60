package dev.muster.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.sandbox.server.AuditEntry;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code muster watch} on simulated fleets. */
class WatchingTest {
  @Test
  void tellsWhatDriftedAndWhoDidItAndWhenItIsBack() {
    try (Fleet fleet = Fleet.joined(2, "3.3");
        Watch watch = new Watch(fleet)) {
      watch.says("no drift").says("watching 3 clusters");
      List<AuditEntry> before = fleet.requests();
      assertThat(before).isNotEmpty();

      String secret = fleet.jwtSecret("m1");
      fleet.configure("m1", "{authentication: {jwtSecret: \"\"}}");
      watch.says("found").says("ClusterConfiguration/kubesphere-system/ks-installer on m1");
      watch.says("by: kubectl-edit");

      fleet.configure("m1", "{authentication: {jwtSecret: \"" + secret + "\"}}");
      watch.says("resolved");
      assertThat(fleet.writes()).isEmpty();
      assertThat(watch.end()).isEqualTo(130);
      System.out.println(watch.said());
    }
  }
}
