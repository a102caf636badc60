package dev.muster.resource;

import java.util.Locale;
import java.util.Objects;

/**
 * Names one object in one cluster, or a whole kind when the name is empty.
 *
 * @param group API group, empty for the core group
 * @param version API version without the group, for example {@code v1}
 * @param kind kind as in a manifest
 * @param plural lower-case plural as in a URL
 * @param namespace empty for cluster-scoped kinds
 * @param name empty for the whole kind
 */
public record ObjectRef(
    String group, String version, String kind, String plural, String namespace, String name) {
  public ObjectRef {
    Objects.requireNonNull(group, "group");
    Objects.requireNonNull(namespace, "namespace");
    Objects.requireNonNull(name, "name");
    if (version.isEmpty() || kind.isEmpty() || plural.isEmpty()) {
      throw new IllegalArgumentException("version, kind and plural are needed");
    }
  }

  /** A reference whose plural follows English rules, as nearly all kinds' do. */
  public static ObjectRef of(String apiVersion, String kind, String namespace, String name) {
    int slash = apiVersion.indexOf('/');
    return new ObjectRef(
        slash < 0 ? "" : apiVersion.substring(0, slash),
        apiVersion.substring(slash + 1),
        kind,
        pluralOf(kind),
        namespace,
        name);
  }

  /** The plural that Kubernetes' own naming rule gives for a kind. */
  public static String pluralOf(String kind) {
    String singular = kind.toLowerCase(Locale.ROOT);
    if (singular.equals("endpoints")) {
      return singular;
    }
    if (singular.endsWith("s") || singular.endsWith("x") || singular.endsWith("ch")) {
      return singular + "es";
    }
    if (singular.endsWith("y") && !singular.matches(".*[aeiou]y")) {
      return singular.substring(0, singular.length() - 1) + "ies";
    }
    return singular + "s";
  }

  /** {@code v1} or {@code group/version}, as in a manifest. */
  public String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  public ObjectRef withNamespace(String other) {
    return new ObjectRef(group, version, kind, plural, other, name);
  }

  public ObjectRef withPlural(String otherPlural) {
    return new ObjectRef(group, version, kind, otherPlural, namespace, name);
  }

  public ObjectRef withName(String otherName) {
    return new ObjectRef(group, version, kind, plural, namespace, otherName);
  }

  /** URL path of the kind, in its namespace when it has one. */
  public String collectionPath() {
    String root = group.isEmpty() ? "/api/" + version : "/apis/" + group + "/" + version;
    return root + (namespace.isEmpty() ? "" : "/namespaces/" + namespace) + "/" + plural;
  }

  /** URL path of the object. */
  public String path() {
    return collectionPath() + "/" + name;
  }

  /** {@code Kind/name}, or {@code Kind/namespace/name}: how people see it. */
  @Override
  public String toString() {
    return kind + "/" + (namespace.isEmpty() ? "" : namespace + "/") + name;
  }
}
