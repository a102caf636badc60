package dev.muster.testbed;

import static dev.muster.testbed.MusterAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.sandbox.controller.cluster.HostKubeconfig;
import dev.muster.sandbox.server.http.SelfSignedCertificate;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Members that the host reaches by itself, on real API servers. */
@Timeout(300)
final class DirectIT {
  private static final Duration YEAR = Duration.ofDays(365);
  private static final String HOST =
      "host: {sharesLoopback: true, proxy: {address: \"http://203.0.113.1:8080\"}}\n";

  /** A direct member beside one with an agent; run twice, then with another kubeconfig. */
  @ParameterizedTest
  @ValueSource(strings = {"3.1", "3.3", "3.4"})
  void joinsBesideAMemberWithAnAgentAndReplacesAKubeconfig(String version) {
    try (RealFleet fleet =
        RealFleet.of(version).loadBalancer("10.9.8.7").member("idc-1").member("aks-1").start()) {
      Muster muster = fleet.muster();
      declare(fleet, "");
      muster.write("aks-1.yaml", kubeconfig(fleet, "aks-1", token(fleet, "aks-1"), YEAR));
      assertThat(muster.call("apply", "--yes")).exitsWith(0).says("connect[aks-1]", "agent[idc-1]");

      assertThat(fleet.registration("aks-1").at("/spec/connection/type").asText())
          .isEqualTo("direct");
      assertThat(fleet.registration("aks-1").at("/spec/connection").has("token")).isFalse();
      assertThat(fleet.object("aks-1", RealFleet.AGENT).isMissingNode()).isTrue();
      assertThat(fleet.object("idc-1", RealFleet.AGENT).isMissingNode()).isFalse();
      Requests before = fleet.requests();
      assertThat(muster.call("plan", "--detailed-exitcode")).exitsWith(0).says("no changes");
      assertThat(muster.call("drift")).exitsWith(0);
      assertThat(fleet.requests().after(before).writes()).isEmpty();

      String renewed = kubeconfig(fleet, "aks-1", token(fleet, "aks-1"), Duration.ofDays(20));
      muster.write("aks-1.yaml", renewed);
      assertThat(muster.call("plan"))
          .exitsWith(0)
          .says("~ spec.connection.kubeconfig: (sensitive) -> (sensitive)");
      before = fleet.requests();
      assertThat(muster.call("apply", "--yes")).exitsWith(0);
      assertThat(fleet.requests().after(before).writes())
          .filteredOn(write -> write.contains("/clusters/"))
          .hasSize(1);
      byte[] live =
          Base64.getDecoder()
              .decode(fleet.registration("aks-1").at("/spec/connection/kubeconfig").asText());
      assertThat(new String(live, StandardCharsets.UTF_8).strip()).isEqualTo(renewed.strip());
      assertThat(muster.call("plan", "--detailed-exitcode")).exitsWith(0);
      assertThat(muster.call("drift", "--expiring", "30d"))
          .exitsWith(2)
          .says("runs out in 19 days: aks-1, the kubeconfig that the host uses for it");
    }
  }

  /** Joined, and given new kubeconfigs: as planned, killed in the middle, with one member away. */
  @Test
  void changesAsPlannedHoweverARunEnds() {
    try (Lifecycle life = Lifecycle.of(RealFleet.of("3.3").member("m1").member("m2"))) {
      RealFleet fleet = life.fleet();
      life.prepared(HOST + "members: []\n");
      String both =
          HOST
              + """
          members:
          - {name: m1, connection: direct, kubeconfig: {file: m1.yaml}}
          - {name: m2, connection: direct, kubeconfig: {file: m2.yaml}}
          """;
      renew(fleet, YEAR);
      life.change(both).asPlanned();
      life.change(() -> renew(fleet, YEAR.minusDays(1)))
          .planning(
              planned ->
                  assertThat(planned)
                      .containsExactly(
                          "host Cluster spec.connection.kubeconfig",
                          "host Cluster spec.connection.kubeconfig"))
          .killedInTheMiddle(1);
      life.change(() -> renew(fleet, YEAR.minusDays(2))).withUnreachable("m2");
    }
  }

  private static void renew(RealFleet fleet, Duration valid) {
    for (String member : List.of("m1", "m2")) {
      fleet
          .muster()
          .write(member + ".yaml", kubeconfig(fleet, member, token(fleet, member), valid));
    }
  }

  /** What KubeSphere would find at the import is found before the first write. */
  @Test
  void refusesAKubeconfigThatWouldNotDo() throws IOException {
    try (RealFleet fleet =
        RealFleet.of("3.4").loadBalancer("10.9.8.7").member("idc-1").member("aks-1").start()) {
      declare(fleet, "");
      TestCluster member = fleet.cluster("aks-1");
      refused(
          fleet,
          kubeconfig(fleet, "idc-1", token(fleet, "idc-1"), YEAR),
          "the kubeconfig of aks-1 leads to another cluster");
      refused(
          fleet,
          kubeconfig(fleet, "aks-1", "no-token-of-anybody", Duration.ZERO),
          "is not accepted by");
      refused(
          fleet,
          kubeconfig(fleet, "aks-1", member.powerlessToken(), Duration.ZERO),
          "the kubeconfig of aks-1 has too few rights");
      URI nobody = URI.create("https://127.0.0.1:" + Program.freePort());
      String certificate = fleet.servers().certificate();
      refused(
          fleet,
          HostKubeconfig.text(nobody, Optional.of(certificate), member.auditedToken(), "", ""),
          "the member is not reached with the kubeconfig of aks-1, at " + nobody);
      String other = SelfSignedCertificate.create(Instant.now(), Instant.now().plus(YEAR)).pem();
      refused(
          fleet,
          HostKubeconfig.text(member.url(), Optional.of(other), member.auditedToken(), "", ""),
          "the kubeconfig of aks-1 does not trust what answers");
    }
  }

  /** A ServiceAccount's token has an end, and the runner's own access is told about as well. */
  @Test
  void tellsTokensThatRunOut() {
    try (RealFleet fleet =
        RealFleet.of("3.4").loadBalancer("10.9.8.7").member("idc-1").member("aks-1").start()) {
      String token = serviceAccountToken(fleet.cluster("aks-1"));
      String own = kubeconfig(fleet, "aks-1", token, Duration.ZERO);
      fleet.muster().write("aks-1.yaml", own);
      fleet.muster().write("own.yaml", own);
      String context = own.replaceAll("(?s).*current-context: *\"?([\\w-]+).*", "$1");
      declare(fleet, ", access: {kubeconfig: {file: own.yaml, context: " + context + "}}");
      assertThat(fleet.muster().call("apply", "--yes")).exitsWith(0);
      assertThat(fleet.muster().call("drift")).exitsWith(0);
      Muster.Result told = fleet.muster().call("drift", "--expiring", "2h");
      assertThat(told)
          .exitsWith(2)
          .says(
              "aks-1, muster's own access (token)",
              "aks-1, the kubeconfig that the host uses for it");
      assertThat(told.toString()).doesNotContain(token);
    }
  }

  private static String serviceAccountToken(TestCluster cluster) {
    cluster
        .api()
        .create(
            "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
            """
            {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding",
             "metadata": {"name": "for-the-host"},
             "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"},
             "subjects": [{"kind": "ServiceAccount", "name": "for-the-host", "namespace": "kube-system"}]}
            """)
        .ok();
    String accounts = "/api/v1/namespaces/kube-system/serviceaccounts";
    cluster
        .api()
        .create(
            accounts,
            "{\"apiVersion\": \"v1\", \"kind\": \"ServiceAccount\", \"metadata\": {\"name\": \"for-the-host\"}}")
        .ok();
    return cluster
        .api()
        .create(
            accounts + "/for-the-host/token",
            "{\"apiVersion\": \"authentication.k8s.io/v1\", \"kind\": \"TokenRequest\", \"spec\": {\"expirationSeconds\": 3600}}")
        .ok()
        .json()
        .at("/status/token")
        .asText();
  }

  private static void declare(RealFleet fleet, String more) {
    // The stand-ins of the host's programs run in this JVM, where 127.0.0.1 leads to the member.
    fleet.declare(
        "installer: 60s, agent: 60s, direct: 60s",
        """
        host: {sharesLoopback: true}
        members:
        - name: idc-1
        - {name: aks-1, connection: direct, kubeconfig: {file: aks-1.yaml}%s}
        """
            .formatted(more));
  }

  private static void refused(RealFleet fleet, String kubeconfig, String words) {
    fleet.muster().write("aks-1.yaml", kubeconfig);
    Requests before = fleet.requests();
    for (List<String> command : List.of(List.of("plan"), List.of("apply", "--yes"))) {
      assertThat(fleet.muster().call(command.toArray(String[]::new))).exitsWith(5).says(words);
    }
    assertThat(fleet.requests().after(before).writes()).as(words).isEmpty();
  }

  private static String token(RealFleet fleet, String cluster) {
    return fleet.cluster(cluster).token();
  }

  /** One with which a host can join the cluster, and a client certificate that is good so long. */
  static String kubeconfig(RealFleet fleet, String cluster, String token, Duration certificate) {
    Instant end = Instant.now().plus(certificate);
    boolean with = !certificate.isZero();
    SelfSignedCertificate client =
        SelfSignedCertificate.create(end.minus(Duration.ofDays(400)), end);
    return HostKubeconfig.text(
        fleet.cluster(cluster).url(),
        Optional.of(fleet.servers().certificate()),
        token,
        with ? client.pem() : "",
        with ? client.keyPem() : "");
  }
}
