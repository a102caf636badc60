package dev.muster.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
final class CrdIT {
  private static final String CLUSTERS = Crd.CLUSTERS_3_3.path();

  @SuppressWarnings("NullAway.Init")
  private static TestFleet fleet;

  @BeforeAll
  static void start() {
    fleet = TestFleet.start("old", "new");
    cluster("old").install(Crd.clusters("3.0"));
    cluster("new").install(Crd.CLUSTER_CONFIGURATIONS, Crd.clusters("3.4"), Crd.KUBEFED_CLUSTERS);
  }

  @AfterAll
  static void end() {
    fleet.close();
  }

  @Test
  void statusWritesRaiseTheGenerationOfAClusterConfiguration() {
    Api api = cluster("new").api();
    String all = "/apis/installer.kubesphere.io/v1alpha1/namespaces/default/clusterconfigurations";
    String object =
        """
        apiVersion: installer.kubesphere.io/v1alpha1
        kind: ClusterConfiguration
        metadata: {name: ks-installer}
        spec: {multicluster: {clusterRole: none}, anything: {goes: [here]}}
        """;
    JsonNode created = api.create(all, object).ok().json();
    assertThat(created.at("/spec/anything/goes/0").asText()).isEqualTo("here");

    String change = "{\"status\":{\"core\":{\"version\":\"v3.3.2\"}}}";
    JsonNode changed = api.mergePatch(all + "/ks-installer", change).ok().json();
    assertThat(changed.at("/status/core/version").asText()).isEqualTo("v3.3.2");
    assertThat(changed.at("/metadata/generation").asInt()).isEqualTo(2);
    assertThat(api.get(all + "/ks-installer/status").status()).isEqualTo(404);
  }

  @Test
  void refusesAnEmptyKubeconfig() {
    Api.Reply reply = cluster("new").api().create(CLUSTERS, clusterWith("kubeconfig: ''"));
    assertThat(reply.status()).isEqualTo(422);
    assertThat(reply.text()).contains("must be of type byte");
  }

  @Test
  void refusesAConditionWithoutStatus() {
    Api api = cluster("new").api();
    api.create(CLUSTERS, clusterWith("type: direct").replace("idc", "conditions")).ok();
    Api.Reply reply =
        api.mergePatch(
            CLUSTERS + "/conditions", "{\"status\":{\"conditions\":[{\"type\":\"Ready\"}]}}");
    assertThat(reply.status()).isEqualTo(422);
  }

  @Test
  void prunesWhatTheReleaseDoesNotKnow() {
    String object = clusterWith("type: proxy").replace("idc", "pruned");
    String status =
        "{\"status\":{\"uid\":\"1-2-3\",\"configz\":{\"devops\":true},\"nodeCount\":3}}";
    for (String name : new String[] {"old", "new"}) {
      Api api = cluster(name).api();
      api.create(CLUSTERS, object).ok();
      JsonNode patched = api.mergePatch(CLUSTERS + "/pruned", status).ok().json();
      assertThat(patched.at("/status/nodeCount").asInt()).isEqualTo(3);
      assertThat(patched.at("/status").has("uid")).isEqualTo(name.equals("new"));
      assertThat(patched.at("/status").has("configz")).isEqualTo(name.equals("new"));
      assertThat(patched.at("/spec").has("externalKubeAPIEnabled")).isEqualTo(name.equals("new"));
    }
  }

  @Test
  void keepsTheStatusOfAFederatedClusterApart() {
    Api api = cluster("new").api();
    String all = "/apis/core.kubefed.io/v1beta1/namespaces/default/kubefedclusters";
    String object =
        """
        apiVersion: core.kubefed.io/v1beta1
        kind: KubeFedCluster
        metadata: {name: idc}
        spec: {apiEndpoint: 'https://127.90.0.1:6443', secretRef: {name: idc-secret}}
        status: {region: somewhere}
        """;
    assertThat(api.create(all, object).ok().json().has("status")).isFalse();
    assertThat(api.get(all + "/idc/status").status()).isEqualTo(200);
  }

  @Test
  void everyReleaseHasADefinition() {
    assertThat(Crd.clusters("3.1")).isEqualTo(Crd.clusters("3.2"));
    for (Crd kind : Crd.values()) {
      assertThat(kind.yaml()).contains("kind: CustomResourceDefinition");
    }
  }

  private static String clusterWith(String connection) {
    return """
    apiVersion: cluster.kubesphere.io/v1alpha1
    kind: Cluster
    metadata: {name: idc}
    spec: {enable: true, joinFederation: true, externalKubeAPIEnabled: false, connection: {%s}}
    """
        .formatted(connection);
  }

  private static TestCluster cluster(String name) {
    return fleet.cluster(name);
  }
}
