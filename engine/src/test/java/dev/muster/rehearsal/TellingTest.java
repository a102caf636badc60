package dev.muster.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TellingTest {
  @Test
  void findsTheLongestOfThoseThatBeginAlikeAtEitherEndAndBesideEachOther() {
    Telling telling = new Telling();
    assertThat(telling.add("0123456789abcdef")).isTrue();
    assertThat(telling.add("0123456789abcdefXYZ")).isTrue();
    assertThat(telling.add("0123456789abcdef")).isFalse();
    assertThat(telling.add("short")).isFalse();

    assertThat(telling.replaced("0123456789abcdefXYZ0123456789abcdef", s -> "<" + s.length() + ">"))
        .isEqualTo("<19><16>");
    assertThat(telling.replaced("a 0123456789abcdefX short", s -> "*")).isEqualTo("a *X short");
    assertThat(telling.in("0123456789abcde")).isFalse();
    assertThat(telling.in("")).isFalse();
  }

  @Test
  void findsWhatASearchForEachFinds() {
    Random random = new Random(7);
    for (int round = 0; round < 300; round++) {
      Telling telling = new Telling();
      List<String> secrets = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        String secret = text(random, 16 + random.nextInt(6));
        secrets.add(secret);
        assertThat(telling.add(secret)).isTrue();
      }
      String text =
          text(random, random.nextInt(40))
              + (random.nextBoolean() ? secrets.get(random.nextInt(5)) : "")
              + text(random, random.nextInt(40));
      assertThat(telling.in(text)).isEqualTo(secrets.stream().anyMatch(text::contains));
      assertThat(telling.in(telling.replaced(text, secret -> "-"))).isFalse();
    }
  }

  private static String text(Random random, int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append((char) ('a' + random.nextInt(2)));
    }
    return text.toString();
  }
}
