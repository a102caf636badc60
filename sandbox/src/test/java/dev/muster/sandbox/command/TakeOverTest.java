package dev.muster.sandbox.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.sandbox.client.Kind;
import dev.muster.sandbox.controller.ByHand;
import dev.muster.sandbox.controller.env.ClusterSetup;
import dev.muster.sandbox.controller.env.LoadBalancer;
import dev.muster.sandbox.controller.env.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code import} of fleets that people have joined by hand. */
@Execution(ExecutionMode.CONCURRENT)
class TakeOverTest {
  private static final String SECRET = "SharedByHand0123456789abcdefghij";
  private static final String METADATA =
      "{labels: {cluster.kubesphere.io/group: production, cluster.kubesphere.io/region: cn-east,"
          + " cluster.kubesphere.io/visibility: public, team: 'blue', kubesphere.io/x: y},"
          + " annotations: {kubesphere.io/description: 'the first: of all', kubesphere.io/creator: admin}}";

  @ParameterizedTest
  @ValueSource(strings = {"3.0", "3.1", "3.2", "3.3", "3.4"})
  void takesOverAFleetOfEachGenerationWithoutAChange(String version) {
    try (Fleet fleet = byHand(version, LoadBalancer.ip(Fleet.ADDRESS))) {
      fleet.simulated().byHand().join("m1", "m1", METADATA, "{provider: aliyun}");
      fleet.simulated().byHand().join("second", "m2", "{}", "{}");
      fleet.write("kubeconfig.yaml", renamed(fleet));
      fleet.requests();

      Fleet.Result result = imported(fleet);

      result.exits(0).says("no changes", "member m1: context m1, the context has its name");
      result.says("member second: context elsewhere, found by its UID, UID verified");
      assertThat(fleet.writes()).isEmpty();
      assertThat(topology(fleet))
          .isEqualTo(
              """
              apiVersion: muster.dev/v1alpha1
              kind: Topology
              metadata:
                name: acme
              spec:
                defaults:
                  access:
                    kubeconfig:
                      file: kubeconfig.yaml
                host:
                  uid: UID-OF-host
                  access:
                    kubeconfig:
                      context: hub
                members:
                - name: m1
                  uid: UID-OF-m1
                  labels:
                    team: blue
                  provider: aliyun
                  description: "the first: of all"
                  region: cn-east
                  group: production
                  visibility: public
                - name: second
                  uid: UID-OF-m2
                  access:
                    kubeconfig:
                      context: elsewhere
              """);
      fleet.write("topology.yaml", file(fleet));
      fleet.muster("plan", "--detailed-exitcode").exits(0);
      fleet.muster("drift").exits(0);
      assertThat(fleet.writes()).isEmpty();
    }
  }

  @Test
  void takesOverAnAddressThatStandsInTheSettingsAlone() {
    try (Fleet fleet = byHand("3.1", Fleet.PENDING)) {
      fleet
          .simulated()
          .byHand()
          .settings(
              "host",
              text ->
                  text.replace(
                      "multicluster:\n",
                      "multicluster:\n  proxyPublishAddress: http://203.0.113.77:8080\n"));
      restartApiserver(fleet);
      fleet.simulated().byHand().join("m1");

      imported(fleet).exits(0).says("no changes");

      assertThat(topology(fleet))
          .contains("    proxy:\n      address: http://203.0.113.77:8080\n      place: settings\n");
      assertThat(file(fleet)).contains("# The proxy address stands in kubesphere-config alone");
      assertThat(fleet.writes()).isEmpty();
      fleet.write("topology.yaml", file(fleet).replace("      place: settings\n", ""));
      fleet
          .muster("plan")
          .exits(0)
          .says("+ spec.multicluster.proxyPublishAddress: \"http://203.0.113.77:8080\"");
    }
  }

  @Test
  void writesMembersWithoutAContextAsCommentsAndThePlanTellsThem() {
    try (Fleet fleet = byHand("3.3", LoadBalancer.ip(Fleet.ADDRESS))) {
      fleet.simulated().byHand().join("m1");
      fleet.simulated().byHand().join("lost", "m2", "{labels: {team: red}}", "{}");
      fleet.write("kubeconfig.yaml", without(fleet, "m2"));

      Fleet.Result result = imported(fleet, "--no-pins");

      result.exits(0).says("member lost: no context: none of the 2 contexts leads to it");
      result.says("unmanaged: lost", "no changes");
      assertThat(file(fleet))
          .contains(
              "  # - name: lost\n  #   access:\n  #     kubeconfig:\n  #       context: FILL-IN\n"
                  + "  #   labels:\n  #     team: red\n")
          .doesNotContain("uid:");
      assertThat(fleet.writes()).isEmpty();
    }
  }

  @Test
  void saysWhatWouldChangeWhereTheFleetIsNotAsMusterDeclaresIt() {
    try (Fleet fleet = byHand("3.3", LoadBalancer.ip(Fleet.ADDRESS))) {
      fleet.simulated().byHand().join("m1");
      fleet.edit(
          "m1",
          Kind.DEPLOYMENT,
          Fleet.SYSTEM,
          "cluster-agent",
          "{spec: {template: {spec: {containers: [{name: agent, image: old/tower:v1, command:"
              + " [/agent, --name=m1]}]}}}}");

      imported(fleet)
          .exits(2)
          .says("~ patch Deployment/kubesphere-system/cluster-agent", "nothing was changed");

      assertThat(fleet.writes()).isEmpty();
    }
  }

  /** {@code -Dgolden.update=true} writes the example and what import says of it anew. */
  @Test
  void writesTheExampleAsItStands() throws IOException {
    try (Fleet fleet =
        Fleet.with(
            Fleet.settings(3, "3.3")
                .withLoadBalancer(Fleet.PENDING)
                .withEach(TakeOverTest::prepared))) {
      ByHand console = fleet.simulated().byHand();
      console.settings(
          "host",
          text ->
              text.replace(
                  "multicluster:\n",
                  "multicluster:\n  proxyPublishAddress: http://139.198.120.120:8080\n"));
      console.join("idc-1", "m1", METADATA, "{provider: aliyun}");
      console.join("idc-2", "m2", "{}", "{}");
      console.join("old-dc", "m3", "{}", "{}");
      Fleet.until("the host shows the UID", () -> !uid(fleet, "old-dc").isEmpty());
      fleet.write(
          "kubeconfig.yaml", renamed(fleet).replaceAll("- name: \"m3\"\n  context:\n.*\n.*\n", ""));

      Fleet.Result result = imported(fleet).exits(0);

      Path examples = Path.of("../examples");
      if (Boolean.getBoolean("golden.update")) {
        Files.writeString(examples.resolve("imported.yaml"), steady(fleet, file(fleet)));
        Files.writeString(examples.resolve("output/imported.txt"), steady(fleet, result.out()));
      }
      assertThat(steady(fleet, file(fleet)))
          .isEqualTo(Files.readString(examples.resolve("imported.yaml")));
      assertThat(steady(fleet, result.out()))
          .isEqualTo(Files.readString(examples.resolve("output/imported.txt")));
      assertThat(fleet.writes()).isEmpty();
    }
  }

  /** What differs from run to run, made the same. */
  private static String steady(Fleet fleet, String text) {
    String steady = text.replaceAll("found on \\d{4}-\\d\\d-\\d\\d", "found on 2026-11-25");
    List<String> clusters = List.of("host", "m1", "m2", "m3");
    for (String cluster : clusters) {
      steady =
          steady.replace(
              kubeSystem(fleet, cluster),
              "5b1c0f0e-6d1f-4a53-9a0c-00000000000" + clusters.indexOf(cluster));
    }
    return steady
        .replace(fleet.folder.resolve("found.yaml").toString(), "imported.yaml")
        .replace("found.yaml", "imported.yaml");
  }

  @Test
  void refusesAContextThatLeadsElsewhereAndOverwritesNothing() throws IOException {
    try (Fleet fleet = byHand("3.3", LoadBalancer.ip(Fleet.ADDRESS))) {
      fleet.simulated().byHand().join("m1");
      Fleet.until("the host shows the UID", () -> !uid(fleet, "m1").isEmpty());

      imported(fleet, "--context-map", "m1=m2")
          .exits(5)
          .says("context \"m2\" leads to another cluster than the one that the host knows as m1");
      imported(fleet, "--context-map", "m1=host").exits(5).says("leads to the host itself");
      imported(fleet, "--context-map", "m3=m2,m1=mm1")
          .exits(5)
          .says("\"m3\", which is not registered", "did you mean m1?");
      assertThat(Files.exists(fleet.folder.resolve("found.yaml"))).isFalse();
      imported(fleet, "--host-context", "hots").exits(1).says("did you mean \"host\"?");

      fleet.write("found.yaml", "mine");
      imported(fleet).exits(1).says("found.yaml exists", "--force");
      assertThat(file(fleet)).isEqualTo("mine");
      imported(fleet, "--force").exits(0);
      assertThat(file(fleet)).contains("name: m1");
      assertThat(fleet.writes()).isEmpty();
    }
  }

  private static String uid(Fleet fleet, String name) {
    return fleet.cluster(name).at("/status/uid").asText();
  }

  /** A host and two members whose KubeSphere has its role, and nobody is joined yet. */
  static Fleet byHand(String version, LoadBalancer balancer) {
    return Fleet.with(
        Fleet.settings(2, version).withLoadBalancer(balancer).withEach(TakeOverTest::prepared));
  }

  static ClusterSetup prepared(ClusterSetup setup) {
    return setup
        .withRole(setup.name().equals("host") ? Role.HOST : Role.MEMBER)
        .withJwtSecret(SECRET);
  }

  private static String kubeSystem(Fleet fleet, String cluster) {
    return fleet
        .kubectl(cluster)
        .get(Kind.NAMESPACE, null, "kube-system")
        .at("/metadata/uid")
        .asText();
  }

  static Fleet.Result imported(Fleet fleet, String... more) {
    String kubeconfig = fleet.folder.resolve("kubeconfig.yaml").toString();
    List<String> args =
        new java.util.ArrayList<>(
            List.of("import", "--kubeconfig", kubeconfig, "--name", "acme", "-o"));
    args.add(fleet.folder.resolve("found.yaml").toString());
    if (!List.of(more).contains("--host-context")) {
      String context = read(fleet, "kubeconfig.yaml").contains("\"hub\"") ? "hub" : "host";
      args.addAll(List.of("--host-context", context));
    }
    args.addAll(List.of(more));
    return fleet.muster(args.toArray(String[]::new));
  }

  private static String read(Fleet fleet, String name) {
    try {
      return Files.readString(fleet.folder.resolve(name));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  static String file(Fleet fleet) {
    return read(fleet, "found.yaml");
  }

  /** The file without comments and with names in the place of UIDs. */
  private static String topology(Fleet fleet) {
    String text = file(fleet).replaceAll("(?m)^ *#.*\n", "");
    for (String cluster : List.of("host", "m1", "m2")) {
      text = text.replace(kubeSystem(fleet, cluster), "UID-OF-" + cluster);
    }
    return text;
  }

  /** The host's context is called hub, and that of m2 elsewhere. */
  private static String renamed(Fleet fleet) {
    return fleet
        .sandbox
        .server()
        .kubeconfig()
        .replace("- name: \"host\"\n  context:", "- name: \"hub\"\n  context:")
        .replace("- name: \"m2\"\n  context:", "- name: \"elsewhere\"\n  context:");
  }

  private static String without(Fleet fleet, String context) {
    return fleet
        .sandbox
        .server()
        .kubeconfig()
        .replaceAll("- name: \"" + context + "\"\n  context:\n.*\n.*\n", "");
  }

  private static void restartApiserver(Fleet fleet) {
    fleet.edit(
        "host",
        Kind.DEPLOYMENT,
        Fleet.SYSTEM,
        "ks-apiserver",
        "{spec: {template: {metadata: {annotations: {restarted: 'yes'}}}}}");
    Fleet.until(
        "ks-apiserver has an address",
        () -> fleet.simulated().apiserver().agentDeployment("none").status() == 404);
  }
}
