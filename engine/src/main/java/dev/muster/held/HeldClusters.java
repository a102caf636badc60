package dev.muster.held;

import dev.muster.changes.CarriedBack;
import dev.muster.changes.Clusters;
import dev.muster.changes.LiveReader;
import dev.muster.credential.Expiry;
import dev.muster.live.Cluster;
import dev.muster.topology.ClusterDeclaration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Clusters that are asked once: from then on watches keep what was read, and whoever reads it again
 * gets that. Nothing is written through them.
 */
public final class HeldClusters implements Clusters {
  private final Clusters source;
  private final Attention attention;
  private final Map<String, HeldCluster> held = new ConcurrentHashMap<>();
  private final Map<String, Remembered> behind = new ConcurrentHashMap<>();

  public HeldClusters(Clusters source, Attention attention) {
    this.source = source;
    this.attention = attention;
  }

  @Override
  public Cluster open(ClusterDeclaration declaration) {
    return declaration.courier()
        ? source.open(declaration)
        : held.computeIfAbsent(
            declaration.name(),
            name -> new HeldCluster(source.open(declaration), LiveReader.IDENTITY, attention));
  }

  /** What is read with somebody else's login is remembered, and not watched. */
  @Override
  public Cluster behind(String name, String kubeconfig) {
    return behind.computeIfAbsent(
        kubeconfig, text -> new Remembered(source.behind(name, kubeconfig)));
  }

  @Override
  public Optional<Expiry> expiry(ClusterDeclaration declaration) {
    return source.expiry(declaration);
  }

  @Override
  public Optional<CarriedBack> carriedBack(ClusterDeclaration declaration) {
    return source.carriedBack(declaration);
  }

  /** What cannot be watched is asked for anew when it is needed next. */
  public void forget() {
    held.values().forEach(HeldCluster::forget);
    behind.clear();
  }

  @Override
  public void close() {
    held.values().forEach(HeldCluster::close);
    source.close();
  }
}
