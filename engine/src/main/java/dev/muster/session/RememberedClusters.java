package dev.muster.session;

import dev.muster.changes.Clusters;
import dev.muster.changes.ForwardingClusters;
import dev.muster.live.Cluster;
import dev.muster.live.ForwardingCluster;
import dev.muster.live.Listing;
import dev.muster.live.Reading;
import dev.muster.live.ServicePort;
import dev.muster.resource.ObjectRef;
import dev.muster.topology.ClusterDeclaration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Clusters of which each object is read once: what is planned on them again and again is planned on
 * the same state.
 */
final class RememberedClusters extends ForwardingClusters {
  private final boolean closes;
  private final Map<String, Cluster> opened;

  RememberedClusters(Clusters clusters) {
    this(clusters, true, new ConcurrentHashMap<>());
  }

  private RememberedClusters(Clusters clusters, boolean closes, Map<String, Cluster> opened) {
    super(clusters);
    this.closes = closes;
    this.opened = opened;
  }

  /** The same for somebody who is done with them before everybody else. */
  RememberedClusters shared() {
    return new RememberedClusters(clusters(), false, opened);
  }

  @Override
  public Cluster open(ClusterDeclaration declaration) {
    return opened.computeIfAbsent(
        declaration.name(), name -> new Remembered(clusters().open(declaration)));
  }

  @Override
  public void close() {
    if (closes) {
      super.close();
    }
  }

  private static final class Remembered extends ForwardingCluster {
    private final Map<String, Reading> readings = new ConcurrentHashMap<>();
    private final Map<String, Listing> listings = new ConcurrentHashMap<>();
    private final Map<String, Optional<Instant>> clocks = new ConcurrentHashMap<>();

    Remembered(Cluster cluster) {
      super(cluster);
    }

    @Override
    public Reading read(ObjectRef ref) {
      return readings.computeIfAbsent(ref.path(), path -> super.read(ref));
    }

    @Override
    public Reading readThrough(ServicePort service, ObjectRef ref) {
      return readings.computeIfAbsent(
          service + " " + ref.path(), path -> super.readThrough(service, ref));
    }

    @Override
    public Listing list(ObjectRef kind, String labelSelector) {
      return listings.computeIfAbsent(
          kind.collectionPath() + "?" + labelSelector, path -> super.list(kind, labelSelector));
    }

    @Override
    public Optional<Instant> clock() {
      return clocks.computeIfAbsent("", at -> super.clock());
    }
  }
}
