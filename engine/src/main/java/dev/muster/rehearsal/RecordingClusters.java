package dev.muster.rehearsal;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.changes.Clusters;
import dev.muster.live.Cluster;
import dev.muster.live.Listing;
import dev.muster.live.LiveObject;
import dev.muster.live.LogQuery;
import dev.muster.live.Logs;
import dev.muster.live.Reading;
import dev.muster.live.ServicePort;
import dev.muster.live.Watching;
import dev.muster.live.Written;
import dev.muster.resource.ObjectRef;
import dev.muster.topology.ClusterDeclaration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Clusters that remember every object that was read of them. */
public final class RecordingClusters implements Clusters {
  private final Clusters clusters;
  private final Map<String, Map<String, LiveObject>> objects = new ConcurrentHashMap<>();

  public RecordingClusters(Clusters clusters) {
    this.clusters = clusters;
  }

  /** What was read of a cluster, in the order of the objects' paths. */
  public List<LiveObject> of(String cluster) {
    List<LiveObject> all = new ArrayList<>(objects.getOrDefault(cluster, Map.of()).values());
    all.sort(Comparator.comparing(object -> object.ref().path()));
    return all;
  }

  @Override
  public Cluster open(ClusterDeclaration declaration) {
    return new Recording(clusters.open(declaration));
  }

  /** What it shows is the far cluster's, and not remembered. */
  @Override
  public Cluster behind(String name, String kubeconfig) {
    return clusters.behind(name, kubeconfig);
  }

  @Override
  public void close() {
    clusters.close();
  }

  private void remember(String cluster, LiveObject object) {
    objects
        .computeIfAbsent(cluster, name -> new ConcurrentHashMap<>())
        .put(object.ref().path(), object);
  }

  /** One of them; what is seen through a Service is not the cluster's own and not remembered. */
  private final class Recording implements Cluster {
    private final Cluster cluster;

    private Recording(Cluster cluster) {
      this.cluster = cluster;
    }

    @Override
    public String name() {
      return cluster.name();
    }

    @Override
    public Reading read(ObjectRef ref) {
      Reading reading = cluster.read(ref);
      reading.found().ifPresent(found -> remember(name(), found));
      return reading;
    }

    @Override
    public Listing list(ObjectRef kind, String labelSelector) {
      Listing listing = cluster.list(kind, labelSelector);
      if (listing instanceof Listing.Listed listed) {
        listed.objects().forEach(object -> remember(name(), object));
      }
      return listing;
    }

    @Override
    public Reading readThrough(ServicePort service, ObjectRef ref) {
      return cluster.readThrough(service, ref);
    }

    @Override
    public Written create(ObjectRef ref, JsonNode manifest) {
      return cluster.create(ref, manifest);
    }

    @Override
    public Written patch(ObjectRef ref, JsonNode patch) {
      return cluster.patch(ref, patch);
    }

    @Override
    public Written replace(ObjectRef ref, JsonNode manifest) {
      return cluster.replace(ref, manifest);
    }

    @Override
    public Written delete(ObjectRef ref, String uid) {
      return cluster.delete(ref, uid);
    }

    @Override
    public Watching watch(ObjectRef ref, Consumer<Reading> onChange) {
      return cluster.watch(ref, onChange);
    }

    @Override
    public Logs logs(LogQuery query, Instant since) {
      return cluster.logs(query, since);
    }

    @Override
    public Optional<Instant> clock() {
      return cluster.clock();
    }

    @Override
    public void close() {
      cluster.close();
    }
  }
}
