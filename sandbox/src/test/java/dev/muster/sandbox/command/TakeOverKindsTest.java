package dev.muster.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.client.Kind;
import dev.muster.sandbox.controller.env.LoadBalancer;
import dev.muster.sandbox.controller.env.Manifest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code import} of fleets that are not like the simplest one: nothing of them changes either. */
@Execution(ExecutionMode.CONCURRENT)
class TakeOverKindsTest {
  @Test
  void readsHowAgentsAreRunWhereItIsNotAsTheHostSays() {
    try (Fleet fleet = TakeOverTest.byHand("3.4", LoadBalancer.ip(Fleet.ADDRESS))) {
      fleet.simulated().byHand().join("m1");
      fleet.simulated().byHand().join("m2");
      run(
          fleet,
          "m1",
          "{image: registry.example.com/tower:v0.2.1, env: ["
              + "{name: HTTP_PROXY, value: 'http://proxy.example.com:3128'}, {name: OTHER, value: x},"
              + " {name: NO_PROXY, value: 'localhost,10.0.0.0/8,127.0.0.1,.svc,kubernetes.default.svc'}]}");
      run(fleet, "m2", "{env: [{name: HTTP_PROXY, value: 'http://u:canary-pw@proxy:3128'}]}");
      fleet.requests();

      Fleet.Result result = TakeOverTest.imported(fleet).exits(0).says("no changes");

      assertThat(TakeOverTest.file(fleet))
          .contains(
              """
                  agentPod:
                    image: registry.example.com/tower:v0.2.1
                    pullSecrets:
                    - registry
                    httpProxy:
                      http: http://proxy.example.com:3128
                      "no":
                      - localhost
                      - 10.0.0.0/8
                      - 127.0.0.1
                      - .svc
                      - kubernetes.default.svc
              """
                  .indent(0))
          .containsOnlyOnce("agentPod:")
          .contains("# m1: its agent runs another image than the host names")
          .contains("# m2: its agent has proxy variables that agentPod.httpProxy cannot say")
          .doesNotContain("canary-pw");
      assertThat(result.all()).doesNotContain("canary-pw");
      assertThat(fleet.writes()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.3", "3.4", "4.1"})
  void takesOverDirectMembersAndTheirKubeconfigsForThoseWhoAsk(String version) throws IOException {
    try (Fleet fleet = TakeOverTest.byHand(version, LoadBalancer.ip(Fleet.ADDRESS))) {
      boolean core = version.equals("4.1");
      if (core) {
        direct(fleet, "m1", "", "config: " + base64("agent: {replicaCount: 2}"));
      } else {
        fleet.simulated().byHand().join("m1");
      }
      direct(fleet, "second", "m2", "config: " + (core ? base64("password: canary") : "''"));
      fleet.requests();

      TakeOverTest.imported(fleet).exits(0).says("no changes", "unmanaged: ");
      assertThat(TakeOverTest.file(fleet))
          .contains("# second is left out: the topology has to say where its kubeconfig is");

      Path folder = fleet.folder.resolve("kube");
      Fleet.Result result =
          TakeOverTest.imported(fleet, "--force", "--kubeconfig-dir", folder.toString())
              .exits(0)
              .says("no changes", "as good as a password");

      assertThat(result.all()).doesNotContain("unmanaged");
      Path file = folder.resolve("second.kubeconfig.yaml");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
      assertThat(TakeOverTest.file(fleet))
          .contains("sharesLoopback: true", "connection: direct", "kube/second.kubeconfig.yaml")
          .doesNotContain("canary", "apply would enable it", "cannot be given an address");
      if (core) {
        assertThat(TakeOverTest.file(fleet))
            .contains("file: kube/m1.valuesFrom.yaml", "file: kube/second.valuesFrom.yaml");
        assertThat(folder.resolve("second.valuesFrom.yaml")).hasContent("password: canary");
      }
      assertThat(fleet.writes()).isEmpty();
      fleet.write("topology.yaml", TakeOverTest.file(fleet));
      fleet.muster("drift").exits(0);
      fleet.apply().exits(0).says("adopted:");
      assertThat(fleet.plannedWrites()).isEmpty();
    }
  }

  @Test
  void readsTheNameThatTheHostWasGiven() {
    try (Fleet fleet = Fleet.of(1, "3.3")) {
      fleet.topology("clusterName: centre", "- name: m1");
      fleet.apply().exits(0);
      fleet.requests();

      TakeOverTest.imported(fleet).exits(0).says("no changes");

      assertThat(TakeOverTest.file(fleet)).contains("name: centre\n", "clusterName: centre\n");
      assertThat(fleet.writes()).isEmpty();
    }
  }

  @Test
  void saysWhatItCouldNotFindOutOfAMemberThatIsOffAndFindsItLater() {
    try (Fleet fleet = TakeOverTest.byHand("3.3", LoadBalancer.ip(Fleet.ADDRESS))) {
      fleet.simulated().byHand().join("m1");
      fleet.simulated().byHand().join("m2");
      run(fleet, "m2", "{image: registry.example.com/tower:v0.2.0}");
      fleet.sandbox.server().cluster("m2").unavailable(true);
      fleet.requests();

      TakeOverTest.imported(fleet)
          .exits(8)
          .says("member m2: context m2", "could not be reached", "cluster m2: deferred");
      assertThat(TakeOverTest.file(fleet))
          .contains("# m2: agentPod.image, agentPod.pullSecrets, agentPod.httpProxy could not be")
          .contains("- name: m2")
          .doesNotContain("agentPod:");

      fleet.sandbox.server().cluster("m2").unavailable(false);
      TakeOverTest.imported(fleet).exits(1).says("found.yaml exists", "--force");
      Fleet.until(
          "the host has found m2 again", () -> TakeOverTest.imported(fleet, "--force").code() == 0);
      TakeOverTest.imported(fleet, "--force").exits(0).says("no changes", "UID verified");
      assertThat(TakeOverTest.file(fleet))
          .contains("image: registry.example.com/tower:v0.2.0")
          .doesNotContain("could not be");
      assertThat(fleet.writes()).isEmpty();
    }
  }

  /** Somebody has edited the agent's Deployment, and it is connected again. */
  private static void run(Fleet fleet, String member, String container) {
    ObjectNode agent = fleet.deployment(member, "cluster-agent");
    ObjectNode pod = (ObjectNode) agent.at("/spec/template/spec");
    ((ObjectNode) pod.at("/containers/0")).setAll(Manifest.yaml(container));
    if (container.contains("registry")) {
      pod.putArray("imagePullSecrets").addObject().put("name", "registry");
    }
    ObjectNode patch = Manifest.yaml("{spec: {template: {}}}");
    ((ObjectNode) patch.at("/spec/template")).set("spec", pod);
    fleet.kubectl(member).mergePatch(Kind.DEPLOYMENT, Fleet.SYSTEM, "cluster-agent", patch);
    Fleet.until(
        member + " is connected again",
        () ->
            fleet.deployment(member, "cluster-agent").at("/status/observedGeneration").asInt()
                    == fleet.deployment(member, "cluster-agent").at("/metadata/generation").asInt()
                && fleet.deployment(member, "cluster-agent").at("/status/availableReplicas").asInt()
                    > 0
                && fleet.condition(member, "AgentAvailable").equals("True")
                && fleet.condition(member, "Ready").equals("True"));
  }

  private static void direct(Fleet fleet, String name, String cluster, String more) {
    String kubeconfig =
        fleet.sandbox.kubeconfigForHost(
            cluster.isEmpty() ? name : cluster, Instant.now().plus(Duration.ofDays(300)));
    String config = more.equals("config: ''") ? "" : ", " + more;
    fleet
        .simulated()
        .byHand()
        .register(
            name,
            "{}",
            "{connection: {type: direct, kubeconfig: " + base64(kubeconfig) + "}" + config + "}");
    Fleet.until(name + " is ready", () -> fleet.condition(name, "Ready").equals("True"));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
