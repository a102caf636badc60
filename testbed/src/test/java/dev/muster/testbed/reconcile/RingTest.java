package dev.muster.testbed.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same of KubeSphere fleets with their controllers, {@link GardenTest} being the cheap one. A
 * case costs some seconds, most of it waiting.
 */
class RingTest {
  private static final long SEED = Long.getLong("reconcile.seed", 1);
  private static final int CASES = Integer.getInteger("reconcile.cases", 12);
  private static final int AT_ONCE = Integer.getInteger("reconcile.at-once", 4);

  static Stream<Case> kept() throws IOException {
    return Case.kept(Ring.FOLDER.resolve("kept"));
  }

  @ParameterizedTest
  @MethodSource("kept")
  void holdsForWhatOnceFailed(Case kept) {
    Ring.play(kept.events());
  }

  @Test
  void reachesWhatTheFileSaysWhateverHappenedBefore() {
    long start = System.nanoTime();
    Campaign campaign =
        new Campaign(
            RingCases::of,
            Ring::play,
            AT_ONCE,
            Duration.ofSeconds(Integer.getInteger("reconcile.patience", 120)));
    assertThat(campaign.play(SEED, CASES)).isEmpty();
    System.out.printf(
        "fleets: %d cases from seed %d in %.1f s%n",
        CASES, SEED, (System.nanoTime() - start) / 1e9);
  }
}
