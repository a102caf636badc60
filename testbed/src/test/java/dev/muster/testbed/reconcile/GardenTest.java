package dev.muster.testbed.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever happened before: when the file stands still, one apply reaches it, the next one finds
 * nothing to do, and every object is what the model says. {@code -Dreconcile.seed} and {@code
 * -Dreconcile.cases} play other cases; what fails is shrunk and lies in {@code target/reconcile},
 * from where it goes into the folder of kept cases.
 */
class GardenTest {
  private static final long SEED = Long.getLong("reconcile.seed", 1);
  private static final int CASES = Integer.getInteger("reconcile.cases", 80);

  static Stream<Case> kept() throws IOException {
    return Case.kept(Garden.FOLDER.resolve("kept"));
  }

  @ParameterizedTest
  @MethodSource("kept")
  void holdsForWhatOnceFailed(Case kept) {
    Garden.play(kept.events());
  }

  @Test
  void reachesWhatTheFileSaysWhateverHappenedBefore() {
    long start = System.nanoTime();
    Campaign campaign = new Campaign(GardenCases::of, Garden::play, 4, Duration.ofSeconds(60));
    assertThat(campaign.play(SEED, CASES)).isEmpty();
    System.out.printf(
        "gardens: %d cases from seed %d in %.1f s%n",
        CASES, SEED, (System.nanoTime() - start) / 1e9);
  }
}
