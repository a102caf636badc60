package dev.muster.testbed;

import static dev.muster.testbed.MusterAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.sandbox.controller.env.ProxyNetwork;
import dev.muster.sandbox.controller.env.Timing;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A run that is stopped (SIGSTOP), loses its lock, and wakes when another run has done its work: it
 * writes nothing any more.
 */
@Timeout(300)
final class StoppedHolderIT {
  /** What the API servers have seen when the run is stopped. */
  enum Moment {
    LOCK_TAKEN(request -> request.verb().equals("create") && request.path().endsWith("/leases")),
    FIRST_PATCH(request -> request.verb().equals("patch")),
    GATE_WATCHED(request -> request.verb().equals("watch")),
    MEMBER_REGISTERED(
        request -> request.verb().equals("create") && request.path().endsWith("/clusters")),
    AGENT_MADE(
        request -> request.verb().equals("create") && request.path().endsWith("/deployments"));

    private final Predicate<Audit.Request> seen;

    Moment(Predicate<Audit.Request> seen) {
      this.seen = seen;
    }
  }

  @ParameterizedTest
  @EnumSource
  void writesNothingAfterAnotherRunHasTakenOver(Moment moment) throws Exception {
    Timing timing = Timing.fast().withInstallerRun(Duration.ofSeconds(2));
    // Its last gate cannot open before it is stopped, however late the audit log tells its moment.
    AtomicBoolean stopped = new AtomicBoolean();
    ProxyNetwork network =
        (member, address) -> stopped.get() ? ProxyNetwork.Reach.OK : ProxyNetwork.Reach.REFUSED;
    try (RealFleet fleet =
        RealFleet.of("3.3").member("idc-1").timing(timing).network(network).start()) {
      fleet.declare(
          """
          host: {proxy: {address: "http://139.198.120.120:8080"}}
          members: [{name: idc-1}]
          """);
      Requests before = fleet.requests();
      Muster.Running first = fleet.muster().start("apply", "--yes");
      RealFleet.until(
          moment + " or the end",
          () -> first.ended() || !fleet.requests().after(before).lines(moment.seen).isEmpty());
      first.signal("STOP");
      assertThat(first.ended()).isFalse();
      stopped.set(true);
      long since = System.nanoTime();

      assertThat(fleet.muster().call("apply", "--yes")).exitsWith(7);
      assertThat(fleet.muster().call("lock", "release", "--yes")).exitsWith(0).says("released");
      assertThat(fleet.muster().call("apply", "--yes")).exitsWith(0);
      // A write may be on its way for so long after the lock was proven.
      RealFleet.until(
          "the proof is old", () -> System.nanoTime() - since > Duration.ofSeconds(11).toNanos());
      Requests earlier = fleet.requests();
      first.signal("CONT");
      Muster.Result result = first.await();

      // At its last gate it may find that all is done.
      assertThat(result.exit()).as(result.toString()).isIn(0, 1, 3, 4);
      if (result.exit() != 0) {
        assertThat(result.out() + result.err())
            .containsPattern("was taken over by run [0-9]{8}-|cannot take the lock")
            .containsPattern("next: |hint: ");
      }
      assertThat(fleet.requests().after(earlier).lines(StoppedHolderIT::landed))
          .as(moment + ": " + result)
          .isEmpty();
      assertThat(fleet.muster().git("for-each-ref", "refs/muster")).isEmpty();
      assertThat(fleet.muster().git("fsck", "--strict", "--no-progress", "--no-dangling"))
          .isEmpty();
      assertThat(fleet.muster().call("lock")).says("nobody holds the lock");
      assertThat(fleet.muster().call("plan", "--detailed-exitcode")).exitsWith(0);
    }
  }

  private static boolean landed(Audit.Request request) {
    return request.writes() && !request.dryRun() && request.status() < 400;
  }
}
