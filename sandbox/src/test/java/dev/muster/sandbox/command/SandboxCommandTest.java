package dev.muster.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.cli.Main;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What `muster sandbox` writes and what it refuses; that it serves is tested end to end. */
@Timeout(20)
final class SandboxCommandTest {
  @Test
  void refusesAgentsOf41WithTheReason() {
    assertThat(run("sandbox", "--version", "4.1", "--connection", "proxy"))
        .contains("they are part of the closed Tower extension");
    assertThat(run("sandbox", "--version", "4.0")).contains("use one of: 3.0, 3.1, 3.2");
    assertThat(run("sandbox", "--connection", "telnet")).contains("takes proxy or direct");
  }

  @Test
  void namesAKubeconfigForTheHostsUseOfEachDirectMember() {
    assertThat(SandboxTopology.direct("k.yaml", "for-host").text(List.of("m1", "m2")))
        .contains("    connection: direct\n")
        .contains("  - name: m1\n    kubeconfig: {file: \"for-host/m1.yaml\"}\n  - name: m2\n")
        .doesNotContain("proxy");
  }

  @Test
  void writesATopologyOfAHostAlone() {
    assertThat(SandboxTopology.agents("k.yaml", "{address: auto}").text(List.of()))
        .endsWith("  members:\n    []\n");
  }

  private static String run(String... args) {
    StringWriter err = new StringWriter();
    StringWriter out = new StringWriter();
    int code = Main.run(new PrintWriter(out, true), new PrintWriter(err, true), false, args);
    assertThat(code).isNotZero();
    return out + err.toString();
  }
}
