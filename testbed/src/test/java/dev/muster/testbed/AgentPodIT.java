package dev.muster.testbed;

import static dev.muster.testbed.RealFleet.AGENT;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The agents' image, pull secrets and proxy variables, on members that are joined. */
@Timeout(300)
final class AgentPodIT {
  private static final String CONTAINER = "spec.template.spec.containers[name=agent]";

  @Test
  void imageAndProxyOfTheAgents() {
    try (Lifecycle life = Lifecycle.of(RealFleet.of("3.3").member("m1").member("m2"))) {
      life.prepared(topology("", ""));

      life.change(topology("agentPod: {image: 'r.example/tower:v0.2.1', pullSecrets: [r]}", ""))
          .planning(
              planned ->
                  assertThat(planned)
                      .containsExactly(
                          "m1 Deployment " + CONTAINER + ".image",
                          "m1 Deployment spec.template.spec.imagePullSecrets",
                          "m2 Deployment " + CONTAINER + ".image",
                          "m2 Deployment spec.template.spec.imagePullSecrets"))
          .asPlanned();
      life.change(topology("agentPod: {image: 'r.example/tower:v0.2.2', pullSecrets: [r]}", ""))
          .killedInTheMiddle(4);
      life.change(
              topology(
                  "agentPod: {image: 'r.example/tower:v0.2.2', pullSecrets: [r],"
                      + " httpProxy: {http: 'http://proxy.example:3128'}}",
                  ", agentPod: {image: 'other.example/tower:v0.2.2'}"))
          .withUnreachable("m2");

      String pod = "/spec/template/spec/";
      assertThat(life.fleet().object("m2", AGENT).at(pod + "containers/0/image").asText())
          .isEqualTo("other.example/tower:v0.2.2");
      for (String member : new String[] {"m1", "m2"}) {
        assertThat(life.fleet().object(member, AGENT).at(pod + "containers/0/env/0").toString())
            .isEqualTo("{\"name\":\"HTTP_PROXY\",\"value\":\"http://proxy.example:3128\"}");
        assertThat(life.fleet().object(member, AGENT).at(pod + "imagePullSecrets/0/name").asText())
            .isEqualTo("r");
      }
    }
  }

  private static String topology(String host, String second) {
    return """
        host:
          proxy: {address: "http://203.0.113.1:8080"}
          %s
        members:
        - {name: m1}
        - {name: m2%s}
        """
        .formatted(host, second);
  }
}
