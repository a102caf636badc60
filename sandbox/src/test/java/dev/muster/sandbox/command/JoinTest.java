package dev.muster.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A host and two members of each generation, from installed clusters to a joined fleet. */
@Execution(ExecutionMode.CONCURRENT)
class JoinTest {
  private static final Set<String> RESTARTED_BY_HAND = Set.of("3.0", "3.1", "3.2");

  @ParameterizedTest
  @ValueSource(strings = {"3.0", "3.1", "3.2", "3.3", "3.4"})
  void joinsHostAndMembersOfEachGeneration(String version) {
    try (Fleet fleet = Fleet.of(2, version)) {
      assertThat(fields(fleet.muster("plan", "-o", "json").exits(0).json()))
          .containsExactly(
              "host-role ClusterConfiguration spec.multicluster.clusterRole \"none\" -> \"host\"",
              "member-role[m1] ClusterConfiguration spec.authentication.jwtSecret secret",
              "member-role[m1] ClusterConfiguration spec.multicluster.clusterRole \"none\" -> \"member\"",
              "member-role[m2] ClusterConfiguration spec.authentication.jwtSecret secret",
              "member-role[m2] ClusterConfiguration spec.multicluster.clusterRole \"none\" -> \"member\"",
              "register[m1] Cluster new",
              "register[m2] Cluster new",
              "agent[m1] Deployment new",
              "agent[m2] Deployment new");
      fleet.muster("plan", "--detailed-exitcode").exits(2);

      fleet.apply().exits(0);

      fleet.muster("plan", "--detailed-exitcode").exits(0);
      fleet.muster("drift").exits(0);
      fleet.muster("doctor").exits(0);
      isJoined(fleet, version, "http://" + Fleet.ADDRESS + ":8080");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.0", "3.1", "3.2", "3.3", "3.4"})
  void joinsAMemberWithSignInOptionsOfItsOwnAndLetsItGo(String version) {
    try (Fleet fleet = Fleet.of(1, version)) {
      fleet.configure("m1", "{authentication: {oauthOptions: {loginTimeout: 5m}}}");
      JsonNode own = fleet.configuration("m1").at("/spec/authentication/oauthOptions");

      fleet.apply().exits(0);

      fleet.muster("plan", "--detailed-exitcode").exits(0);
      assertThat(fleet.condition("m1", "Ready")).isEqualTo("True");
      fleet.topology("", "- {name: m1, state: absent}");
      fleet.apply().exits(0);
      assertThat(fleet.configuration("m1").at("/spec/authentication/oauthOptions")).isEqualTo(own);
      fleet.muster("plan", "--detailed-exitcode").exits(0);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.0", "3.1", "3.2", "3.3", "3.4"})
  void givesTowerAnAddressWhereNoLoadBalancerDoes(String version) {
    try (Fleet fleet = Fleet.with(Fleet.settings(2, version).withLoadBalancer(Fleet.PENDING))) {
      String address = Sandbox.EXPLICIT_ADDRESS;
      List<String> host =
          fields(fleet.muster("plan", "-o", "json").exits(0).json()).stream()
              .filter(field -> field.startsWith("host-role"))
              .map(field -> field.substring("host-role ".length()))
              .toList();
      List<String> expected =
          new ArrayList<>(
              List.of(
                  "ClusterConfiguration spec.multicluster.clusterRole \"none\" -> \"host\"",
                  "ClusterConfiguration spec.multicluster.proxyPublishAddress -> \""
                      + address
                      + "\"",
                  "ConfigMap settings.multicluster.proxyPublishAddress -> \"" + address + "\""));
      if (RESTARTED_BY_HAND.contains(version)) {
        expected.add("Deployment spec.template.metadata.annotations['muster.dev/restarted-for']");
      }
      assertThat(host).hasSize(expected.size());
      for (int i = 0; i < expected.size(); i++) {
        assertThat(host.get(i)).startsWith(expected.get(i));
      }

      fleet.apply().exits(0);

      fleet.muster("plan", "--detailed-exitcode").exits(0);
      fleet.muster("drift").exits(0);
      assertThat(fleet.configuration("host").at("/spec/multicluster/proxyPublishAddress").asText())
          .isEqualTo(address);
      assertThat(fleet.settings("host").at("/multicluster/proxyPublishAddress").asText())
          .isEqualTo(address);
      assertThat(
              fleet
                  .deployment("host", "ks-apiserver")
                  .at("/spec/template/metadata/annotations")
                  .has("muster.dev/restarted-for"))
          .isEqualTo(RESTARTED_BY_HAND.contains(version));
      isJoined(fleet, version, address);
    }
  }

  @Test
  void movesTheAgentsWhenTheAddressChanges() {
    try (Fleet fleet = Fleet.joined(2, "3.3")) {
      String token = fleet.cluster("m1").at("/spec/connection/token").asText();
      fleet.topology("proxy: {address: \"http://198.51.100.7:8080\"}", "- name: m1\n- name: m2");
      assertThat(fields(fleet.muster("plan", "-o", "json").exits(0).json()))
          .filteredOn(field -> field.startsWith("agent"))
          .containsExactly(
              "agent[m1] Deployment spec.template.spec.containers[name=agent].command[3]"
                  + " \"--proxy-server=http://203.0.113.9:8080\""
                  + " -> \"--proxy-server=http://198.51.100.7:8080\"",
              "agent[m2] Deployment spec.template.spec.containers[name=agent].command[3]"
                  + " \"--proxy-server=http://203.0.113.9:8080\""
                  + " -> \"--proxy-server=http://198.51.100.7:8080\"");

      fleet.apply().exits(0);

      isJoined(fleet, "3.3", "http://198.51.100.7:8080");
      assertThat(fleet.cluster("m1").at("/spec/connection/token").asText()).isEqualTo(token);
      fleet.muster("plan", "--detailed-exitcode").exits(0);
    }
  }

  private static void isJoined(Fleet fleet, String version, String address) {
    String secret = fleet.jwtSecret("host");
    assertThat(secret).matches("[A-Za-z0-9]{32}");
    JsonNode host = fleet.configuration("host");
    assertThat(host.at("/spec/multicluster/clusterRole").asText()).isEqualTo("host");
    assertThat(host.at("/spec/authentication/jwtSecret").asText()).isEmpty();
    assertThat(fleet.settings("host").at("/multicluster/enable").asBoolean()).isTrue();
    for (String member : List.of("m1", "m2")) {
      JsonNode configuration = fleet.configuration(member);
      assertThat(configuration.at("/spec/multicluster/clusterRole").asText()).isEqualTo("member");
      assertThat(configuration.at("/spec/authentication/jwtSecret").asText()).isEqualTo(secret);
      assertThat(fleet.jwtSecret(member)).isEqualTo(secret);
      JsonNode cluster = fleet.cluster(member);
      assertThat(cluster.at("/spec/joinFederation").asBoolean()).isTrue();
      assertThat(cluster.at("/spec/enable").asBoolean()).isTrue();
      assertThat(cluster.at("/spec/connection/type").asText()).isEqualTo("proxy");
      for (String condition : List.of("Initialized", "AgentAvailable", "Federated", "Ready")) {
        assertThat(fleet.condition(member, condition)).as(condition).isEqualTo("True");
      }
      assertThat(cluster.at("/metadata/finalizers/0").asText())
          .isEqualTo("finalizer.cluster.kubesphere.io");
      JsonNode agent = fleet.deployment(member, "cluster-agent");
      JsonNode container = agent.at("/spec/template/spec/containers/0");
      List<String> command = new ArrayList<>();
      container.path("command").forEach(word -> command.add(word.asText()));
      assertThat(command)
          .containsExactly(
              "/agent",
              "--name=" + member,
              "--token=" + cluster.at("/spec/connection/token").asText(),
              "--proxy-server=" + address,
              "--keepalive=10s",
              "--kubesphere-service=ks-apiserver.kubesphere-system.svc:80",
              "--kubernetes-service=kubernetes.default.svc:443",
              "--v=0");
      assertThat(container.path("image").asText())
          .isEqualTo(
              "kubesphere/tower:"
                  + (version.equals("3.0")
                      ? "v0.1.0"
                      : version.equals("3.4") ? "v0.2.1" : "v0.2.0"));
      assertThat(agent.at("/spec/template/spec/serviceAccountName").asText())
          .isEqualTo("kubesphere");
    }
    assertThat(fleet.cluster("m1").at("/spec/connection/token").asText())
        .hasSize(64)
        .isNotEqualTo(fleet.cluster("m2").at("/spec/connection/token").asText());
  }

  /** What a change set in JSON does, a field a line; a new object is one line. */
  static List<String> fields(JsonNode changeSet) {
    List<String> fields = new ArrayList<>();
    for (JsonNode step : changeSet.path("steps")) {
      for (JsonNode change : step.path("changes")) {
        String of = step.path("id").asText() + " " + change.at("/ref/kind").asText() + " ";
        boolean created =
            !change.path("fields").isEmpty()
                && change.at("/fields/0/path").asText().startsWith("spec")
                && change.at("/fields/0/action").asText().equals("add")
                && Set.of("create", "pending").contains(change.path("action").asText());
        if (created) {
          fields.add(of + "new");
          continue;
        }
        for (JsonNode field : change.path("fields")) {
          fields.add(of + field(field));
        }
      }
    }
    return fields;
  }

  private static String field(JsonNode field) {
    String path = field.path("path").asText();
    if (field.path("sensitive").asBoolean()) {
      return path + " secret";
    }
    return path
        + (field.has("before") ? " " + field.path("before") : "")
        + " -> "
        + (field.has("after") ? field.path("after") : "later");
  }
}
