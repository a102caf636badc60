package dev.muster.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxyTest {
  private static final URI SERVER = URI.create("https://api.corp.example:6443");

  /** As Go's httpproxy decides, which is what kubectl uses. */
  @ParameterizedTest
  @CsvSource({
    "https://api.corp.example:6443, api.corp.example, true",
    "https://api.corp.example:6443, corp.example, true",
    "https://api.corp.example:6443, .corp.example, true",
    "https://api.corp.example:6443, *.corp.example, true",
    "https://corp.example, .corp.example, false",
    "https://badcorp.example, corp.example, false",
    "https://API.corp.example, api.CORP.example, true",
    "https://api.corp.example:6443, api.corp.example:6443, true",
    "https://api.corp.example:6443, api.corp.example:443, false",
    "https://api.corp.example, api.corp.example:443, true",
    "https://10.1.2.3:6443, 10.1.2.3, true",
    "https://10.1.2.3:6443, 10.1.0.0/16, true",
    "https://10.2.2.3:6443, 10.1.0.0/16, false",
    "https://10.1.2.3:6443, 1.2.3, false",
    "'https://[fd00::5]:6443', 'fd00::/8', true",
    "https://api.corp.example:6443, *, true",
    "https://localhost:6443, none, true",
    "https://127.3.2.1:6443, none, true",
    "'https://[::1]:6443', none, true"
  })
  void leavesOutWhatNoProxySays(String server, String listed, boolean exempt) {
    Map<String, String> environment =
        Map.of("HTTPS_PROXY", "http://p:3128", "no_proxy", "other.example, " + listed);
    assertThat(Proxy.choose("", URI.create(server), environment).isEmpty()).isEqualTo(exempt);
  }

  @Test
  void prefersTheKubeconfigsOwn() {
    Map<String, String> environment = Map.of("HTTPS_PROXY", "http://p:3128", "NO_PROXY", "*");
    assertThat(Proxy.choose("socks5://u:p%40@s", SERVER, environment))
        .isEqualTo(Optional.of(new Proxy("socks5", "s", 1080, "u", "p@")));
    assertThat(Proxy.choose("", SERVER, Map.of("https_proxy", "p:3128")))
        .isEqualTo(Optional.of(new Proxy("http", "p", 3128, "", "")));
    assertThat(Proxy.choose("", SERVER, Map.of("HTTP_PROXY", "p:3128"))).isEmpty();
  }

  @Test
  void neverTellsThePassword() {
    assertThat(Proxy.choose("https://u:canary@h", SERVER, Map.of()).toString())
        .doesNotContain("canary")
        .contains("https://h:443");
    assertThatThrownBy(() -> Proxy.choose("gopher://u:canary@h", SERVER, Map.of()))
        .isInstanceOf(NoAccess.class)
        .hasMessageNotContaining("canary");
  }
}
