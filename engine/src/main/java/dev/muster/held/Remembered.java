package dev.muster.held;

import dev.muster.live.Cluster;
import dev.muster.live.ForwardingCluster;
import dev.muster.live.Reading;
import dev.muster.resource.ObjectRef;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A cluster of which each object is asked for once. */
final class Remembered extends ForwardingCluster {
  private final Map<String, Reading> readings = new ConcurrentHashMap<>();

  Remembered(Cluster cluster) {
    super(cluster);
  }

  @Override
  public Reading read(ObjectRef ref) {
    return HeldCluster.once(readings, ref.path(), () -> super.read(ref));
  }
}
