package dev.muster.desired;

import dev.muster.topology.ClusterDeclaration;

/** What is known of the clusters at one moment. */
public interface World {
  Lookup object(Need need);

  /** The UID of the cluster's namespace kube-system, which identifies it. */
  Lookup uid(ClusterDeclaration cluster);

  /** The cluster's own clock, as a timestamp. */
  Lookup clock(ClusterDeclaration cluster);
}
