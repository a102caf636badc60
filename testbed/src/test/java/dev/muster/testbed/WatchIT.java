package dev.muster.testbed;

import static dev.muster.testbed.MusterAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code muster watch} as a process of its own, on real API servers over TLS. */
@Timeout(300)
final class WatchIT {
  private static final String TOPOLOGY =
      """
      host: {proxy: {address: "http://203.0.113.1:8080"}}
      members:
      - {name: m1, labels: {tier: gold}}
      """;

  private static void until(Muster.Running watch, String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + 90_000_000_000L;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what + "; it said\n" + watch.out()).isLessThan(deadline);
      assertThat(watch.ended()).as(what + "; it has ended\n" + watch.out()).isFalse();
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }
  }

  private static void says(Muster.Running watch, String text) {
    until(watch, "it says " + text, () -> watch.out().replaceAll("\\s+", " ").contains(text));
  }

  private static void tier(RealFleet fleet, String value) {
    fleet.edit(
        RealFleet.HOST,
        RealFleet.registrationPath("m1"),
        "{\"metadata\": {\"labels\": {\"tier\": \"" + value + "\"}}}");
  }

  @Test
  void tellsWhatChangesOnRealServersAndOnlyWatches() {
    try (RealFleet fleet = RealFleet.of("3.3").member("m1").start()) {
      fleet.declare(TOPOLOGY);
      assertThat(fleet.muster().call("apply", "--yes")).exitsWith(0);
      Muster.Running watch = fleet.muster().start("watch", "-f", "topology.yaml");
      says(watch, "watching 2 clusters");
      Requests first = fleet.requests();

      tier(fleet, "iron");
      says(watch, "found Cluster/m1 on host drift metadata.labels.tier");
      tier(fleet, "gold");
      says(watch, "resolved Cluster/m1 on host");
      fleet.edit(
          "m1", RealFleet.CONFIGURATION, "{\"spec\": {\"authentication\": {\"jwtSecret\": \"\"}}}");
      says(watch, "ClusterConfiguration/kubesphere-system/ks-installer on m1");

      assertThat(fleet.requests().after(first).writes()).isEmpty();
      watch.signal("TERM");
      Muster.Result result = watch.await();
      assertThat(result).exitsWith(143).says("no longer watching");
      assertThat(result.err()).isEmpty();
    }
  }
}
