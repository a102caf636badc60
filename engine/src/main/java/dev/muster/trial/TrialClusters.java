package dev.muster.trial;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.changes.Clusters;
import dev.muster.live.Cluster;
import dev.muster.live.ForwardingCluster;
import dev.muster.live.Reading;
import dev.muster.resource.ObjectRef;
import dev.muster.topology.ClusterDeclaration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The clusters of a case, by the names that its topology has for them. */
final class TrialClusters implements Clusters {
  private static final ObjectRef IDENTITY = ObjectRef.of("v1", "Namespace", "", "kube-system");

  private final Map<String, TrialCluster> clusters = new LinkedHashMap<>();

  /** Makes a cluster of which nothing is known but that it is there. */
  void add(String name, TrialTime time) {
    if (!clusters.containsKey(name)) {
      TrialCluster cluster = new TrialCluster(name, time, this::other);
      clusters.put(name, cluster);
      ObjectNode identity = JsonNodeFactory.instance.objectNode();
      identity.put("apiVersion", "v1").put("kind", "Namespace");
      identity.putObject("metadata").put("name", IDENTITY.name()).put("uid", "uid-of-" + name);
      cluster.put(IDENTITY, identity);
    }
  }

  private Optional<Cluster> other(String name) {
    return Optional.ofNullable(clusters.get(name));
  }

  Optional<TrialCluster> named(String name) {
    return Optional.ofNullable(clusters.get(name));
  }

  List<TrialCluster> all() {
    return List.copyOf(clusters.values());
  }

  @Override
  public Cluster open(ClusterDeclaration declaration) {
    return Objects.requireNonNull(clusters.get(declaration.name()), declaration.name());
  }

  @Override
  public Cluster behind(String name, String kubeconfig) {
    TrialCluster cluster = Objects.requireNonNull(clusters.get(name), name);
    return new ForwardingCluster(cluster) {
      @Override
      public Reading read(ObjectRef ref) {
        return cluster.readBehind(ref);
      }
    };
  }

  /** It lasts as long as its case. */
  @Override
  public void close() {}
}
