package dev.muster.records;

import dev.muster.resource.FieldPath;

/**
 * A field as a person names it: {@code CLUSTER:KIND/NAME:PATH}, or a key of the topology, whose
 * cluster and object are empty.
 *
 * @param object {@code Kind/name} or {@code Kind/namespace/name}
 */
public record FieldName(String cluster, String object, FieldPath path) {
  static FieldName ofTopology(FieldPath path) {
    return new FieldName("", "", path);
  }

  boolean ofTopology() {
    return cluster.isEmpty();
  }

  /** Whether two names are of the same field, or one of a part of the other. */
  boolean overlaps(FieldName other) {
    return cluster.equals(other.cluster)
        && object.equals(other.object)
        && (path.startsWith(other.path) || other.path.startsWith(path));
  }

  @Override
  public String toString() {
    return ofTopology() ? path.toString() : cluster + ":" + object + ":" + path;
  }
}
