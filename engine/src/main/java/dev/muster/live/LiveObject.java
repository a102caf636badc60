package dev.muster.live;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.resource.ObjectRef;
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

  /** Names the object only: the tree may hold secrets. */
  @Override
  public String toString() {
    return ref + " uid " + uid();
  }
}
