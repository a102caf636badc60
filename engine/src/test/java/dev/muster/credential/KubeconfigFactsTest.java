package dev.muster.credential;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.yaml.YamlDocument;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KubeconfigFactsTest {
  private static final Instant END = Instant.parse("2027-11-25T20:21:43Z");

  /** Self-signed; its key was thrown away. */
  private static final String PEM =
      """
      -----BEGIN CERTIFICATE-----
      MIIBczCCARmgAwIBAgIUX3tOnyKxYxbqTGsiGzc3u/J8soMwCgYIKoZIzj0EAwIw
      DzENMAsGA1UEAwwEaG9zdDAeFw0yNjExMjUyMDIxNDNaFw0yNzExMjUyMDIxNDNa
      MA8xDTALBgNVBAMMBGhvc3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATAe/Zs
      SnKPjg4v8LLD/AtOcTitmFzokdMxIE/JIOAoAPINjXbd1GNR0FvWEUTPLnc+Tyo/
      k5JO7tgc3MrRELHDo1MwUTAdBgNVHQ4EFgQUQyjDZ3sgAtlhC1MwGtNZY+x85w8w
      HwYDVR0jBBgwFoAUQyjDZ3sgAtlhC1MwGtNZY+x85w8wDwYDVR0TAQH/BAUwAwEB
      /zAKBggqhkjOPQQDAgNIADBFAiB0ejkCVlWzNef3Gdvlqyi+yiIOIniTUXRNiyen
      FaYk0wIhAOdXB53zUQluRu3/O7Ej6hN7CxMtRzdRjnMMVcweo3kY
      -----END CERTIFICATE-----
      """;

  /** Ends at 1800000000, 2027-01-15T08:00:00Z. */
  private static final String TOKEN =
      "eyJhbGciOiJub25lIn0.eyJleHAiOjE4MDAwMDAwMDAsInN1YiI6IngifQ.c2ln";

  @Test
  void ofASelfContainedOneAreItsServerAndNoFaults() {
    KubeconfigFacts facts = facts("server: https://10.0.0.1:6443", "token: abc");
    assertThat(facts.faults()).isEmpty();
    assertThat(facts.server()).isEqualTo("https://10.0.0.1:6443");
    assertThat(facts.loopback()).isFalse();
    assertThat(facts.certificate()).isFalse();
    assertThat(facts.expiry()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "client-certificate: c.pem, client-key: k.pem | names a file of this machine (client-certificate)",
        "tokenFile: /var/run/token | names a file of this machine (tokenFile), where token is needed",
        "exec: {command: aws} | runs a program for its credential (aws), which is not there",
        "auth-provider: {name: gcp} | asks an auth-provider for its credential",
        "client-certificate-data: YQ== | has a client certificate or its key, and not both",
        "as: nobody | has no credential",
      })
  void tellWhatAUserNeedsOfThisMachine(String user, String fault) {
    assertThat(facts("server: https://10.0.0.1:6443", user).faults().get(0)).startsWith(fault);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "certificate-authority: ca.pem | names no server",
        "server: 10.0.0.1:6443 | names a server that is no http or https address",
        "server: https://a b | names a server that is no http or https address",
      })
  void tellWhatACluster(String cluster, String fault) {
    assertThat(facts(cluster, "token: abc").faults()).contains(fault);
  }

  @Test
  void tellAllFaultsAtOnce() {
    assertThat(
            facts("certificate-authority: ca.pem", "{client-certificate: a, client-key: b}")
                .faults())
        .hasSize(4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"hello: world", "", "clusters: [], contexts: []", "clusters: 3"})
  void ofAnythingElseAreThatItIsNoKubeconfig(String text) {
    assertThat(KubeconfigFacts.of(tree("{" + text + "}")).faults()).hasSize(1);
  }

  @Test
  void tellNamesThatLeadNowhere() {
    String text =
        "{clusters: [], users: [], current-context: c, contexts: [{name: c, context: {cluster: a}}]}";
    assertThat(KubeconfigFacts.of(tree(text)).faults())
        .containsExactly(
            "has no cluster \"a\", which its current context names",
            "names no user in its current context");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://127.0.0.1:6443",
        "https://localhost",
        "https://kind.localhost:1",
        "https://[::1]:6443",
        "https://0.0.0.0:6443",
        "https://127.9.9.9"
      })
  void knowAddressesThatMeanAnotherMachineEverywhere(String server) {
    assertThat(facts("server: \"" + server + "\"", "token: abc").loopback()).isTrue();
  }

  @Test
  void knowAProxyOnThisMachine() {
    String cluster = "{server: 'https://10.0.0.1', proxy-url: 'http://127.0.0.1:3128'}";
    assertThat(facts(cluster, "token: abc").loopback()).isTrue();
  }

  @Test
  void tellWhenTheCertificateOrTheTokenRunsOutTheEarlierFirst() {
    String certificate =
        "client-certificate-data: " + base64(PEM) + ", client-key-data: " + base64("x");
    assertThat(facts("server: https://a", "{" + certificate + "}").expiry())
        .contains(new Expiry("client certificate", END));
    assertThat(facts("server: https://a", "{" + certificate + ", token: " + TOKEN + "}").expiry())
        .contains(new Expiry("token", Instant.ofEpochSecond(1800000000)));
    assertThat(facts("server: https://a", "{" + certificate + "}").certificate()).isTrue();
  }

  @Test
  void readACertificateAsTextAndAsBase64AndTheFirstOfSeveral() {
    assertThat(Expiry.ofCertificate(PEM)).contains(END);
    assertThat(Expiry.ofCertificate(base64(PEM))).contains(END);
    assertThat(Expiry.ofCertificate("# a comment\n" + PEM + PEM)).contains(END);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nothing",
        "a.b.c",
        "....",
        "eyJhIjoxfQ.bm90IGpzb24.x",
        "-----BEGIN CERTIFICATE-----\nYWJj\n-----END CERTIFICATE-----",
        "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.c2ln"
      })
  void findNoEndInWhatHasNone(String text) {
    assertThat(Expiry.ofCertificate(text)).isEmpty();
    assertThat(Expiry.ofToken(text)).isEmpty();
  }

  @Test
  void neverRepeatASecret() {
    KubeconfigFacts facts =
        facts("server: https://me:hunter2@10.0.0.1", "{token: canary, client-key: canary-path}");
    assertThat(facts.toString()).doesNotContain("canary", "hunter2");
  }

  private static KubeconfigFacts facts(String cluster, String user) {
    String text =
        """
        current-context: c
        contexts: [{name: c, context: {cluster: k, user: u}}]
        clusters: [{name: k, cluster: %s}]
        users: [{name: u, user: %s}]
        """;
    return KubeconfigFacts.of(tree(text.formatted(braced(cluster), braced(user))));
  }

  private static String braced(String text) {
    return text.startsWith("{") ? text : "{" + text + "}";
  }

  private static JsonNode tree(String yaml) {
    return YamlDocument.parse(yaml).json();
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
