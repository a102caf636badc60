package dev.muster.held;

import dev.muster.changes.Clusters;
import dev.muster.changes.ForwardingClusters;
import dev.muster.changes.LiveReader;
import dev.muster.live.Cluster;
import dev.muster.topology.ClusterDeclaration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Clusters that are asked once: from then on watches keep what was read, and whoever reads it again
 * gets that. Nothing is written through them.
 */
public final class HeldClusters extends ForwardingClusters {
  private final Attention attention;
  private final Map<String, HeldCluster> held = new ConcurrentHashMap<>();
  private final Map<String, Remembered> behind = new ConcurrentHashMap<>();

  public HeldClusters(Clusters source, Attention attention) {
    super(source);
    this.attention = attention;
  }

  @Override
  public Cluster open(ClusterDeclaration declaration) {
    return declaration.courier()
        ? clusters().open(declaration)
        : held.computeIfAbsent(
            declaration.name(),
            name -> new HeldCluster(clusters().open(declaration), LiveReader.IDENTITY, attention));
  }

  /** What is read with somebody else's login is remembered, and not watched. */
  @Override
  public Cluster behind(String name, String kubeconfig) {
    return behind.computeIfAbsent(
        kubeconfig, text -> new Remembered(clusters().behind(name, kubeconfig)));
  }

  /** What cannot be watched is asked for anew when it is needed next. */
  public void forget() {
    held.values().forEach(HeldCluster::forget);
    behind.clear();
  }

  @Override
  public void close() {
    held.values().forEach(HeldCluster::close);
    super.close();
  }
}
