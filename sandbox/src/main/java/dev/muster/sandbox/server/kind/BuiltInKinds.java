package dev.muster.sandbox.server.kind;

import java.util.List;

/** The kinds that every cluster serves from the start. */
final class BuiltInKinds {
  private static final String RBAC = "rbac.authorization.k8s.io";

  static final List<KindInfo> ALL =
      List.of(
          global("", "v1", "Namespace", "namespaces", false, "ns")
              .withStatusSubresource()
              .withColumns(BuiltInColumns.NAMESPACE),
          global("", "v1", "Node", "nodes", false, "no")
              .withStatusSubresource()
              .withColumns(BuiltInColumns.NODE),
          global("", "v1", "PersistentVolume", "persistentvolumes", false, "pv")
              .withStatusSubresource(),
          local("", "v1", "Pod", "pods", false, "po")
              .withStatusSubresource()
              .withCategories(List.of("all"))
              .withColumns(BuiltInColumns.POD),
          local("", "v1", "Service", "services", false, "svc")
              .withStatusSubresource()
              .withCategories(List.of("all"))
              .withColumns(BuiltInColumns.SERVICE),
          local("", "v1", "Endpoints", "endpoints", false, "ep"),
          local("", "v1", "ConfigMap", "configmaps", false, "cm")
              .withColumns(BuiltInColumns.CONFIG_MAP),
          local("", "v1", "Secret", "secrets", false).withColumns(BuiltInColumns.SECRET),
          local("", "v1", "ServiceAccount", "serviceaccounts", false, "sa"),
          local("", "v1", "Event", "events", false, "ev").withColumns(BuiltInColumns.EVENT),
          local("", "v1", "PersistentVolumeClaim", "persistentvolumeclaims", false, "pvc")
              .withStatusSubresource(),
          local("apps", "v1", "Deployment", "deployments", true, "deploy")
              .withStatusSubresource()
              .withCategories(List.of("all"))
              .withColumns(BuiltInColumns.DEPLOYMENT),
          local("apps", "v1", "StatefulSet", "statefulsets", true, "sts")
              .withStatusSubresource()
              .withCategories(List.of("all"))
              .withColumns(BuiltInColumns.STATEFUL_SET),
          local("apps", "v1", "ReplicaSet", "replicasets", true, "rs")
              .withStatusSubresource()
              .withCategories(List.of("all"))
              .withColumns(BuiltInColumns.REPLICA_SET),
          local("apps", "v1", "DaemonSet", "daemonsets", true, "ds")
              .withStatusSubresource()
              .withCategories(List.of("all")),
          local("batch", "v1", "Job", "jobs", true)
              .withStatusSubresource()
              .withCategories(List.of("all")),
          local("coordination.k8s.io", "v1", "Lease", "leases", false)
              .withColumns(BuiltInColumns.LEASE),
          local("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices", true),
          local(RBAC, "v1", "Role", "roles", false),
          local(RBAC, "v1", "RoleBinding", "rolebindings", false),
          global(RBAC, "v1", "ClusterRole", "clusterroles", false),
          global(RBAC, "v1", "ClusterRoleBinding", "clusterrolebindings", false),
          global(
              "admissionregistration.k8s.io",
              "v1",
              "ValidatingWebhookConfiguration",
              "validatingwebhookconfigurations",
              true),
          global("storage.k8s.io", "v1", "StorageClass", "storageclasses", false, "sc")
              .withColumns(BuiltInColumns.STORAGE_CLASS),
          global(
                  "apiextensions.k8s.io",
                  "v1",
                  "CustomResourceDefinition",
                  "customresourcedefinitions",
                  true,
                  "crd",
                  "crds")
              .withStatusSubresource());

  private BuiltInKinds() {}

  private static KindInfo local(
      String group,
      String version,
      String kind,
      String plural,
      boolean generation,
      String... shortNames) {
    return KindInfo.namespaced(group, version, kind, plural)
        .asBuiltIn(generation)
        .withShortNames(List.of(shortNames));
  }

  private static KindInfo global(
      String group,
      String version,
      String kind,
      String plural,
      boolean generation,
      String... shortNames) {
    return KindInfo.clusterScoped(group, version, kind, plural)
        .asBuiltIn(generation)
        .withShortNames(List.of(shortNames));
  }
}
