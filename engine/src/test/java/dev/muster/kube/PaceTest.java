package dev.muster.kube;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class PaceTest {
  private final Pace pace = Pace.standard();

  @Test
  void eachPauseOfOurOwnIsUpToTwiceAsLongAndNoneIsLongerThanTenSeconds() {
    for (int round = 0; round < 100; round++) {
      assertThat(pace.pause(1)).isBetween(Duration.ofMillis(100), Duration.ofMillis(200));
      assertThat(pace.pause(3)).isBetween(Duration.ofMillis(400), Duration.ofMillis(800));
      assertThat(pace.pause(90)).isBetween(Duration.ofSeconds(5), Duration.ofSeconds(10));
    }
    assertThat(IntStream.range(0, 100).mapToObj(i -> pace.pause(9)).distinct().count())
        .as("many clients do not come back at once")
        .isGreaterThan(10);
  }

  @Test
  void comesBackWhenTheServerAskedForItAndNotBefore() {
    assertThat(pace.asked("7", 1, true).orElseThrow())
        .isBetween(Duration.ofSeconds(7), Duration.ofMillis(7_100));
    assertThat(pace.asked("60", 1, true)).isPresent();
  }

  @Test
  void doesNotComeBackAtAllWhenThatIsTooLate() {
    assertThat(pace.asked("61", 1, true)).as("nobody waits that long").isEmpty();
    assertThat(pace.asked("11", 1, false)).as("a write is not sent so much later").isEmpty();
    assertThat(pace.asked("10", 1, false)).isPresent();
    assertThat(pace.asked("Wed, 21 Oct 2026 07:28:00 GMT", 1, true))
        .as("API servers send seconds; anything else is answered at our own pace")
        .isPresent();
  }
}
