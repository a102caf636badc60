package dev.muster.testbed;

import static dev.muster.testbed.MusterAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Two runners with one topology and one repository, started at the same moment, again and again.
 */
@Timeout(600)
final class RaceIT {
  private static final int ROUNDS = 50;
  private static final String REGISTRATION = RealFleet.registrationPath("idc-1");
  private static final Pattern RECORDED = Pattern.compile("muster show (\\S+)");

  @Test
  void noRecordIsLostAndNothingIsAppliedTwiceInFiftyRounds() throws Exception {
    ExecutorService runners = Executors.newFixedThreadPool(2);
    try (RealFleet fleet = RealFleet.of("3.4").member("idc-1").start()) {
      declare(fleet, 0);
      assertThat(fleet.muster().run("apply", "--yes")).exitsWith(0);
      List<String> recorded = new ArrayList<>();
      for (int round = 1; round <= ROUNDS; round++) {
        declare(fleet, round);
        Requests earlier = fleet.requests();
        List<Muster.Result> results = race(runners, fleet);

        for (Muster.Result result : results) {
          assertThat(result.exit()).as("round %s: %s", round, result).isIn(0, 7);
          Matcher matcher = RECORDED.matcher(result.out());
          while (matcher.find()) {
            recorded.add(matcher.group(1));
          }
        }
        assertThat(results).as("round %s", round).anyMatch(result -> result.exit() == 0);
        assertThat(fleet.requests().after(earlier).lines(RaceIT::patchesTheLabel))
            .as("round %s", round)
            .hasSize(1);
        assertThat(label(fleet)).isEqualTo("round-" + round);
      }
      // A runner that comes second finds nothing to do, or what it planned done already.
      assertThat(recorded).doesNotHaveDuplicates().hasSizeGreaterThanOrEqualTo(ROUNDS);
      Muster muster = fleet.muster();
      Set<String> onTheBranch = new HashSet<>();
      muster
          .git("log", "--format=%(trailers:key=Run-Id,valueonly)", "muster/acme")
          .lines()
          .filter(line -> !line.isBlank())
          .forEach(onTheBranch::add);
      assertThat(onTheBranch).hasSize(recorded.size() + 1).containsAll(recorded);
      assertThat(muster.git("log", "--format=%(trailers:key=Result,valueonly)", "muster/acme"))
          .doesNotContain("interrupted", "partial");
      assertThat(muster.git("for-each-ref", "refs/muster")).isEmpty();
      assertThat(muster.git("fsck", "--strict", "--no-progress", "--no-dangling")).isEmpty();
      assertThat(muster.run("lock")).says("nobody holds the lock");
      assertThat(muster.run("drift")).exitsWith(0);
    } finally {
      runners.shutdownNow();
    }
  }

  private static List<Muster.Result> race(ExecutorService runners, RealFleet fleet)
      throws Exception {
    CyclicBarrier start = new CyclicBarrier(2);
    List<Future<Muster.Result>> both = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      both.add(
          runners.submit(
              () -> {
                start.await(60, TimeUnit.SECONDS);
                return fleet.muster().call("apply", "--yes");
              }));
    }
    return List.of(both.get(0).get(), both.get(1).get());
  }

  private static void declare(RealFleet fleet, int round) {
    fleet.declare(
        """
        host:
          proxy: {address: "http://139.198.120.120:8080"}
        members:
        - name: idc-1
          labels: {race: round-%s}
        """
            .formatted(round));
  }

  private static boolean patchesTheLabel(Audit.Request request) {
    return request.verb().equals("patch")
        && request.path().equals(REGISTRATION)
        && request.status() == 200
        && !request.dryRun();
  }

  private static String label(RealFleet fleet) {
    return fleet.registration("idc-1").at("/metadata/labels/race").asText();
  }
}
