package dev.muster.sandbox.client;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A kind of object as its path needs it.
 *
 * @param group the API group, empty for the core group
 * @param version the version inside the group
 * @param kind the singular name in objects
 * @param plural the name in paths
 * @param namespaced whether objects live in a namespace
 */
public record Kind(String group, String version, String kind, String plural, boolean namespaced) {
  public static final Kind NAMESPACE = new Kind("", "v1", "Namespace", "namespaces", false);
  public static final Kind NODE = new Kind("", "v1", "Node", "nodes", false);
  public static final Kind POD = new Kind("", "v1", "Pod", "pods", true);
  public static final Kind SERVICE = new Kind("", "v1", "Service", "services", true);
  public static final Kind ENDPOINTS = new Kind("", "v1", "Endpoints", "endpoints", true);
  public static final Kind SECRET = new Kind("", "v1", "Secret", "secrets", true);
  public static final Kind CONFIG_MAP = new Kind("", "v1", "ConfigMap", "configmaps", true);
  public static final Kind SERVICE_ACCOUNT =
      new Kind("", "v1", "ServiceAccount", "serviceaccounts", true);
  public static final Kind DEPLOYMENT = new Kind("apps", "v1", "Deployment", "deployments", true);
  public static final Kind STORAGE_CLASS =
      new Kind("storage.k8s.io", "v1", "StorageClass", "storageclasses", false);
  public static final Kind CLUSTER_ROLE =
      new Kind("rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles", false);
  public static final Kind CLUSTER_ROLE_BINDING =
      new Kind(
          "rbac.authorization.k8s.io", "v1", "ClusterRoleBinding", "clusterrolebindings", false);
  public static final Kind CUSTOM_RESOURCE_DEFINITION =
      new Kind(
          "apiextensions.k8s.io",
          "v1",
          "CustomResourceDefinition",
          "customresourcedefinitions",
          false);

  public String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  /** The path of all objects of this kind, in one namespace or in all of them. */
  public String path(@Nullable String namespace) {
    String root = group.isEmpty() ? "/api/" + version : "/apis/" + group + "/" + version;
    String middle = namespaced && namespace != null ? "/namespaces/" + encode(namespace) : "";
    return root + middle + "/" + plural;
  }

  /** The path of one object. */
  public String path(@Nullable String namespace, String name) {
    return path(namespace) + "/" + encode(name);
  }

  static String encode(String segment) {
    return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
