package dev.muster.live;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.resource.ObjectRef;
import java.math.BigInteger;
import java.util.Objects;

/** An object as a cluster returned it. The tree is never changed by anybody. */
public record LiveObject(ObjectRef ref, JsonNode tree) {
  public LiveObject {
    Objects.requireNonNull(ref, "ref");
    Objects.requireNonNull(tree, "tree");
  }

  /** What is known of an object that the server no longer shows. */
  public static LiveObject remains(ObjectRef ref, String uid) {
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    tree.put("apiVersion", ref.apiVersion()).put("kind", ref.kind());
    ObjectNode metadata = tree.putObject("metadata").put("name", ref.name());
    if (!ref.namespace().isEmpty()) {
      metadata.put("namespace", ref.namespace());
    }
    metadata.put("uid", uid);
    return new LiveObject(ref, tree);
  }

  public String uid() {
    return tree.path("metadata").path("uid").asText();
  }

  public String resourceVersion() {
    return tree.path("metadata").path("resourceVersion").asText();
  }

  /**
   * Whether this is an earlier state of the same object: a server whose cache lags may tell of one
   * after a later one. False where the versions cannot be compared.
   */
  public boolean isOlderThan(LiveObject other) {
    String mine = resourceVersion();
    String theirs = other.resourceVersion();
    return uid().equals(other.uid())
        && mine.matches("[1-9][0-9]{0,38}")
        && theirs.matches("[1-9][0-9]{0,38}")
        && new BigInteger(mine).compareTo(new BigInteger(theirs)) < 0;
  }

  /** Names the object only: the tree may hold secrets. */
  @Override
  public String toString() {
    return ref + " uid " + uid();
  }
}
