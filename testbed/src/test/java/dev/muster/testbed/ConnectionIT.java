package dev.muster.testbed;

import static dev.muster.testbed.RealFleet.AGENT;
import static dev.muster.testbed.RealFleet.HOST;
import static dev.muster.testbed.RealFleet.registrationPath;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Members that change between Tower's agent and a direct connection, there and back. */
@Timeout(400)
final class ConnectionIT {
  private static final List<String> MEMBERS = List.of("m1", "m2");

  @ParameterizedTest
  @ValueSource(strings = {"3.3", "3.4"})
  void wayOfConnection(String version) {
    RealFleet.Builder builder =
        RealFleet.of(version).loadBalancer("203.0.113.9").member("m1").member("m2");
    try (Lifecycle life = Lifecycle.of(builder)) {
      life.prepared(proxy());
      String labels = "{\"metadata\": {\"labels\": {\"cost-centre\": \"4711\"}}}";
      for (String member : MEMBERS) {
        life.fleet().edit(HOST, registrationPath(member), labels);
        String kubeconfig = life.fleet().kubeconfigForHost(member);
        life.fleet().muster().write("kubeconfig-" + member + ".yaml", kubeconfig);
      }

      life.change(direct())
          .planning(
              planned ->
                  assertThat(planned)
                      .containsExactly(
                          "host -Cluster/m1",
                          "host -Cluster/m2",
                          "m1 -Deployment/cluster-agent",
                          "m2 -Deployment/cluster-agent",
                          "host +Cluster/m1",
                          "host +Cluster/m2"))
          .asPlanned();
      assertConnected(life.fleet(), "direct");
      life.change(proxy())
          .planning(
              planned ->
                  assertThat(planned)
                      .containsExactly(
                          "host -Cluster/m1",
                          "host -Cluster/m2",
                          "host +Cluster/m1",
                          "host +Cluster/m2",
                          "m1 +Deployment/cluster-agent",
                          "m2 +Deployment/cluster-agent"))
          .asPlanned();
      assertConnected(life.fleet(), "proxy");

      life.change(direct()).killedInTheMiddle(1);
      assertConnected(life.fleet(), "direct");
      life.change(proxy()).killedInTheMiddle(4);
      assertConnected(life.fleet(), "proxy");

      life.change(direct()).withUnreachable("m2");
      assertConnected(life.fleet(), "direct");
      life.change(proxy()).withUnreachable("m2");
      assertConnected(life.fleet(), "proxy");
    }
  }

  private static String proxy() {
    return "host: {sharesLoopback: true}\nmembers: [{name: m1}, {name: m2}]\n";
  }

  private static String direct() {
    return """
        host: {sharesLoopback: true}
        members:
        - {name: m1, connection: direct, kubeconfig: {file: kubeconfig-m1.yaml}}
        - {name: m2, connection: direct, kubeconfig: {file: kubeconfig-m2.yaml}}
        """;
  }

  private static void assertConnected(RealFleet fleet, String type) {
    for (String member : MEMBERS) {
      JsonNode registration = fleet.registration(member);
      assertThat(registration.at("/spec/connection/type").asText()).isEqualTo(type);
      assertThat(registration.at("/metadata/labels/cost-centre").asText()).isEqualTo("4711");
      assertThat(fleet.object(member, AGENT).isMissingNode())
          .as("no agent on " + member)
          .isEqualTo(type.equals("direct"));
    }
  }
}
