package dev.muster.sandbox.controller.multicluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.sandbox.controller.env.KubeSphereVersion;
import dev.muster.sandbox.controller.env.Manifest;
import dev.muster.sandbox.controller.install.ConfigRenderer;
import org.junit.jupiter.api.Test;

final class ConfigRewriteTest {
  /** Surprise 9, the text alone. */
  @Test
  void keepsTheMeaningAndNothingOfTheText() {
    String rendered = rendered("multicluster: {clusterRole: member}\nauthentication: {}");
    String written = rewritten(rendered, "edge-7");
    assertThat(rendered).contains("jwtSecret: \"aB3\"").contains("168h\n");
    assertThat(written)
        .contains("  jwtSecret: aB3\n")
        .contains("  loginHistoryRetentionPeriod: 168h0m0s\n")
        .contains("    accessTokenMaxAge: 0s\n    accessTokenInactivityTimeout: 0s\n")
        .contains("multicluster:\n  enable: false\n  clusterName: edge-7\n  clusterRole: member\n")
        .contains("multipleLogin: true\n")
        .contains("      - '*'\n")
        .doesNotContain("enableGPUMonitoring")
        .doesNotContain("\n\n")
        .startsWith("network:\n");
  }

  @Test
  void dropsWhatItsTypesDoNotKnow() {
    String text = rendered("multicluster: {clusterRole: host}") + "mine:\n  key: 1\n";
    assertThat(rewritten(text, "host")).doesNotContain("mine");
  }

  @Test
  void takesTheLastOfTwoEqualKeys() {
    String spec =
        "multicluster: {clusterRole: member}\nauthentication: {oauthOptions: {accessTokenMaxAge: 1h}}";
    assertThat(rewritten(rendered(spec), "m")).containsOnlyOnce("accessTokenMaxAge: 0s");
  }

  @Test
  void isStableOnceDone() {
    String once = rewritten(rendered("multicluster: {clusterRole: host}"), "host");
    assertThat(rewritten(once, "host")).isEqualTo(once);
  }

  private static String rendered(String spec) {
    return ConfigRenderer.render(KubeSphereVersion.of("3.3"), Manifest.yaml(spec), "aB3");
  }

  private static String rewritten(String text, String name) {
    return ConfigRewrite.text(Manifest.yaml(text), name);
  }
}
