package dev.muster.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.sandbox.client.Json;
import dev.muster.sandbox.client.Kind;
import dev.muster.sandbox.controller.install.Definitions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Members that the host reaches by itself, with a kubeconfig that the topology names. */
@Execution(ExecutionMode.CONCURRENT)
class DirectMembersTest {
  private static final String SHARED = "sharesLoopback: true";
  private static final String DIRECT =
      "- {name: m1, connection: direct, kubeconfig: {file: m1.yaml}}";

  @ParameterizedTest
  @ValueSource(strings = {"3.0", "3.1", "3.2", "3.3", "3.4"})
  void areJoinedWithTheKubeconfigAndWithoutTokenOrAgent(String version) {
    try (Fleet fleet = Fleet.with(Fleet.settings(1, version).withLoadBalancer(Fleet.PENDING))) {
      String kubeconfig = fleet.sandbox.kubeconfigForHost("m1", in(Duration.ofDays(300)));
      fleet.write("m1.yaml", kubeconfig);
      fleet.topology(SHARED, DIRECT);
      fleet
          .muster("plan")
          .exits(0)
          .says(
              "step connect[m1] on host",
              "+ spec.connection.kubeconfig: (sensitive)",
              "then wait for gate connected");
      Fleet.Result applied = fleet.apply().exits(0);
      assertThat(applied.out()).doesNotContain("tower-address", "register[m1]", " agent[m1]");
      var connection = fleet.cluster("m1").at("/spec/connection");
      assertThat(connection.path("type").asText()).isEqualTo("direct");
      assertThat(connection.has("token")).isFalse();
      assertThat(
              new String(
                      Base64.getDecoder().decode(connection.path("kubeconfig").asText()),
                      StandardCharsets.UTF_8)
                  .strip())
          .isEqualTo(kubeconfig.strip());
      assertThat(fleet.condition("m1", "Ready")).isEqualTo("True");
      assertThat(fleet.kubectl("m1").find(Kind.DEPLOYMENT, Fleet.SYSTEM, "cluster-agent"))
          .isEmpty();
      fleet.requests();
      fleet.muster("plan", "--detailed-exitcode").exits(0).says("no changes");
      fleet.muster("drift").exits(0);
      assertThat(fleet.muster("doctor").exits(0).out()).doesNotContain("agent");
      fleet.muster("status").exits(0).says("direct");
      assertThat(fleet.writes()).isEmpty();
    }
  }

  @Test
  void areJoinedBesideMembersWithAnAgent() {
    try (Fleet fleet = Fleet.of(2, "3.3")) {
      fleet.write("m1.yaml", fleet.sandbox.kubeconfigForHost("m1", in(Duration.ofDays(300))));
      fleet.topology(SHARED, DIRECT + "\n- name: m2");
      fleet.apply().exits(0).says("connect[m1]", "agent[m2]");
      assertThat(fleet.condition("m1", "Ready")).isEqualTo("True");
      assertThat(fleet.condition("m2", "AgentAvailable")).isEqualTo("True");
      fleet.muster("plan", "--detailed-exitcode").exits(0);
    }
  }

  @Test
  void getANewKubeconfigWhenItsContentChangesAndNotWhenItsLayoutDoes() {
    try (Fleet fleet = Fleet.of(1, "3.3")) {
      String first = fleet.sandbox.kubeconfigForHost("m1", in(Duration.ofDays(20)));
      fleet.write("m1.yaml", first);
      fleet.topology(SHARED, DIRECT);
      fleet.apply().exits(0);
      fleet.write("m1.yaml", "# for the host\n" + first + "\n\n");
      fleet.muster("plan", "--detailed-exitcode").exits(0);
      fleet.write("m1.yaml", fleet.sandbox.kubeconfigForHost("m1", in(Duration.ofDays(300))));
      fleet
          .muster("plan", "--detailed-exitcode")
          .exits(2)
          .says("~ spec.connection.kubeconfig: (sensitive) -> (sensitive)");
      fleet.apply().exits(0).says("connect[m1]");
      fleet.muster("plan", "--detailed-exitcode").exits(0);
    }
  }

  @Test
  void escapesInTheNameOfAProgramDoNotReachTheTerminal() {
    try (Fleet fleet = Fleet.of(1, "3.4")) {
      fleet.topology(
          SHARED,
          "- {name: m1, connection: direct, kubeconfig: {exec: [\"m\\e[2J1\", \"b\\e[2J1\"]}}");
      assertThat(fleet.muster("validate").exits(0).says("kubeconfig of m1 was not looked at").all())
          .doesNotContain("\u001b");
    }
  }

  @Test
  void getTheirKubeconfigFromASecretOnTheHost() {
    try (Fleet fleet = Fleet.of(1, "3.4")) {
      fleet.topology(
          SHARED,
          "- {name: m1, connection: direct, kubeconfig: {secret: {namespace: kubesphere-system, name: access, key: m1}}}");
      fleet
          .muster("plan")
          .exits(1)
          .says(
              "cannot read kubeconfig of m1 from the host: there is no Secret/kubesphere-system/access");
      var secret = Json.object();
      Json.at(secret, "metadata").put("name", "access").put("namespace", Fleet.SYSTEM);
      String kubeconfig = fleet.sandbox.kubeconfigForHost("m1", in(Duration.ofDays(300)));
      Json.at(secret, "data")
          .put(
              "m1",
              Base64.getEncoder().encodeToString(kubeconfig.getBytes(StandardCharsets.UTF_8)));
      fleet.kubectl("host").create(Kind.SECRET, secret);
      fleet
          .muster("validate")
          .exits(0)
          .says("kubeconfig of m1 was not looked at", "reads no cluster");
      fleet.apply().exits(0);
      fleet.muster("plan", "--detailed-exitcode").exits(0);
    }
  }

  @Test
  void areRefusedByValidateWhereTheKubeconfigNeedsThisMachine() {
    try (Fleet fleet = Fleet.of(1, "3.3")) {
      String good = fleet.sandbox.kubeconfigForHost("m1", in(Duration.ofDays(300)));
      fleet.write("m1.yaml", good);
      fleet.topology("", DIRECT);
      wrong(fleet, "which on the host is the host itself");
      fleet.topology(SHARED, "- {name: m1, connection: direct}");
      wrong(
          fleet,
          "member m1 is connected directly, and the kubeconfig",
          "add kubeconfig: {file: PATH}");
      fleet.topology(SHARED, "- {name: m1, kubeconfig: {file: m1.yaml}}");
      wrong(fleet, "connected through the agent, for which the host needs no kubeconfig");
      fleet.topology(SHARED, DIRECT);
      fleet.write("m1.yaml", good.replaceAll("client-key-data: \\S+", "client-key: /home/me/key"));
      wrong(fleet, "it names a file of this machine (client-key), where client-key-data is needed");
      fleet.write("m1.yaml", good.replaceAll("current-context: \\S+", "current-context: gone"));
      wrong(fleet, "has no context \"gone\"");
      fleet.write("m1.yaml", "hello");
      wrong(fleet, "it is no kubeconfig");
    }
  }

  @Test
  void areRefusedBeforeAnythingIsWrittenWhereTheKubeconfigDoesNotWork() {
    try (Fleet fleet = Fleet.of(2, "3.3")) {
      fleet.topology(SHARED, DIRECT);
      String good = fleet.sandbox.kubeconfigForHost("m1", in(Duration.ofDays(300)));
      fleet.write("m1.yaml", fleet.sandbox.kubeconfigForHost("m2", in(Duration.ofDays(300))));
      refused(
          fleet,
          "the kubeconfig of m1 leads to another cluster: kube-system UID "
              + fleet.sandbox.server().cluster("m2").uid());
      String token = fleet.sandbox.server().token("m1");
      fleet.write("m1.yaml", good.replace(token, "withdrawn"));
      refused(fleet, "is not accepted by", "make a new one");
      String server = fleet.sandbox.server().baseUrl("m1").toString();
      fleet.write("m1.yaml", good.replace(server, "https://nowhere.invalid:6443"));
      refused(fleet, "is not reached with the kubeconfig of m1", "kubeconfigReachableFrom: host");
      fleet.write("m1.yaml", good.replaceAll("\\s+client-(certificate|key)-data: \\S+", ""));
      refused(fleet, "has no client certificate, without which KubeSphere 3.3 never finishes");
    }
  }

  @Test
  void areRefusedWhereTheKubeconfigHasTooFewRights() {
    try (Fleet fleet = Fleet.of(1, "3.4")) {
      fleet.topology(SHARED, DIRECT);
      fleet.write("m1.yaml", fleet.sandbox.kubeconfigForHost("m1", in(Duration.ofDays(300))));
      fleet.sandbox.server().deny("admin-m1", "m1", Set.of("get"), Set.of("clusterrolebindings"));
      refused(fleet, "the kubeconfig of m1 has too few rights", "cluster-admin");
    }
  }

  @Test
  void areRefusedUnderASecondName() {
    try (Fleet fleet = Fleet.of(1, "3.3")) {
      fleet.write("m1.yaml", fleet.sandbox.kubeconfigForHost("m1", in(Duration.ofDays(300))));
      fleet.topology(SHARED, DIRECT);
      fleet.apply().exits(0);
      fleet.topology(
          SHARED,
          "- {name: second, connection: direct, kubeconfig: {file: m1.yaml}, access: {kubeconfig: {file: kubeconfig.yaml, context: m1}}}");
      refused(fleet, "member second is joined already, as m1");
    }
  }

  @Test
  void areFoundNotToWorkByTheGateWhereOnlyTheHostCanTry() {
    try (Fleet fleet = Fleet.of(2, "3.3")) {
      fleet.write("m1.yaml", fleet.sandbox.kubeconfigForHost("m2", in(Duration.ofDays(300))));
      fleet.topology(
          SHARED,
          "- {name: m1, connection: direct, kubeconfig: {file: m1.yaml}, kubeconfigReachableFrom: host}");
      fleet
          .apply()
          .exits(4)
          .says(
              "the kubeconfig of m1 is not tried from here",
              "behind its kubeconfig the host found another cluster: kube-system UID "
                  + fleet.sandbox.server().cluster("m2").uid());
    }
  }

  @Test
  void areToldWhenTheirKubeconfigRunsOutAndWhenItHas() {
    try (Fleet fleet = Fleet.of(1, "3.3")) {
      fleet.write("m1.yaml", fleet.sandbox.kubeconfigForHost("m1", in(Duration.ofDays(20))));
      fleet.topology(SHARED, DIRECT);
      fleet.apply().exits(0);
      assertThat(fleet.muster("drift").exits(0).out()).doesNotContain("runs out");
      fleet.muster("drift", "--expiring", "10d").exits(0);
      fleet
          .muster("drift", "--expiring", "30d")
          .exits(2)
          .says(
              "runs out in 19 days: m1, the kubeconfig that the host uses for it (20",
              " UTC)",
              "next: put a new one where kubeconfig of m1 says, then run muster apply",
              "no drift");
      var told = fleet.muster("drift", "--expiring", "30d", "-o", "json").exits(2).json();
      assertThat(told.at("/expiring/0/cluster").asText()).isEqualTo("m1");
      assertThat(told.at("/expiring/0/expired").asBoolean()).isFalse();
      assertThat(told.at("/expiring/0/secondsLeft").asLong()).isBetween(19 * 86400L, 20 * 86400L);
      fleet.muster("status").exits(0).says("runs out in 19 days: m1");
      assertThat(fleet.muster("status", "-o", "json").json().at("/1/expiries/0/what").asText())
          .isEqualTo("the kubeconfig that the host uses for it");
      fleet.muster("drift", "--expiring", "soon").exits(64).says("takes a time such as 30d");

      // As time does: the one on the host has run out, whatever the file says.
      String expired = fleet.sandbox.kubeconfigForHost("m1", Instant.now().minusSeconds(7200));
      var patch = Json.object();
      Json.at(patch, "spec", "connection")
          .put(
              "kubeconfig",
              Base64.getEncoder().encodeToString(expired.getBytes(StandardCharsets.UTF_8)));
      fleet.kubectl("host").mergePatch(Definitions.CLUSTER, null, "m1", patch);
      fleet.muster("drift").exits(2).says("expired 2 hours ago: m1", "spec.connection.kubeconfig");
      fleet.muster("status").exits(0).says("expired 2 hours ago: m1");
      fleet.apply().exits(0);
      fleet.muster("drift").exits(0);
    }
  }

  /** The example, and what its commands print. */
  @Test
  void doesWhatTheExampleShows() throws IOException {
    try (Fleet fleet = Fleet.of(3, "3.3")) {
      Files.createDirectories(fleet.folder.resolve("kube"));
      renew(fleet, Duration.ofDays(20).plusHours(1));
      fleet.topology(
          Transcript.topology("direct")
              .replace("  host:\n", "  host:\n    sharesLoopback: true\n"));
      Transcript transcript = Transcript.of("direct");
      transcript.add("muster plan", fleet.muster("plan").exits(0));
      transcript.addEnd("muster apply --yes", fleet.apply().exits(0));
      transcript.add("muster plan", fleet.muster("plan").exits(0));
      transcript.add(
          "muster drift --expiring 30d", fleet.muster("drift", "--expiring", "30d").exits(2));
      renew(fleet, Duration.ofDays(300));
      transcript.add("muster plan", fleet.muster("plan").exits(0));
      transcript.addEnd("muster apply --yes", fleet.apply().exits(0));
      transcript.add(
          "muster drift --expiring 30d", fleet.muster("drift", "--expiring", "30d").exits(0));
      transcript.isAsWritten();
    }
  }

  private static void renew(Fleet fleet, Duration valid) {
    fleet.write("kube/aks-west.yaml", fleet.sandbox.kubeconfigForHost("m2", in(valid)));
    fleet.write("kube/eks-east.yaml", fleet.sandbox.kubeconfigForHost("m3", in(valid)));
  }

  private static void wrong(Fleet fleet, String... words) {
    fleet.requests();
    fleet.muster("validate").exits(1).says(words);
    fleet.apply().exits(1).says(words);
    assertThat(fleet.requests()).as("no cluster is asked").isEmpty();
  }

  private static void refused(Fleet fleet, String... words) {
    fleet.requests();
    fleet.muster("plan").exits(5).says(words);
    fleet.apply().exits(5).says(words);
    assertThat(fleet.writes()).isEmpty();
  }

  private static Instant in(Duration time) {
    return Instant.now().plus(time);
  }
}
