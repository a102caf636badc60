package dev.muster.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedirectTest {
  private static final URI FROM = URI.create("https://example.com/a/b");

  @Test
  void leadsToAnotherPlaceOverHttps() throws Unfetched {
    assertThat(Exchange.next(FROM, "../c")).hasToString("https://example.com/c");
    assertThat(Exchange.next(FROM, "https://example.org/")).hasHost("example.org");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://user:canary@example.com/?canary", "file:///etc/passwd", "jar:x", "::"})
  void leadsNeitherOutOfHttpsNorElsewhereThanToHttp(String to) {
    assertThatThrownBy(() -> Exchange.next(FROM, to))
        .isInstanceOf(Unfetched.class)
        .hasMessageContaining("it leads")
        .hasMessageNotContaining("canary");
  }
}
