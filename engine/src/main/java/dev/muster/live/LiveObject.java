package dev.muster.live;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.resource.ObjectRef;
import java.math.BigInteger;
import java.util.Objects;

/** An object as a cluster returned it. The tree is never changed by anybody. */
public record LiveObject(ObjectRef ref, JsonNode tree) {
  public LiveObject {
    Objects.requireNonNull(ref, "ref");
    Objects.requireNonNull(tree, "tree");
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
