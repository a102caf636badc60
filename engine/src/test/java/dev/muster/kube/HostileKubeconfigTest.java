package dev.muster.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.muster.bound.Bounds;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Kubeconfigs that mean harm: each is refused by the line, never by what stands in it. */
@Timeout(30)
class HostileKubeconfigTest {
  private static void refused(String text, String... words) {
    assertThatThrownBy(() -> Kubeconfig.parse(Path.of("/k/config"), text))
        .isInstanceOf(NoAccess.class)
        .hasMessageContainingAll(words)
        .hasMessageNotContaining("canary");
    assertThatThrownBy(() -> Kubeconfig.selfContained(text))
        .isInstanceOf(NoAccess.class)
        .hasMessageNotContaining("canary");
  }

  @Test
  void anAliasBombIsRefused() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [canary]\n");
    for (int i = 1; i < 60; i++) {
      bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
    }
    refused(bomb.toString(), "/k/config:19", "holds more than 1000000 values");
  }

  @Test
  void anAliasOfItselfIsRefused() {
    refused("a: &a [*a]\n", "/k/config:1", "alias without an anchor above it");
  }

  @Test
  void depthIsRefused() {
    refused("a:\n  " + "[".repeat(10_000), "/k/config:2", "nested deeper than 100 levels");
    refused("{a: ".repeat(10_000), "/k/config:1", "nested deeper than 100 levels");
  }

  @Test
  void manyValuesAreRefused() {
    refused("a: [" + "x,".repeat(Bounds.KUBECONFIG_VALUES) + "]\n", "holds more than");
  }

  @Test
  void aKeyThatStandsTwiceIsRefused() {
    refused("current-context: a\ncurrent-context: canary\n", "/k/config:2", "key twice");
  }

  @Test
  void aTagMakesNothing() {
    Kubeconfig read =
        Kubeconfig.parse(
            Path.of("/k/config"), "current-context: !!javax.script.ScriptEngineManager x\n");

    assertThat(read.currentContext()).isEqualTo("x");
  }

  @Test
  void aNumberWithoutEndIsAText() {
    Kubeconfig read =
        Kubeconfig.parse(Path.of("/k/config"), "current-context: " + "9".repeat(1_000_000) + "\n");

    assertThat(read.currentContext()).hasSize(1_000_000);
  }

  @Test
  void aContextsNameCannotDoAnythingToATerminal() {
    String name = "\\e]0;owned\\a\\x9b2J\\u202e";
    String text = "current-context: \"" + name + "\"\ncontexts: [{name: \"a\\e[2J\"}]\n";

    assertThatThrownBy(
            () ->
                Kubeconfig.choose(
                    List.of(Path.of("f")), "", f -> Kubeconfig.parse(Path.of("/f"), text)))
        .isInstanceOfSatisfying(
            NoAccess.class,
            e ->
                assertThat(e.failure().message())
                    .contains("there are: a\uFFFD[2J")
                    .doesNotContain("\u001b", "\u0007", "\u009b", "\u202e"));
  }

  @Test
  void aCertificateIsNotReadFromADeviceThatNeverEnds(@TempDir Path folder) throws Exception {
    String text =
        """
        current-context: c
        contexts: [{name: c, context: {cluster: c, user: u}}]
        clusters: [{name: c, cluster: {server: "https://localhost:1", certificate-authority: /dev/zero}}]
        users: [{name: u, user: {tokenFile: /dev/zero}}]
        """;
    Path file = Files.writeString(folder.resolve("config"), text);
    try (Clusters clusters = new Clusters(folder)) {
      assertThat(
              clusters
                  .open(file, "c")
                  .read(dev.muster.resource.ObjectRef.of("v1", "Node", "", "n")))
          .asString()
          .contains("certificate authority file /dev/zero cannot be read");
    }
  }
}
