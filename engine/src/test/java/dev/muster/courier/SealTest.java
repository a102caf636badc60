package dev.muster.courier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.problem.MusterException;
import org.junit.jupiter.api.Test;

class SealTest {
  private static final Seal SEAL = new Seal("canary-0123456789abcdef");
  private static final String SEALED = SEAL.close("Bundle", "a canary text");

  @Test
  void givesBackWhatItSealedAndNeverTheSameTwice() {
    assertThat(SEAL.open("f", "Bundle", SEALED)).isEqualTo("a canary text");
    assertThat(SEALED).doesNotContain("canary").isNotEqualTo(SEAL.close("Bundle", "a canary text"));
    assertThat(Seal.isSealed(SEALED)).isTrue();
    assertThat(Seal.isSealed("{\"kind\":\"SavedChangeSet\"}")).isFalse();
  }

  @Test
  void opensForNobodyElseAndNothingThatWasChanged() {
    assertThatThrownBy(() -> new Seal("another-key-0123456789").open("f", "Bundle", SEALED))
        .isInstanceOf(MusterException.class)
        .hasMessageContaining("sealed with another key, or was changed");
    String receipt = SEALED.replaceFirst("\"kind\":\"Bundle\"", "\"kind\":\"Receipt\"");
    assertThatThrownBy(() -> SEAL.open("f", "Receipt", receipt))
        .hasMessageContaining("was changed on its way");
    assertThatThrownBy(() -> SEAL.open("f", "Receipt", SEALED))
        .hasMessageContaining("f is a Bundle, and a Receipt is wanted here");
  }

  @Test
  void tellsABrokenFileFromAnother() {
    assertThatThrownBy(() -> SEAL.open("f", "Bundle", "nothing"))
        .hasMessageContaining("f is broken");
    assertThatThrownBy(() -> SEAL.open("f", "Bundle", "{}\n"))
        .hasMessageContaining("no sealed file");
    String endless = SEALED.replace("600000", "2000000000");
    assertThatThrownBy(() -> SEAL.open("f", "Bundle", endless)).hasMessageContaining("f is broken");
  }

  @Test
  void takesNoShortKey() {
    assertThatThrownBy(() -> new Seal("canary-short"))
        .hasMessageContaining("fewer than 16 characters")
        .hasMessageNotContaining("canary");
    assertThat(SEAL.toString()).doesNotContain("canary");
  }
}
