package dev.muster.changes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.live.Cluster;
import dev.muster.live.Failure;
import dev.muster.live.Follower;
import dev.muster.live.Issuance;
import dev.muster.live.Listing;
import dev.muster.live.LiveObject;
import dev.muster.live.LogQuery;
import dev.muster.live.Logs;
import dev.muster.live.Reading;
import dev.muster.live.ServicePort;
import dev.muster.live.TokenRequest;
import dev.muster.live.Watching;
import dev.muster.live.Written;
import dev.muster.resource.ObjectRef;
import dev.muster.topology.ClusterDeclaration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Clusters that hold what a test gives them and cannot be written to. */
final class MemoryClusters implements Clusters {
  private final Map<String, Map<String, LiveObject>> objects = new LinkedHashMap<>();

  MemoryClusters put(String cluster, JsonNode object) {
    LiveObject live = new LiveObject(Changes.refOf(object), object);
    objects.computeIfAbsent(cluster, name -> new LinkedHashMap<>()).put(live.ref().path(), live);
    return this;
  }

  @Override
  public Cluster behind(String name, String kubeconfig) {
    throw new UnsupportedOperationException("nothing here has a kubeconfig of its own");
  }

  @Override
  public Cluster open(ClusterDeclaration declaration) {
    return new Memory(declaration.name(), objects.getOrDefault(declaration.name(), Map.of()));
  }

  @Override
  public void close() {}

  private record Memory(String name, Map<String, LiveObject> objects) implements Cluster {
    @Override
    public Reading read(ObjectRef ref) {
      return Optional.ofNullable(objects.get(ref.path()))
          .<Reading>map(Reading.Found::new)
          .orElseGet(Reading.Absent::new);
    }

    @Override
    public Listing list(ObjectRef kind, String labelSelector) {
      String[] label = labelSelector.split("=", 2);
      return new Listing.Listed(
          objects.values().stream()
              .filter(o -> o.ref().withName("").path().equals(kind.withName("").path()))
              .filter(
                  o ->
                      labelSelector.isEmpty()
                          || o.tree()
                              .at("/metadata/labels")
                              .path(label[0])
                              .asText()
                              .equals(label[1]))
              .toList(),
          "1");
    }

    @Override
    public Reading readThrough(ServicePort service, ObjectRef ref) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Written create(ObjectRef ref, JsonNode manifest) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Issuance issue(TokenRequest request) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Written patch(ObjectRef ref, JsonNode patch) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Written replace(ObjectRef ref, JsonNode manifest) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Written delete(ObjectRef ref, String uid) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Watching watch(ObjectRef ref, Consumer<Reading> onChange) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Watching watchAll(ObjectRef kind, String labelSelector, Follower follower) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Logs logs(LogQuery query, Instant since) {
      return new Logs.Failed(new Failure(Failure.Kind.NOT_FOUND, "no logs here"));
    }

    @Override
    public Optional<Instant> clock() {
      return Optional.empty();
    }

    @Override
    public void close() {}
  }
}
