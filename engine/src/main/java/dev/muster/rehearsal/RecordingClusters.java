package dev.muster.rehearsal;

import dev.muster.changes.Clusters;
import dev.muster.changes.ForwardingClusters;
import dev.muster.live.Cluster;
import dev.muster.live.ForwardingCluster;
import dev.muster.live.Listing;
import dev.muster.live.LiveObject;
import dev.muster.live.Reading;
import dev.muster.resource.ObjectRef;
import dev.muster.topology.ClusterDeclaration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Clusters that remember every object that was read of them. */
public final class RecordingClusters extends ForwardingClusters {
  private final Map<String, Map<String, LiveObject>> objects = new ConcurrentHashMap<>();
  private final Map<String, Map<String, Reading>> doors = new ConcurrentHashMap<>();

  public RecordingClusters(Clusters clusters) {
    super(clusters);
  }

  /** What was read of a cluster, in the order of the objects' paths. */
  public List<LiveObject> of(String cluster) {
    List<LiveObject> all = new ArrayList<>(objects.getOrDefault(cluster, Map.of()).values());
    all.sort(Comparator.comparing(object -> object.ref().path()));
    return all;
  }

  @Override
  public Cluster open(ClusterDeclaration declaration) {
    return new Recording(clusters().open(declaration));
  }

  /** What it shows is the far cluster's, and not remembered; only whether it could be read. */
  @Override
  public Cluster behind(String name, String kubeconfig) {
    return new Door(
        clusters().behind(name, kubeconfig),
        doors.computeIfAbsent(kubeconfig, text -> new ConcurrentHashMap<>()));
  }

  /** Kubeconfigs through which something was read: path to the answer of each. */
  public Map<String, Map<String, Reading>> doors() {
    return doors;
  }

  private void remember(String cluster, LiveObject object) {
    objects
        .computeIfAbsent(cluster, name -> new ConcurrentHashMap<>())
        .put(object.ref().path(), object);
  }

  /** One of them; what is seen through a Service is not the cluster's own and not remembered. */
  private final class Recording extends ForwardingCluster {
    private Recording(Cluster cluster) {
      super(cluster);
    }

    @Override
    public Reading read(ObjectRef ref) {
      Reading reading = super.read(ref);
      reading.found().ifPresent(found -> remember(name(), found));
      return reading;
    }

    @Override
    public Listing list(ObjectRef kind, String labelSelector) {
      Listing listing = super.list(kind, labelSelector);
      if (listing instanceof Listing.Listed listed) {
        listed.objects().forEach(object -> remember(name(), object));
      }
      return listing;
    }
  }

  private static final class Door extends ForwardingCluster {
    private final Map<String, Reading> answers;

    private Door(Cluster cluster, Map<String, Reading> answers) {
      super(cluster);
      this.answers = answers;
    }

    @Override
    public Reading read(ObjectRef ref) {
      Reading reading = super.read(ref);
      answers.put(ref.path(), reading);
      return reading;
    }
  }
}
