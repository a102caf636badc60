package dev.muster.sandbox.controller.install;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.client.ApiClient;
import dev.muster.sandbox.client.Json;
import dev.muster.sandbox.client.Kind;
import dev.muster.sandbox.controller.env.Manifest;
import java.util.Map;

/** What users have in an installed cluster: namespaces that belong to a Workspace. */
public final class Tenants {
  private Tenants() {}

  /** Makes what is not there yet; the kind Workspace has to be served. */
  public static void seed(ApiClient api, String cluster) {
    String owner = "";
    for (ObjectNode object : Manifest.resource("seed/workspace.yaml", Map.of("cluster", cluster))) {
      switch (object.path("kind").asText()) {
        case "Workspace" -> {
          api.createIfAbsent(Definitions.WORKSPACE, object);
          owner = Json.uid(api.get(Definitions.WORKSPACE, null, Json.name(object)));
        }
        case "Namespace" -> {
          ObjectNode reference =
              Json.at(object, "metadata").putArray("ownerReferences").addObject();
          reference.put("apiVersion", Definitions.WORKSPACE.apiVersion()).put("kind", "Workspace");
          reference.put("name", object.at("/metadata/labels/kubesphere.io~1workspace").asText());
          reference.put("uid", owner).put("controller", true).put("blockOwnerDeletion", true);
          api.createIfAbsent(Kind.NAMESPACE, object);
        }
        default -> api.createIfAbsent(Kind.CONFIG_MAP, object);
      }
    }
  }
}
