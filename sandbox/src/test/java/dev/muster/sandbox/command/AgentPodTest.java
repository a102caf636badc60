package dev.muster.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The agent's image and its way to the host where there is no internet. */
@Execution(ExecutionMode.CONCURRENT)
class AgentPodTest {
  /** The example, and what its commands print. */
  @Test
  void doesWhatTheExampleShows() {
    try (Fleet fleet = Fleet.of(2, "3.3")) {
      fleet.topology(Transcript.topology("private-registry"));
      Transcript transcript = Transcript.of("private-registry");
      transcript.add("muster plan", fleet.muster("plan").exits(0));
      transcript.addEnd("muster apply --yes", fleet.apply().exits(0));
      transcript.add("muster plan", fleet.muster("plan").exits(0));
      transcript.isAsWritten();

      JsonNode one = fleet.deployment("m1", "cluster-agent").at("/spec/template/spec");
      JsonNode two = fleet.deployment("m2", "cluster-agent").at("/spec/template/spec");
      assertThat(one.at("/containers/0/image").asText())
          .isEqualTo("registry.example.com/kubesphere/tower:v0.2.1");
      assertThat(one.at("/imagePullSecrets/0/name").asText()).isEqualTo("registry");
      assertThat(one.at("/containers/0/env").isMissingNode()).isTrue();
      assertThat(two.at("/containers/0/env").toString())
          .isEqualTo(
              "[{\"name\":\"HTTP_PROXY\",\"value\":\"http://proxy.example.com:3128\"},"
                  + "{\"name\":\"NO_PROXY\",\"value\":\"10.0.0.0/8,localhost,127.0.0.1,.svc,"
                  + "kubernetes.default.svc\"}]");
    }
  }

  @Test
  void refusesAProxyThatTheAgentWouldIgnore() {
    try (Fleet fleet = Fleet.joined(1, "3.3")) {
      fleet.topology("", "- {name: m1, agentPod: {httpProxy: {http: 'http://p:3128'}}}");
      fleet
          .muster("plan")
          .exits(5)
          .says(
              "the agent of m1 cannot use an HTTP proxy: kubesphere/tower:v0.2.0 is older than"
                  + " Tower 0.2.1, which ignores it",
              "set agentPod.image to an image of Tower 0.2.1 or later");
      fleet.topology("", "- {name: m1, agentPod: {httpProxy: {http: 'http://u:pw@p:3128'}}}");
      fleet.muster("plan").exits(1).says("an address with a password");
    }
  }

  @Test
  void takesTheImageOfTheHostsRegistryAsItIs() {
    try (Fleet fleet = Fleet.of(1, "3.4")) {
      fleet.configure("host", "local_registry: registry.local:5000");
      fleet.apply().exits(0);

      assertThat(
              fleet
                  .deployment("m1", "cluster-agent")
                  .at("/spec/template/spec/containers/0/image")
                  .asText())
          .isEqualTo("registry.local:5000/kubesphere/tower:v0.2.1");
      fleet.muster("plan", "--detailed-exitcode").exits(0);
    }
  }
}
