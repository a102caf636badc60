package dev.muster.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.client.Json;
import dev.muster.sandbox.client.Kind;
import dev.muster.sandbox.controller.env.ClusterSetup;
import dev.muster.sandbox.controller.env.Role;
import dev.muster.sandbox.controller.install.Definitions;
import java.time.Duration;
import java.time.Instant;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** KubeSphere 4.1 as a topology sees it. */
@Timeout(120)
final class CoreTest {
  private static final String HOST = "sharesLoopback: true";

  @Test
  void doesWhatTheExampleSaysAndTouchesNoMember() {
    try (Fleet fleet = fleet(2, setup -> setup)) {
      fleet.topology(Transcript.topology("kubesphere-4").replace("kube/", ""));
      Transcript.of("kubesphere-4")
          .add("muster plan", fleet.muster("plan"))
          .addEnd("muster apply --yes", applied(fleet))
          .add("muster plan --detailed-exitcode", fleet.muster("plan", "--detailed-exitcode"))
          .isAsWritten();
      fleet.muster("drift").exits(0);
      fleet.muster("status").exits(0).says("v4.1.3");
      assertThat(fleet.deployment("m2", "ks-agent").at("/spec/replicas").asInt()).isEqualTo(2);
    }
  }

  /** Writes on members are the host's own. */
  private static Fleet.Result applied(Fleet fleet) {
    fleet.requests();
    Fleet.Result result = fleet.apply();
    assertThat(fleet.writes()).noneMatch(write -> write.startsWith("m"));
    return result;
  }

  @Test
  void refusesAgentsAsAGapAndWhatTheSystemCannotDo() {
    try (Fleet fleet = fleet(1, setup -> setup)) {
      fleet.topology(HOST, "- name: m1");
      fleet
          .muster("plan")
          .exits(5)
          .says("agents belong to the closed Tower extension. This is a gap of muster");
      fleet.topology(HOST + ", proxy: {address: 'http://203.0.113.1:8080'}", direct("m1"));
      fleet.muster("plan").exits(5).says("proxy is of no use on KubeSphere 4");
      fleet.topology(HOST + ", clusterName: center", direct("m1"));
      fleet.muster("plan").exits(5).says("the host is called host, the topology says center");
    }
    // One that another host has.
    try (Fleet fleet = fleet(1, CoreTest::joinedElsewhere)) {
      fleet.topology(HOST, direct("m1"));
      fleet
          .muster("plan")
          .exits(5)
          .says(
              "current cluster is managed by another host cluster 'elsewhere' (m1)",
              "there is no Cluster m1 on this one",
              "kubectl --context m1 annotate namespace kubesphere-system");
    }
    // One of 3.x under a host of 4.1, and the reverse.
    try (Fleet fleet = fleet(1, setup -> of(setup, "host") ? setup : like(setup, "3.4"))) {
      fleet.topology(HOST, direct("m1"));
      fleet.muster("plan").exits(5).says("member m1 has KubeSphere v3.4.1, and a host of 4.x");
    }
  }

  @Test
  void keepsValuesWithSecretsOutOfTheFileAndOfSight() {
    try (Fleet fleet = fleet(1, setup -> setup)) {
      String literal = direct("m1").replace("yaml}}", "yaml}, values: 'db: {password: hunter2}'}");
      fleet.topology(HOST, literal);
      Fleet.Result refused = fleet.muster("validate").exits(1);
      refused.says("the values of member m1 hold what seems to be a secret", "valuesFrom: {file");
      assertThat(refused.all()).doesNotContain("hunter2");

      String secret = "agent: {replicaCount: 2}\ndb: {password: CanaryInValues}\n";
      fleet.write("values.yaml", secret);
      fleet.topology(
          HOST, direct("m1").replace("yaml}}", "yaml}, valuesFrom: {file: values.yaml}}"));
      fleet.muster("plan").exits(0).says("+ spec.config: (sensitive)");
      fleet.apply().exits(0);
      assertThat(fleet.deployment("m1", "ks-agent").at("/spec/replicas").asInt()).isEqualTo(2);
      fleet.write("values.yaml", "# the same\n" + secret);
      fleet.muster("plan", "--detailed-exitcode").exits(0);
      fleet.topology(
          HOST,
          direct("m1")
              .replace("yaml}}", "yaml}, valuesFrom: {file: values.yaml}, values: 'a: 1'}"));
      fleet.muster("validate").exits(1).says("has both values and valuesFrom");
    }
  }

  @Test
  void takesAMemberOutAndLeavesItsCore() {
    try (Fleet fleet = fleet(1, setup -> setup)) {
      fleet.topology(HOST, direct("m1"));
      fleet.apply().exits(0);
      fleet.topology(HOST, "- {name: m1, state: absent, connection: direct}");
      fleet.requests();
      fleet.apply().exits(0);
      assertThat(fleet.writes()).noneMatch(write -> write.startsWith("m1 "));
      assertThat(fleet.deployment("m1", "ks-agent").at("/status/readyReplicas").asInt())
          .isEqualTo(1);
      ObjectNode namespace = fleet.kubectl("m1").get(Kind.NAMESPACE, null, Fleet.SYSTEM);
      assertThat(Json.text(namespace)).doesNotContain("host-cluster");
      fleet.muster("plan", "--detailed-exitcode").exits(0);
    }
  }

  @Test
  void takesOutAMemberThatIsLostAndOneThatIsOffLater() {
    try (Fleet fleet = fleet(2, setup -> setup)) {
      fleet.topology(HOST, direct("m1") + "\n" + direct("m2"));
      fleet.apply().exits(0);
      fleet.sandbox.server().cluster("m2").unavailable(true);
      fleet.topology(HOST, direct("m1") + "\n" + "- {name: m2, connection: direct, state: absent}");
      fleet.apply().exits(8).says("deferred");
      assertThat(fleet.kubectl("host").find(Definitions.CLUSTER, null, "m2")).isPresent();

      fleet.topology(
          HOST,
          direct("m1") + "\n" + "- {name: m2, connection: direct, state: absent, lost: true}");
      fleet.apply().exits(0);

      assertThat(fleet.kubectl("host").find(Definitions.CLUSTER, null, "m2")).isEmpty();
      fleet.muster("plan", "--detailed-exitcode").exits(0);
      assertThat(fleet.condition("m1", "Ready")).isEqualTo("True");
    }
  }

  @Test
  void renamesAMemberAndKeepsWhatOthersHavePutOnIt() {
    try (Fleet fleet = fleet(2, setup -> setup)) {
      fleet.topology(HOST, direct("m1") + "\n" + direct("m2"));
      fleet.apply().exits(0);
      fleet.edit(
          "host", Definitions.CLUSTER, "", "m2", "{metadata: {labels: {cost-centre: '4711'}}}");
      fleet.topology(
          HOST,
          direct("m1")
              + "\n- {name: east, renamedFrom: m2, connection: direct, kubeconfig: {file: m2.yaml},"
              + " access: {kubeconfig: {file: kubeconfig.yaml, context: m2}}}");
      fleet.muster("plan").exits(0).says("- delete Cluster/m2", "+ create Cluster/east");

      applied(fleet).exits(0);

      assertThat(fleet.condition("east", "Ready")).isEqualTo("True");
      assertThat(fleet.cluster("east").at("/metadata/labels/cost-centre").asText())
          .isEqualTo("4711");
      ObjectNode namespace = fleet.kubectl("m2").get(Kind.NAMESPACE, null, Fleet.SYSTEM);
      assertThat(
              namespace
                  .path("metadata")
                  .path("annotations")
                  .path("cluster.kubesphere.io/name")
                  .asText())
          .isEqualTo("east");
      fleet.muster("plan", "--detailed-exitcode").exits(0);
      fleet.muster("drift").exits(0);
    }
  }

  @Test
  void registersAMemberAnewThatWasSetUpAnewAndNeverAdoptsIt() {
    try (Fleet fleet = fleet(3, setup -> setup)) {
      fleet.topology(HOST, direct("m1") + "\n" + direct("m2"));
      fleet.apply().exits(0);
      String uid = fleet.cluster("m2").at("/metadata/uid").asText();
      fleet.sandbox.server().cluster("m2").unavailable(true);
      fleet.topology(HOST, direct("m1") + "\n" + anew("refuse"));
      fleet.muster("plan").exits(5).says("another cluster than the one that is joined");
      fleet.topology(HOST, direct("m1") + "\n" + anew("adopt"));
      fleet
          .muster("plan")
          .exits(5)
          .says("installs its core once for a registration", "`reinstalled: replace`");
      fleet.topology(HOST, direct("m1") + "\n" + anew("replace"));

      applied(fleet).exits(0);

      assertThat(fleet.cluster("m2").at("/metadata/uid").asText()).isNotEqualTo(uid);
      assertThat(fleet.condition("m2", "Ready")).isEqualTo("True");
      assertThat(fleet.deployment("m3", "ks-agent").at("/status/readyReplicas").asInt())
          .isEqualTo(1);
      fleet.muster("plan", "--detailed-exitcode").exits(0);
      fleet.muster("drift").exits(0);
    }
  }

  private static String anew(String reinstalled) {
    return "- {name: m2, reinstalled: "
        + reinstalled
        + ", connection: direct, kubeconfig: {file: m3.yaml},"
        + " access: {kubeconfig: {file: kubeconfig.yaml, context: m3}}}";
  }

  @Test
  void refusesToTakeTheRoleFromTheHost() {
    try (Fleet fleet = fleet(1, setup -> setup)) {
      fleet.topology(HOST, direct("m1"));
      fleet.apply().exits(0);
      fleet.topology(HOST + ", state: absent", "- {name: m1, state: absent, connection: direct}");
      fleet.requests();
      fleet.muster("plan").exits(5).says("knows no cluster that is neither host nor member");
      fleet.apply().exits(5);
      assertThat(fleet.writes()).isEmpty();
    }
  }

  @Test
  void examinesWhatThereIsOnKubeSphere4AndNamesTheFix() {
    try (Fleet fleet = fleet(1, setup -> setup)) {
      fleet.topology(HOST, direct("m1"));
      fleet.apply().exits(0);
      Fleet.Result healthy = fleet.muster("doctor").exits(0);
      healthy.says(
          "KubeSphere 4 is installed here as a host",
          "the host has installed its core and has it ready",
          "the kubeconfig that the host uses has not run out",
          "the kubeconfig in the topology leads to it");
      assertThat(healthy.all())
          .doesNotContain("jwtSecret", "tower", "Tower", "agent", "federat", "the role is");

      fleet.edit("m1", Kind.DEPLOYMENT, Fleet.SYSTEM, "ks-agent", "{spec: {replicas: 0}}");
      fleet.edit("host", Definitions.CLUSTER, "", "m1", SYNC);
      Fleet.until("the host sees it", () -> fleet.condition("m1", "Ready").equals("False"));
      assertThat(fleet.muster("doctor").says("muster why m1").code()).isNotZero();
      fleet.muster("why", "m1").says("the host says of the member: no endpoints available");
    }
  }

  private static final String SYNC =
      "{metadata: {annotations: {kubesphere.io/syncAt: '2026-11-25T12:00:00Z'}}}";

  private static boolean of(ClusterSetup setup, String name) {
    return setup.name().equals(name);
  }

  private static ClusterSetup joinedElsewhere(ClusterSetup setup) {
    return of(setup, "host") ? setup : setup.withRole(Role.MEMBER);
  }

  private static ClusterSetup like(ClusterSetup setup, String version) {
    return ClusterSetup.of(setup.endpoint(), version);
  }

  private static Fleet fleet(int members, UnaryOperator<ClusterSetup> each) {
    Fleet fleet = Fleet.with(Fleet.settings(members, "4.1").withEach(each));
    for (int i = 1; i <= members; i++) {
      Instant end = Instant.now().plus(Duration.ofDays(300));
      fleet.write("m" + i + ".yaml", fleet.sandbox.kubeconfigForHost("m" + i, end));
    }
    Fleet.until(
        "the host runs",
        () -> fleet.deployment("host", "ks-apiserver").at("/status/availableReplicas").asInt() > 0);
    return fleet;
  }

  private static String direct(String member) {
    return "- {name: %1$s, connection: direct, kubeconfig: {file: %1$s.yaml}}".formatted(member);
  }
}
