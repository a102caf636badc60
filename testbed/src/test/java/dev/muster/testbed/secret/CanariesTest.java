package dev.muster.testbed.secret;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CanariesTest {
  private static final String SECRET = "Canary \"of\" / everything + & <more> 5Kq8Zt";

  private final Canaries canaries = new Canaries();

  CanariesTest() {
    canaries.add("it", SECRET);
  }

  @Test
  void findsASecretAsItIsAndEscaped() {
    found(SECRET);
    found("{\"a\": \"" + SECRET.replace("\"", "\\\"") + "\"}");
    found("https://u:" + URLEncoder.encode(SECRET, StandardCharsets.UTF_8) + "@h");
    found("<b>" + SECRET.replace("&", "&amp;").replace("<", "&lt;") + "</b>");
    assertThat(canaries.in("Canary of something else")).isEmpty();
  }

  @Test
  void findsEveryPieceOfASecret() {
    for (int from = 0; from + Canaries.SURELY <= SECRET.length(); from++) {
      found("cut: " + SECRET.substring(from, from + Canaries.SURELY));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "ab", "abc", "abcd"})
  void findsASecretInTheMiddleOfBase64(String before) {
    byte[] bytes = (before + SECRET + "and more").getBytes(StandardCharsets.UTF_8);
    found(Base64.getEncoder().encodeToString(bytes));
    found(Base64.getUrlEncoder().encodeToString(bytes));
    found(Base64.getEncoder().encodeToString(Base64.getEncoder().encode(bytes)));
  }

  @Test
  void looksForCredentialsOfAKubeconfigAndNotForTheRest() {
    Canaries some = new Canaries();
    String key = "-----BEGIN PRIVATE KEY-----\nSameForAllKeysOfAKind\nCanary1234567890KeyLine\n";
    String text =
        """
        kind: Config
        clusters:
        - name: a
          cluster: {server: "https://example.test:6443", proxy-url: "http://u:CanaryOfAProxy77@p:1"}
        users:
        - name: b
          user:
            token: CanaryOfAToken123456
            password: "Canary7"
            client-key-data: %s
        """
            .formatted(Base64.getEncoder().encodeToString(key.getBytes(StandardCharsets.UTF_8)));
    some.addAny("kubeconfig", text);
    assertThat(some.in("https://example.test:6443 SameForAllKeysOfAKind name: a")).isEmpty();
    assertThat(some.in("x CanaryOfAToken123456")).hasSize(1);
    assertThat(some.in("x Canary7")).hasSize(1);
    assertThat(some.in("x CanaryOfAProxy77")).hasSize(1);
    assertThat(some.in("x Canary1234567890KeyLine")).hasSize(1);
    assertThat(some.in(Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))))
        .hasSizeGreaterThan(3);
  }

  private void found(String text) {
    assertThat(canaries.in(text)).as(text).isNotEmpty();
  }
}
