package dev.muster.testbed.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.testbed.TestFleet;
import java.io.IOException;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * {@link GardenTest} on real kube-apiservers, which default, validate and order what the simulated
 * ones only store. One history after the other, as all have the same clusters.
 */
@Timeout(1200)
final class RealGardenIT {
  private static final long SEED = Long.getLong("reconcile.seed", 1);
  private static final int CASES = Integer.getInteger("reconcile.cases", 15);

  @SuppressWarnings("NullAway.Init")
  private static TestFleet fleet;

  @BeforeAll
  static void start() {
    fleet = TestFleet.start("host", "c1", "c2");
  }

  @AfterAll
  static void end() {
    fleet.close();
  }

  static Stream<Case> kept() throws IOException {
    return Case.kept(Garden.FOLDER.resolve("kept"));
  }

  @ParameterizedTest
  @MethodSource("kept")
  void holdsForWhatOnceFailed(Case kept) {
    Garden.play(new Ground.Real(fleet), kept.events());
  }

  @Test
  void reachesWhatTheFileSaysWhateverHappenedBefore() {
    Campaign campaign =
        new Campaign(
            GardenCases::of,
            events -> Garden.play(new Ground.Real(fleet), events),
            1,
            Duration.ofSeconds(120));
    assertThat(campaign.play(SEED, CASES)).isEmpty();
  }
}
