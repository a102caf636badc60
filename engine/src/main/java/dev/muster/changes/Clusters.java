package dev.muster.changes;

import dev.muster.live.Cluster;
import dev.muster.topology.ClusterDeclaration;

/** Gives access to the clusters of a topology; opening one makes no request yet. */
public interface Clusters extends AutoCloseable {
  Cluster open(ClusterDeclaration declaration);

  @Override
  void close();
}
