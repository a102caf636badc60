package dev.muster.sandbox.server.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ages as kubectl shows them. */
class TablesTest {
  @ParameterizedTest
  @CsvSource({
    "PT0S,0s",
    "PT119S,119s",
    "PT2M,2m",
    "PT3M5S,3m5s",
    "PT11M5S,11m",
    "PT3H,3h",
    "PT3H5M,3h5m",
    "PT9H5M,9h",
    "PT47H,47h",
    "PT50H,2d2h",
    "P9DT3H,9d",
    "P800D,2y"
  })
  void writesAgesShort(Duration age, String expected) {
    assertThat(Tables.human(age)).isEqualTo(expected);
  }
}
