package dev.muster.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
  @ParameterizedTest
  @CsvSource({"90s, PT1M30S", "45m, PT45M", "1h30m, PT1H30M", "250ms, PT0.25S", "0s, PT0S"})
  void readsWhatPeopleWrite(String text, Duration duration) {
    assertThat(Durations.parse(text)).contains(duration);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "5", "m", "5 m", "-5m", "1.5h", "5d", "5mx", "99999999999s"})
  void refusesTheRest(String text) {
    assertThat(Durations.parse(text)).isEmpty();
  }

  @Test
  void writesThemShort() {
    assertThat(Durations.text(Duration.ofMillis(400))).isEqualTo("0.4s");
    assertThat(Durations.text(Duration.ofSeconds(80))).isEqualTo("1m20s");
    assertThat(Durations.text(Duration.ofMinutes(60))).isEqualTo("1h");
    assertThat(Durations.text(Duration.ZERO)).isEqualTo("0s");
  }
}
