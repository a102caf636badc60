package dev.muster.topology;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.Garden;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TopologyReaderTest {
  @Test
  void fillsInWhatASmallFileLeavesOut() {
    Topology topology = Garden.topology("  host: {}\n  members:\n  - name: m1\n");
    ClusterDeclaration host = topology.host();
    assertThat(host.name()).isEqualTo("host");
    assertThat(host.uid()).isEmpty();
    assertThat(host.access()).isEqualTo(new Access(java.util.List.of(), "host"));
    assertThat(host.deferWhenUnreachable()).isFalse();
    assertThat(host.fields())
        .isEqualTo(
            Garden.json(
                "{'name':'host','state':'present','well':{'depth':'deep'},'labels':{},'context':'host'}"));
    ClusterDeclaration m1 = topology.members().get(0);
    assertThat(m1.deferWhenUnreachable()).isTrue();
    assertThat(m1.fields())
        .isEqualTo(
            Garden.json(
                "{'name':'m1','state':'present','lost':false,'reinstalled':'refuse',"
                    + "'connection':'proxy','labels':{},'context':'m1'}"));
    assertThat(topology.timeouts()).isEmpty();
    assertThat(topology.plan()).isEmpty();
  }

  @Test
  void givesMembersTheDefaultsThatTheyDoNotOverride() {
    Topology topology =
        Garden.topology(
            """
              plan: garden.yaml
              defaults:
                unreachable: fail
                access: {kubeconfig: {file: kube/all.yaml}}
                timeouts: {digging: 1h30m, opening: 90s}
              host: {access: {kubeconfig: {context: admin}}}
              members:
              - name: m1
              - {name: m2, unreachable: defer, access: {kubeconfig: {file: /etc/m2.yaml, context: root}}}
            """);
    assertThat(topology.plan()).isEqualTo("garden.yaml");
    assertThat(topology.timeouts())
        .containsEntry("digging", Duration.ofMinutes(90))
        .containsEntry("opening", Duration.ofSeconds(90));
    assertThat(topology.clusters())
        .extracting(cluster -> cluster.access().context())
        .containsExactly("admin", "m1", "root");
    assertThat(topology.clusters())
        .extracting(cluster -> cluster.access().kubeconfigs().get(0).toString())
        .containsExactly(
            "/topologies/acme/kube/all.yaml", "/topologies/acme/kube/all.yaml", "/etc/m2.yaml");
    assertThat(topology.clusters())
        .extracting(ClusterDeclaration::deferWhenUnreachable)
        .containsExactly(false, false, true);
  }

  @Test
  void takesPathsFromTheFolderOfTheFileAndTheHomeFolder() {
    Topology topology =
        Garden.topology(
            """
              host: {access: {kubeconfig: {file: ~/.kube/config}}}
              members:
              - {name: m1, access: {kubeconfig: {file: ../kube/m1.yaml}}}
              - {name: m2, access: {kubeconfig: {file: "~other/config"}}}
            """);
    assertThat(topology.clusters())
        .extracting(cluster -> cluster.access().kubeconfigs().get(0))
        .containsExactly(
            Path.of(System.getProperty("user.home"), ".kube", "config"),
            Path.of("/topologies/kube/m1.yaml"),
            Path.of("/topologies/acme/~other/config"));
  }

  @Test
  void keepsPinsFromExpressions() {
    Topology topology = Garden.topology("  host: {uid: 3f0d5b52-1111-4222-8333-944455556666}\n");
    assertThat(topology.host().uid()).isEqualTo("3f0d5b52-1111-4222-8333-944455556666");
    assertThat(topology.host().fields().has("uid")).isFalse();
    assertThat(topology.host().fields().has("access")).isFalse();
  }

  @Test
  void loadsManifestsWhereverThePlanAsksForThem() {
    Topology topology =
        Garden.topology(
            """
              host: {}
              members:
              - {name: m1, seeds: {files: [{file: a}, {file: b}]}}
            """);
    assertThat(topology.members().get(0).fields().at("/seeds/files"))
        .isEqualTo(Garden.json("[{'kind':'a'},{'kind':'b'}]"));
  }

  @Test
  void knowsClustersByName() {
    Topology topology = Garden.topology("  host: {name: hub}\n  members:\n  - name: m1\n");
    assertThat(topology.cluster("hub")).contains(topology.host());
    assertThat(topology.cluster("m1")).contains(topology.members().get(0));
    assertThat(topology.cluster("host")).isEmpty();
  }

  @Test
  void keepsSecretsOutOfWhatExpressionsAndRecordsSee() {
    Topology topology =
        Garden.topology(
            """
              host: {}
              members:
              - {name: m1, sesame: {env: SESAME}}
              - {name: m2, sesame: {secret: {namespace: garden, name: words, key: m2}}}
              - name: m3
            """);
    assertThat(topology.members()).allSatisfy(m -> assertThat(m.fields().has("sesame")).isFalse());
    assertThat(topology.members().get(0).secrets().get("sesame"))
        .isEqualTo(new SecretInput.Text("the value of {\"env\":\"SESAME\"}"))
        .hasToString("(sensitive)");
    assertThat(topology.members().get(1).secrets().get("sesame"))
        .hasToString("key m2 of Secret/garden/words on the host");
    assertThat(topology.members().get(2).secrets()).isEmpty();
    assertThat(topology.members().get(0).toString()).doesNotContain("the value of");
  }
}
