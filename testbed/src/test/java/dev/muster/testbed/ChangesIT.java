package dev.muster.testbed;

import static dev.muster.testbed.RealFleet.AGENT;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Changes of what was set once, on members that are joined. */
@Timeout(300)
final class ChangesIT {
  @Test
  void addressOfTheProxyAndLabels() {
    try (Lifecycle life = Lifecycle.of(RealFleet.of("3.3").member("m1").member("m2"))) {
      life.prepared(address("http://203.0.113.1:8080"));

      life.change(address("http://203.0.113.2:8080"))
          .planning(
              planned ->
                  assertThat(planned)
                      .containsExactly(
                          "host ClusterConfiguration spec.multicluster.proxyPublishAddress",
                          "host ConfigMap settings.multicluster.proxyPublishAddress",
                          "m1 Deployment spec.template.spec.containers[name=agent].command[3]",
                          "m2 Deployment spec.template.spec.containers[name=agent].command[3]"))
          .asPlanned();
      life.change(address("http://203.0.113.3:8080")).killedInTheMiddle(1);
      life.change(address("http://203.0.113.4:8080")).withUnreachable("m2");
      for (String member : new String[] {"m1", "m2"}) {
        JsonNode command =
            life.fleet().object(member, AGENT).at("/spec/template/spec/containers/0/command");
        assertThat(command)
            .map(JsonNode::asText)
            .contains("--proxy-server=http://203.0.113.4:8080");
      }

      life.change(labels("gold", "public")).asPlanned();
      life.change(labels("silver", "private")).killedInTheMiddle(2);
      life.change(labels("bronze", "public")).withUnreachable("m2");
      assertThat(life.fleet().registration("m2").at("/metadata/labels/tier").asText())
          .isEqualTo("bronze");
    }
  }

  private static String address(String address) {
    return """
        host: {proxy: {address: "%s"}}
        members: [{name: m1}, {name: m2}]
        """
        .formatted(address);
  }

  private static String labels(String tier, String visibility) {
    return """
        host: {proxy: {address: "http://203.0.113.4:8080"}}
        members:
        - {name: m1, labels: {tier: %1$s}, visibility: %2$s}
        - {name: m2, labels: {tier: %1$s}, visibility: %2$s}
        """
        .formatted(tier, visibility);
  }
}
