package dev.muster.bound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Regular expressions that mean harm, and that honest ones are taken. */
@Timeout(60)
class LinearPatternTest {
  private static void refused(String text, String why) {
    assertThatThrownBy(() -> LinearPattern.of(text))
        .isInstanceOf(LinearPattern.Unusable.class)
        .hasMessageContaining(why);
  }

  @Test
  void whatWouldTryForEverEndsInTimeThatGrowsWithTheTextOnly() throws Exception {
    for (String text : List.of("(a+)+$", "(a|aa)+$", "(.*a){25}$", "^(([a-z])+.)+[A-Z]$")) {
      assertThat(LinearPattern.of(text).find("a".repeat(50_000) + "!")).as(text).isFalse();
    }
  }

  @Test
  void whatWouldFillTheMemoryIsRefused() {
    for (String text :
        List.of(
            "((a{1000}){1000}){1000}",
            "((((a{30}){30}){30}){30}){30}",
            "(?:(?:(?:a?){100}){100}){100}",
            "(?i)((x{0,999}){2,999}){99,}",
            "[(](([)]{1000}){1000}){1000}",
            "[[:alpha:](]((b{1000}){1000}){1000}",
            "\\Q[\\E((a{1000}){1000}){1000}",
            ")((a{1000}){1000}){1000}",
            "a{1000}".repeat(100),
            "(".repeat(400) + "a" + ")".repeat(400),
            "a?".repeat(100_000))) {
      refused(text, "too large");
    }
  }

  @Test
  void aTextThatIsTooLongForItsPatternIsNotSearched() throws Exception {
    LinearPattern pattern = LinearPattern.of("(?:a?){999}b");
    assertThatThrownBy(() -> pattern.find("a".repeat(1_000_000)))
        .isInstanceOf(LinearPattern.TooLong.class)
        .hasMessage("a text of 1000000 characters is too long for its pattern");
    assertThat(LinearPattern.of("(?:a?){999}(?:a?){400}b").find("a".repeat(20_000))).isFalse();
    assertThat(LinearPattern.of("failed=[1-9]").find("x".repeat(4_000_000))).isFalse();
  }

  @Test
  void whatIsNotOfTheSyntaxIsRefusedWithTheReason() {
    refused("(?=a)b", "invalid or unsupported Perl syntax");
    refused("(a)\\1", "invalid escape sequence");
    refused("a[b", "missing closing ]");
    refused("a{1001}", "invalid repeat");
  }

  @Test
  void honestPatternsAreTaken() throws Exception {
    String label = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?";
    assertThat(LinearPattern.of("^" + label + "(\\." + label + "){0,9}$").find("a.b-c.d")).isTrue();
    assertThat(LinearPattern.of("^[0-9]{1,3}(\\.[0-9]{1,3}){3}(/[0-9]{1,2})?$").find("10.0.0.1"))
        .isTrue();
    assertThat(LinearPattern.of("^[A-Za-z0-9]{16,}$").matches("x".repeat(64))).isTrue();
    assertThat(LinearPattern.of("^\\S+$").find("a\n")).as("a line's end is not the end").isFalse();
  }

  /** The size is known before compiling, so it must never be too low; shown by compiling. */
  @Test
  void thePredictedSizeIsNeverTooLow() {
    Random random = new Random(20261126);
    String[] pieces = {
      "(",
      "(",
      ")",
      ")",
      "[",
      "]",
      "^",
      "{2}",
      "{3,}",
      "{0,4}",
      "{",
      "}",
      "*",
      "+",
      "?",
      "|",
      "\\",
      "\\d",
      ":",
      "[:alpha:]",
      "-",
      ",",
      "1",
      "a",
      "b",
      ".",
      "$",
      "(?i)",
      "(?:",
      "(?P<n>",
      "\\pL",
      "\\x{61}",
      "\\C"
    };
    int compiled = 0;
    for (int i = 0; i < 200_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(12); n >= 0; n--) {
        text.append(pieces[random.nextInt(pieces.length)]);
      }
      int size;
      try {
        size = Pattern.compile(text.toString()).programSize();
      } catch (PatternSyntaxException e) {
        continue;
      }
      compiled++;
      assertThat(new PatternSize(text.toString()).steps())
          .as(text.toString())
          .isGreaterThanOrEqualTo(size - 3);
    }
    assertThat(compiled).isGreaterThan(10_000);
  }
}
