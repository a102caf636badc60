package dev.muster.diff;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

class FingerprintTest {
  @Test
  void isTheSameForTheSameKeyOnly() {
    Fingerprint one = Fingerprint.withNewKey(new SecureRandom());
    Fingerprint other = Fingerprint.withNewKey(new SecureRandom());

    assertThat(one.of("a secret of some length").orElseThrow()).matches("[0-9a-f]{12}");
    assertThat(Fingerprint.withKey(one.key()).of("a secret of some length"))
        .isEqualTo(one.of("a secret of some length"));
    assertThat(other.of("a secret of some length")).isNotEqualTo(one.of("a secret of some length"));
  }

  @Test
  void givesNoneForShortSecrets() {
    assertThat(Fingerprint.withNewKey(new SecureRandom()).of("fifteen letters")).isEmpty();
  }
}
