package dev.muster.testbed;

import static dev.muster.testbed.MusterAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.testbed.secret.Canaries;
import dev.muster.testbed.secret.Places;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A plan and a topology in repositories that want a login: git's own helper knows it, muster does
 * not tell it.
 */
@Timeout(200)
final class GitLoginIT {
  private static final String PASSWORD = "CanaryOfTheGitHelper4Tn8Ws2";
  private static final String WRONG = "CanaryOfAWrongLogin6Yb3Kq9";
  private static final String PLAN =
      """
      apiVersion: muster.dev/v1beta1
      kind: Plan
      metadata: {name: cards, version: "1"}
      spec:
        objects:
          card: {on: member, ref: v1/ConfigMap/default/card}
        steps:
        - {id: card, forEach: member, on: member, title: write it, create: {card: {data: {a: b}}}}
        allows:
          member:
          - {kinds: [v1/ConfigMap], namespaces: [default], verbs: [get, create, patch]}
      """;

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path folder;

  @SuppressWarnings("NullAway.Init")
  private Muster muster;

  @SuppressWarnings("NullAway.Init")
  private GitServer server;

  @BeforeEach
  void start() throws IOException {
    muster = Muster.in(folder.resolve("repository"));
    muster.write(".gitignore", "kubeconfig.yaml\n");
    server = new GitServer(folder.resolve("served"), "reader", PASSWORD);
    Muster plans = Muster.in(folder.resolve("served/plans"));
    plans.write("cards.yaml", PLAN);
    plans.git("add", ".");
    plans.git("commit", "--quiet", "-m", "Deal the cards");
    plans.git("tag", "v1");
  }

  @AfterEach
  void end() {
    server.close();
    muster.close();
  }

  private void helper(String password) throws IOException {
    Files.writeString(
        muster.home().resolve(".gitconfig"),
        "[credential]\n\thelper = \"!f() { echo username=reader; echo password="
            + password
            + "; }; f\"\n");
  }

  private static String topology(String url) {
    return """
        apiVersion: muster.dev/v1alpha1
        kind: Topology
        metadata: {name: acme}
        spec:
          plan: {git: "%s/plans/.git", revision: v1, path: cards.yaml}
          host: {}
          members: [{name: m1}]
        """
        .formatted(url);
  }

  @Test
  void takesAPlanWithTheLoginThatGitKnows() throws IOException {
    helper(PASSWORD);
    muster.topology(topology(server.url("")));

    assertThat(muster.run("plan-pin", "--write")).exitsWith(0);
    assertThat(Files.readString(muster.repository().resolve("topology.yaml")))
        .contains("digest: \"sha256:");
    assertThat(muster.run("validate")).exitsWith(0);
    assertThat(server.refused()).isZero();
    assertNothingTold();
  }

  @Test
  void saysWhoRefusedAWrongLoginAndNothingOfIt() throws IOException {
    helper(WRONG);
    muster.topology(topology(server.url("")));
    assertThat(muster.run("plan-pin")).exitsWith(1).says("127.0.0.1", "not authorized");
    assertThat(muster.run("validate", "--debug")).exitsWith(1);
    assertThat(server.refused()).isPositive();

    // Nor of one that somebody has written into the address itself.
    muster.write("topology.yaml", topology(server.url("reader:" + WRONG)));
    assertThat(muster.run("plan-pin")).exitsWith(1);
    assertThat(muster.run("validate", "--debug")).exitsWith(1);
    muster.write("topology.yaml", topology(server.url("")));
    assertNothingTold();
  }

  @Test
  void takesATopologyFromThereToo() throws IOException {
    helper(PASSWORD);
    String source = "git+" + server.url("") + "/plans/.git//topology.yaml?ref=main";
    Muster plans = Muster.in(folder.resolve("served/plans"));
    plans.write(".gitignore", "");
    plans.topology(
        """
        apiVersion: muster.dev/v1alpha1
        kind: Topology
        metadata: {name: acme}
        spec: {plan: ./cards.yaml, host: {}, members: [{name: m1}]}
        """);
    assertThat(muster.run("validate", "-f", source)).exitsWith(0);
    helper(WRONG);
    assertThat(muster.run("validate", "-f", source)).exitsWith(1).says("not authorized");
    assertNothingTold();
  }

  private void assertNothingTold() {
    Canaries canaries = new Canaries();
    canaries.add("the password of git's helper", PASSWORD);
    canaries.add("a wrong one", WRONG);
    assertThat(
            Places.of(
                    muster,
                    file -> file.endsWith(".gitconfig") || file.toString().contains("/.git/"))
                .holding(canaries))
        .isEmpty();
  }
}
