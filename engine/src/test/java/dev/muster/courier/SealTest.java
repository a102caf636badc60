package dev.muster.courier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.problem.MusterException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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

  @Test
  void derivesAKeyOnceForEachSalt() {
    List<String> derived = new ArrayList<>();
    Seal.Derivation counting =
        (passphrase, salt, iterations) -> {
          derived.add(iterations + " " + Arrays.toString(salt));
          return Arrays.copyOf(salt, 32);
        };
    Seal seal = new Seal("canary-0123456789abcdef", counting);
    assertThat(derived).as("before anything is sealed").isEmpty();
    Set<String> nonces = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      String sealed = seal.close("Receipt", "text " + i);
      nonces.add(sealed.replaceAll("(?s).*\"nonce\":\"([^\"]+)\".*", "$1"));
      assertThat(seal.open("f", "Receipt", sealed)).isEqualTo("text " + i);
    }
    assertThat(nonces).hasSize(20);
    assertThat(derived).hasSize(1).first().asString().startsWith("600000 ");

    // The files of others, each with a salt of its own, do not push it out.
    for (int i = 0; i < 20; i++) {
      String sealed = new Seal("canary-0123456789abcdef", counting).close("Bundle", "text");
      derived.clear();
      assertThat(seal.open("f", "Bundle", sealed)).isEqualTo("text");
      assertThat(seal.open("f", "Bundle", sealed)).isEqualTo("text");
      seal.close("Receipt", "text");
      assertThat(derived).hasSize(1);
    }
    // Neither does a file whose number of rounds was lowered get a key that is there.
    derived.clear();
    String cheap = seal.close("Bundle", "text").replace("600000", "1");
    assertThatThrownBy(() -> seal.open("f", "Bundle", cheap))
        .hasMessageContaining("was changed on its way");
    assertThat(derived).hasSize(1).first().asString().startsWith("1 ");
  }
}
