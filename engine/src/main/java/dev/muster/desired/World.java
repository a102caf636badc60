package dev.muster.desired;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.topology.ClusterDeclaration;
import dev.muster.topology.Topology;
import java.util.function.Supplier;

/** What is known of the clusters at one moment. */
public interface World {
  Lookup object(Need need);

  /** What a fact said before anything was changed, for facts whose value is carried along. */
  Lookup carried(ClusterDeclaration cluster, String fact);

  /** The UID that the cluster had when muster last finished with it. */
  Lookup recordedUid(ClusterDeclaration cluster);

  /** The UID of the cluster's namespace kube-system, which identifies it. */
  Lookup uid(ClusterDeclaration cluster);

  /** The cluster's own clock, as a timestamp. */
  Lookup clock(ClusterDeclaration cluster);

  /**
   * A topology as expressions see it, which has all clusters and so is not to be made for each of
   * them.
   *
   * @param made makes it from what is known now
   */
  default ObjectNode topology(Topology topology, Supplier<ObjectNode> made) {
    return made.get();
  }

  /** The new values of the rotations that are under way, by name; sensitive. */
  ObjectNode rotation();
}
