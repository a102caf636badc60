package dev.muster.session;

import dev.muster.changes.Clusters;
import dev.muster.kube.Access;
import dev.muster.kube.KubeClusters;
import dev.muster.kube.Timeouts;
import dev.muster.live.Cluster;
import dev.muster.rehearsal.PlayedDoor;
import dev.muster.rehearsal.RecordedDoors;
import dev.muster.topology.ClusterDeclaration;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The clusters of a stage. Nothing outside is asked, wherever a kubeconfig leads: behind one is the
 * played cluster that was found there when the fleet was recorded.
 */
public final class StageClusters implements Clusters {
  private final KubeClusters clusters =
      new KubeClusters(Data.version(), Timeouts.standard(), KubeClusters.Writes.REAL);
  private final Map<String, Cluster> opened = new ConcurrentHashMap<>();
  private final Path kubeconfig;
  private final RecordedDoors doors;

  /**
   * @param kubeconfig whose contexts have the names of the clusters
   */
  public StageClusters(Path kubeconfig, RecordedDoors doors) {
    this.kubeconfig = kubeconfig;
    this.doors = doors;
  }

  @Override
  public Cluster open(ClusterDeclaration declaration) {
    return context(declaration.name());
  }

  private Cluster context(String context) {
    return opened.computeIfAbsent(
        context, name -> clusters.cluster(name, new Access(List.of(kubeconfig), name)));
  }

  @Override
  public Cluster behind(String name, String text) {
    Optional<RecordedDoors.Door> door = doors.of(text);
    String far = door.map(RecordedDoors.Door::cluster).filter(c -> !c.isEmpty()).orElse(name);
    return new PlayedDoor(context(far), door);
  }

  @Override
  public void close() {
    clusters.close();
  }
}
