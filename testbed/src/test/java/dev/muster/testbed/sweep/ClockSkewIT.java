package dev.muster.testbed.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.sandbox.controller.env.Timing;
import dev.muster.sandbox.fault.Fault;
import dev.muster.sandbox.fault.Rule;
import dev.muster.testbed.Muster;
import dev.muster.testbed.Tools;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Processes whose clocks differ by twenty minutes, and a holder that cannot renew its lock. */
@Timeout(300)
final class ClockSkewIT {
  private static final String LEASE = "/leases/muster-acme";

  /** Long enough for the lock to be looked at, or to run out, while a gate is closed. */
  private static Timing installer(int seconds) {
    return Timing.fast().withInstallerRun(Duration.ofSeconds(seconds));
  }

  @Test
  void oneOfTwoRunnersWhoseClocksDifferWritesAndTheOtherOneSaysWho() {
    try (SandboxArena arena = new SandboxArena(installer(12))) {
      arena.declare(Declaration.joined().withTimeouts("90s"));
      Muster.Running ahead = arena.muster().startUnder(faketime("+10m"), "apply", "--yes");
      Muster.Running behind = arena.muster().startUnder(faketime("-10m"), "apply", "--yes");
      List<Muster.Result> both = List.of(ahead.await(), behind.await());

      assertThat(both).extracting(Muster.Result::exit).containsExactlyInAnyOrder(0, 7);
      Muster.Result refused = both.get(both.get(0).exit() == 7 ? 0 : 1);
      assertThat(refused.out() + refused.err())
          .contains("looking for 60 s whether it is still at work")
          .containsPattern("error: run [0-9]{8}-\\S+ of \\S+ holds the lock")
          .contains("hint: ");
      assertThat(arena.faults().created()).doesNotHaveDuplicates();
      // The clock of whoever comes next is neither of the two.
      Muster.Result plan = arena.muster().call("plan", "--detailed-exitcode");
      assertThat(plan.exit()).as(plan.toString()).isZero();

      // And each of them can go on from the other's record.
      arena.declare(Declaration.joined().withTimeouts("90s").withM2("labels: {tier: silver}"));
      Muster.Running next =
          arena
              .muster()
              .startUnder(faketime(refused == both.get(0) ? "+10m" : "-10m"), "apply", "--yes");
      Muster.Result second = next.await();
      assertThat(second.exit()).as(second.toString()).isZero();
      assertThat(arena.muster().git("rev-list", "--count", "muster/acme").strip()).isEqualTo("2");
      assertThat(arena.muster().git("for-each-ref", "refs/muster")).isEmpty();
      assertThat(arena.muster().call("drift").exit()).isZero();
    }
  }

  private static List<String> faketime(String offset) {
    return List.of(Tools.tool("faketime").toString(), offset);
  }

  @Test
  void aHolderWhoseRenewalsFailStopsWritingBeforeItsLockRunsOutAndSaysSo() {
    List<Fault> faults =
        List.of(Fault.Refuse.with(500), new Fault.DropRequest(), new Fault.DropAnswer());
    List<String> wrong =
        Workers.each(faults, ClockSkewIT::renewing, failure -> failure.thrown().toString());
    assertThat(wrong).containsOnly("");
  }

  /** Returns nothing: what is wrong is thrown. */
  private static String renewing(Fault fault) {
    try (SandboxArena arena = new SandboxArena(installer(42))) {
      arena.declare(Declaration.joined().withTimeouts("90s"));
      arena
          .faults()
          .add(
              Rule.always(
                  request -> request.verb().equals("update") && request.path().endsWith(LEASE),
                  fault));
      Muster.Result said = arena.muster().start("apply", "--yes").await();

      assertThat(said.exit()).as(said.toString()).isEqualTo(3);
      assertThat(said.out())
          .contains("the lock of this run could not be renewed (", "so nothing more is written")
          .contains("next: ");
      // The host's gate took longer than the lock: what came before it is all that was written.
      assertThat(arena.faults().seen())
          .as(said.toString())
          .filteredOn(request -> request.writes() && !request.path().endsWith(LEASE))
          .isNotEmpty()
          .extracting(request -> request.cluster() + " " + request.verb())
          .containsOnly("host create", "host patch");
      assertThat(arena.muster().git("log", "-1", "--format=%(trailers:key=Result)", "muster/acme"))
          .contains("partial");
      arena.faults().lift();
      // Whether it could be given back or not, it keeps nobody out.
      assertThat(arena.muster().call("lock").out())
          .containsPattern("nobody holds the lock|its process is gone");
      return "";
    }
  }
}
