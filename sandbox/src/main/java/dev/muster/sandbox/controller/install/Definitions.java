package dev.muster.sandbox.controller.install;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.client.ApiClient;
import dev.muster.sandbox.client.ApiException;
import dev.muster.sandbox.client.Json;
import dev.muster.sandbox.client.Kind;
import dev.muster.sandbox.controller.env.KubeSphereVersion;
import dev.muster.sandbox.controller.env.Manifest;
import java.util.Map;

/** The kinds that the managed system adds to a cluster. */
public final class Definitions {
  public static final Kind CLUSTER_CONFIGURATION =
      new Kind(
          "installer.kubesphere.io",
          "v1alpha1",
          "ClusterConfiguration",
          "clusterconfigurations",
          true);
  public static final Kind CLUSTER =
      new Kind("cluster.kubesphere.io", "v1alpha1", "Cluster", "clusters", false);
  public static final Kind KUBE_FED_CLUSTER =
      new Kind("core.kubefed.io", "v1beta1", "KubeFedCluster", "kubefedclusters", true);
  public static final Kind WORKSPACE =
      new Kind("tenant.kubesphere.io", "v1alpha1", "Workspace", "workspaces", false);

  private Definitions() {}

  /**
   * Creates the definition of a kind, in the form of a version, unless the server knows the kind
   * already.
   */
  public static void ensure(ApiClient api, Kind kind, KubeSphereVersion version) {
    if (isServed(api, kind)) {
      return;
    }
    String file = kind.plural();
    if (kind.equals(CLUSTER)) {
      // The type grew thrice; fields that a version does not know are pruned by the API server.
      file += "-" + generation(version);
    }
    for (ObjectNode definition : Manifest.resource("crds/" + file + ".yaml", Map.of())) {
      api.createIfAbsent(Kind.CUSTOM_RESOURCE_DEFINITION, definition);
    }
  }

  private static String generation(KubeSphereVersion version) {
    if (version.atLeast(4, 0)) {
      return "4.1";
    }
    return version.atLeast(3, 3) ? "3.3" : version.atLeast(3, 1) ? "3.1" : "3.0";
  }

  /** Whether objects of the kind can be listed; a new definition takes a moment. */
  public static boolean isServed(ApiClient api, Kind kind) {
    ApiClient.Answer answer = api.fetch("/apis/" + kind.group() + "/" + kind.version());
    if (answer.status() == 404) {
      return false;
    }
    if (answer.status() != 200) {
      throw new ApiException(answer.status(), "", "discovery of " + kind.group() + " refused");
    }
    for (JsonNode resource : Json.parse(answer.text()).path("resources")) {
      if (resource.path("name").asText().equals(kind.plural())) {
        return true;
      }
    }
    return false;
  }
}
