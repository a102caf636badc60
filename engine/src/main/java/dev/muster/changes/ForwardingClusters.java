package dev.muster.changes;

import dev.muster.credential.Expiry;
import dev.muster.live.Cluster;
import dev.muster.topology.ClusterDeclaration;
import java.util.Optional;

/** Clusters that are others, but for what is said otherwise. */
public abstract class ForwardingClusters implements Clusters {
  private final Clusters clusters;

  protected ForwardingClusters(Clusters clusters) {
    this.clusters = clusters;
  }

  protected final Clusters clusters() {
    return clusters;
  }

  @Override
  public Cluster behind(String name, String kubeconfig) {
    return clusters.behind(name, kubeconfig);
  }

  @Override
  public Optional<Expiry> expiry(ClusterDeclaration declaration) {
    return clusters.expiry(declaration);
  }

  @Override
  public Optional<CarriedBack> carriedBack(ClusterDeclaration declaration) {
    return clusters.carriedBack(declaration);
  }

  @Override
  public void close() {
    clusters.close();
  }
}
