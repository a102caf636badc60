package dev.muster.rights;

import dev.muster.resource.ObjectRef;

/**
 * What a right is about.
 *
 * @param group API group, empty for the core group
 * @param resource plural as in a URL, with the subresource behind a slash
 * @param namespace empty for the whole cluster
 * @param name empty for all objects of the resource
 */
record Target(String group, String resource, String namespace, String name) {
  static Target object(ObjectRef ref) {
    return new Target(ref.group(), ref.plural(), ref.namespace(), ref.name());
  }

  static Target kind(ObjectRef ref) {
    return new Target(ref.group(), ref.plural(), ref.namespace(), "");
  }
}
