package dev.muster.changes;

import dev.muster.credential.Expiry;
import dev.muster.live.Cluster;
import dev.muster.topology.ClusterDeclaration;
import java.util.Optional;

/** Gives access to the clusters of a topology; opening one makes no request yet. */
public interface Clusters extends AutoCloseable {
  Cluster open(ClusterDeclaration declaration);

  /** The same for what muster itself asks and keeps there, whatever the plan may touch. */
  default Cluster own(ClusterDeclaration declaration) {
    return open(declaration);
  }

  /**
   * A cluster behind another kubeconfig than the runner's own, for reading only.
   *
   * @param name as messages name it
   * @param kubeconfig the text of a self-contained one; its current context counts
   */
  Cluster behind(String name, String kubeconfig);

  /** When the runner's own access to a cluster runs out, when it says so itself. */
  default Optional<Expiry> expiry(ClusterDeclaration declaration) {
    return Optional.empty();
  }

  /** What last came back from a member that is reached by courier. */
  default Optional<CarriedBack> carriedBack(ClusterDeclaration declaration) {
    return Optional.empty();
  }

  @Override
  void close();
}
