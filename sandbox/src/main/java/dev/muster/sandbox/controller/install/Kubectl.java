package dev.muster.sandbox.controller.install;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.client.ApiClient;
import dev.muster.sandbox.client.Json;
import dev.muster.sandbox.client.Kind;
import dev.muster.sandbox.controller.env.Manifest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the installer does with kubectl: apply, rollout restart. */
public final class Kubectl {
  static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
  private static final Map<String, Kind> KINDS =
      Stream.of(
              Kind.NAMESPACE,
              Kind.NODE,
              Kind.SERVICE,
              Kind.SERVICE_ACCOUNT,
              Kind.DEPLOYMENT,
              Kind.STORAGE_CLASS,
              Kind.CLUSTER_ROLE,
              Kind.CLUSTER_ROLE_BINDING,
              Kind.CUSTOM_RESOURCE_DEFINITION)
          .collect(Collectors.toMap(Kind::kind, Function.identity()));

  private final ApiClient api;

  public Kubectl(ApiClient api) {
    this.api = api;
  }

  /** Creates what is not there of a resource with manifests; what is there stays as it is. */
  public void ensure(String resource, Map<String, String> values) {
    for (ObjectNode object : Manifest.resource(resource, values)) {
      Kind kind = KINDS.get(object.path("kind").asText());
      if (kind == null) {
        throw new IllegalArgumentException("no kind for " + object.path("kind"));
      }
      api.createIfAbsent(kind, object);
    }
  }

  /**
   * Applies a ConfigMap with one key, as `kubectl apply` does: nothing is written when nothing
   * differs.
   */
  void applyConfigMap(String namespace, String name, String key, String text) {
    ObjectNode wanted = Json.object();
    wanted.put("apiVersion", "v1");
    wanted.putObject("data").put(key, text);
    wanted.put("kind", "ConfigMap");
    ObjectNode metadata = wanted.putObject("metadata");
    metadata.putObject("annotations");
    metadata.put("name", name).put("namespace", namespace);
    String applied = Json.text(wanted) + "\n";
    Optional<ObjectNode> found = api.find(Kind.CONFIG_MAP, namespace, name);
    if (found.isEmpty()) {
      Json.at(wanted, "metadata", "annotations").put(LAST_APPLIED, applied);
      api.create(Kind.CONFIG_MAP, wanted);
      return;
    }
    ObjectNode live = found.get();
    if (live.path("data").path(key).asText().equals(text)
        && live.path("metadata").path("annotations").path(LAST_APPLIED).asText().equals(applied)) {
      return;
    }
    ObjectNode patch = Json.object();
    Json.at(patch, "metadata", "annotations").put(LAST_APPLIED, applied);
    Json.at(patch, "data").put(key, text);
    api.mergePatch(Kind.CONFIG_MAP, namespace, name, patch);
  }

  /** `kubectl rollout restart`; failures are ignored, as the installer does. */
  void rolloutRestart(String namespace, List<String> deployments) {
    for (String name : deployments) {
      if (api.find(Kind.DEPLOYMENT, namespace, name).isPresent()) {
        ObjectNode patch = Json.object();
        Json.at(patch, "spec", "template", "metadata", "annotations")
            .put("kubectl.kubernetes.io/restartedAt", java.time.Instant.now().toString());
        api.mergePatch(Kind.DEPLOYMENT, namespace, name, patch);
      }
    }
  }
}
