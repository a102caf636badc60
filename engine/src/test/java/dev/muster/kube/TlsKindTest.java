package dev.muster.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.problem.MusterException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TlsKindTest {
  @AfterEach
  void forget() {
    System.clearProperty(TlsKind.PROPERTY);
  }

  @ParameterizedTest
  @CsvSource({
    "'', 14, false",
    "'', 15, true",
    "auto, 14, false",
    "auto, 1000, true",
    "jdk, 1000, false",
    "native, 1, true"
  })
  void isFastWhereThereAreManyOrItIsWanted(String word, int clusters, boolean fast) {
    System.setProperty(TlsKind.PROPERTY, word);
    assertThat(TlsKind.chosen().fast(clusters)).isEqualTo(fast);
  }

  @Test
  void refusesAnotherWord() {
    System.setProperty(TlsKind.PROPERTY, "NATIVE");
    assertThatThrownBy(TlsKind::chosen)
        .isInstanceOf(MusterException.class)
        .hasMessageContaining("MUSTER_TLS");
  }
}
