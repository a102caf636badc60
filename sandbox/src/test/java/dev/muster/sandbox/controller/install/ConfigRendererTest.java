package dev.muster.sandbox.controller.install;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.controller.env.KubeSphereVersion;
import dev.muster.sandbox.controller.env.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ConfigRendererTest {
  private static final String SECRET = "s3cretOfTheHost";

  @ParameterizedTest
  @CsvSource({
    "3.0, kubesphere/tower:v0.1.0",
    "3.1, kubesphere/tower:v0.2.0",
    "3.2, kubesphere/tower:v0.2.0",
    "3.3, kubesphere/tower:v0.2.0",
    "3.4, kubesphere/tower:v0.2.1"
  })
  void givesAHostTheAgentImageOfItsVersion(String version, String image) {
    String text = render(version, "multicluster: {clusterRole: host}");
    assertThat(settings(text).at("/multicluster/agentImage").asText()).isEqualTo(image);
    assertThat(settings(text).at("/multicluster/enable").asBoolean()).isTrue();
    assertThat(settings(text).at("/multicluster/proxyPublishService").asText())
        .isEqualTo("tower.kubesphere-system.svc");
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.0", "3.1", "3.2"})
  void saysNoRoleBefore33(String version) {
    assertThat(render(version, "multicluster: {clusterRole: host}")).doesNotContain("clusterRole");
    assertThat(render(version, "multicluster: {clusterRole: member}"))
        .doesNotContain("multicluster:")
        .contains("  oauthOptions:\n    accessTokenMaxAge: 0\n");
    assertThat(render(version, "multicluster: {clusterRole: none}"))
        .doesNotContain("multicluster:");
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.3", "3.4"})
  void saysEveryRoleFrom33On(String version) {
    assertThat(render(version, "multicluster: {clusterRole: none}"))
        .contains("multicluster:\n  clusterRole: none\nmonitoring:");
    assertThat(render(version, "multicluster: {clusterRole: member}"))
        .contains("multicluster:\n  clusterRole: member\n  enable: false\n")
        .contains("    accessTokenMaxAge: 0\n    clients:");
    assertThat(render(version, "multicluster: {clusterRole: host}"))
        .contains("multicluster:\n  clusterRole: host\n  enable: true\n");
  }

  @Test
  void writesPythonsBooleansQuotesAndRunsOfBlankLines() {
    String text = render("3.1", "multicluster: {clusterRole: none}");
    assertThat(text)
        .contains("multipleLogin: True\n")
        .contains("jwtSecret: \"" + SECRET + "\"\n\n\n\n\n\n");
    assertThat(render("3.3", "console: {enableMultiLogin: false}"))
        .contains("multipleLogin: False\n");
  }

  @Test
  void copiesTheAddressAsItIs() {
    String spec = "multicluster: {clusterRole: host, proxyPublishAddress: 'no scheme/'}";
    assertThat(render("3.0", spec)).contains("  proxyPublishAddress: no scheme/\n");
    assertThat(render("3.3", spec.replace("host,", "member,")))
        .doesNotContain("proxyPublishAddress");
  }

  @Test
  void knowsTheHostsNameAndResyncOnlyFrom32On() {
    String spec =
        "multicluster: {clusterRole: host, hostClusterName: center, clusterControllerResyncPeriod: 60s}";
    assertThat(render("3.1", spec)).doesNotContain("center").doesNotContain("ResyncPeriod");
    assertThat(render("3.2", spec))
        .contains("  hostClusterName: center\n  clusterControllerResyncPeriod: 60s\n");
  }

  @Test
  void takesTheAgentImageFromALocalRegistry() {
    String spec = "multicluster: {clusterRole: host}\nlocal_registry: registry.example:5000";
    assertThat(render("3.3", spec))
        .contains("agentImage: registry.example:5000/kubesphere/tower:v0.2.0\n");
    assertThat(render("3.3", spec + "\nnamespace_override: kubesphereio"))
        .contains("agentImage: registry.example:5000/kubesphereio/tower:v0.2.0\n");
  }

  /** Surprise 22. */
  @Test
  void duplicatesKeysOfAMemberWithItsOwnOauthOptions() {
    String spec =
        "multicluster: {clusterRole: member}\n"
            + "authentication: {oauthOptions: {accessTokenMaxAge: 1h, clients: [{name: own}]}}";
    for (String version : new String[] {"3.3", "3.4"}) {
      assertThat(render(version, spec).lines().filter(line -> line.contains("accessTokenMaxAge:")))
          .containsExactly("    accessTokenMaxAge: 1h", "    accessTokenMaxAge: 0");
      assertThat(render(version, spec).lines().filter(line -> line.equals("    clients:")))
          .hasSize(2);
    }
  }

  @Test
  void givesAMemberOfEachGenerationAnotherMixOfOptions() {
    String spec =
        "multicluster: {clusterRole: member}\nauthentication: {oauthOptions: {loginTimeout: 5m}}";
    assertThat(render("3.1", spec))
        .contains("loginTimeout: 5m")
        .doesNotContain("accessTokenMaxAge");
    assertThat(render("3.2", spec)).doesNotContain("loginTimeout").contains("accessTokenMaxAge: 0");
  }

  private static String render(String version, String spec) {
    return ConfigRenderer.render(KubeSphereVersion.of(version), Manifest.yaml(spec), SECRET);
  }

  private static ObjectNode settings(String text) {
    return Manifest.yaml(text);
  }
}
