package dev.muster.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.changes.Clusters;
import dev.muster.changes.ForwardingClusters;
import dev.muster.diff.Patches;
import dev.muster.live.Cluster;
import dev.muster.live.Failure;
import dev.muster.live.ForwardingCluster;
import dev.muster.live.Issuance;
import dev.muster.live.Listing;
import dev.muster.live.LiveObject;
import dev.muster.live.Reading;
import dev.muster.live.TokenRequest;
import dev.muster.live.Written;
import dev.muster.resource.ObjectRef;
import dev.muster.topology.ClusterDeclaration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Clusters for a dry run: reads pass, writes stay in memory and are seen by later reads. The
 * servers may be asked whether they would take a write; they are then expected to store nothing.
 */
public final class DryRunClusters extends ForwardingClusters {
  private final boolean askServers;
  private final Map<String, Cluster> opened = new ConcurrentHashMap<>();

  /**
   * @param askServers whether writes go to the servers, which must have been told to store nothing
   */
  public DryRunClusters(Clusters real, boolean askServers) {
    super(real);
    this.askServers = askServers;
  }

  @Override
  public Cluster open(ClusterDeclaration declaration) {
    return opened.computeIfAbsent(
        declaration.name(), name -> new Overlay(clusters().open(declaration)));
  }

  private final class Overlay extends ForwardingCluster {
    private final Map<ObjectRef, Optional<LiveObject>> written = new ConcurrentHashMap<>();

    Overlay(Cluster cluster) {
      super(cluster);
    }

    @Override
    public Reading read(ObjectRef ref) {
      Optional<LiveObject> mine = written.get(ref);
      if (mine != null) {
        return mine.<Reading>map(Reading.Found::new).orElseGet(Reading.Absent::new);
      }
      return super.read(ref);
    }

    @Override
    public Listing list(ObjectRef kind, String labelSelector) {
      Listing listing = super.list(kind, labelSelector);
      if (!(listing instanceof Listing.Listed listed)) {
        return listing;
      }
      List<LiveObject> objects = new ArrayList<>();
      for (LiveObject object : listed.objects()) {
        if (!written.containsKey(object.ref())) {
          objects.add(object);
        }
      }
      written.forEach(
          (ref, object) -> {
            if (ref.withName("").collectionPath().equals(kind.collectionPath())) {
              object.ifPresent(objects::add);
            }
          });
      return new Listing.Listed(objects, listed.resourceVersion());
    }

    @Override
    public Written create(ObjectRef ref, JsonNode manifest) {
      if (askServers) {
        Written answer = super.create(ref, manifest);
        if (answer instanceof Written.Failed failed
            && !dependsOnEarlierWrite(failed.failure(), ref)) {
          return answer;
        }
        if (answer instanceof Written.Done done) {
          return keep(ref, done.object());
        }
      }
      ObjectNode tree = manifest.deepCopy();
      ObjectNode metadata = tree.withObjectProperty("metadata");
      if (!metadata.has("uid")) {
        metadata.put("uid", "dry-run").put("resourceVersion", "0");
      }
      return keep(ref, new LiveObject(ref, tree));
    }

    /** A namespace or kind that this very dry run "created" is not there for the server. */
    private boolean dependsOnEarlierWrite(Failure failure, ObjectRef ref) {
      return failure.kind() == Failure.Kind.NOT_FOUND
          && written.keySet().stream()
              .anyMatch(
                  earlier ->
                      earlier.kind().equals("CustomResourceDefinition")
                          || earlier.kind().equals("Namespace")
                              && earlier.name().equals(ref.namespace()));
    }

    @Override
    public Written patch(ObjectRef ref, JsonNode patch) {
      boolean onlyHere = written.containsKey(ref);
      if (askServers && !onlyHere) {
        Written answer = super.patch(ref, patch);
        return answer instanceof Written.Done done ? keep(ref, done.object()) : answer;
      }
      Reading reading = read(ref);
      if (reading.found().isEmpty()) {
        return new Written.Failed(
            reading
                .failed()
                .orElseGet(() -> new Failure(Failure.Kind.NOT_FOUND, ref + " does not exist")));
      }
      try {
        return keep(ref, new LiveObject(ref, Patches.apply(patch, reading.found().get().tree())));
      } catch (IllegalArgumentException e) {
        return new Written.Failed(new Failure(Failure.Kind.STALE, String.valueOf(e.getMessage())));
      }
    }

    private Written keep(ObjectRef ref, LiveObject object) {
      written.put(ref, Optional.of(object));
      return new Written.Done(object);
    }

    /** Nobody is given anything: in its place stands what no server takes for a token. */
    @Override
    public Issuance issue(TokenRequest request) {
      return new Issuance.Token("no-token-is-issued-by-a-dry-run");
    }

    @Override
    public Written replace(ObjectRef ref, JsonNode manifest) {
      return keep(ref, new LiveObject(ref, manifest));
    }

    @Override
    public Written delete(ObjectRef ref, String uid) {
      Reading reading = read(ref);
      if (reading.failed().isPresent()) {
        return new Written.Failed(reading.failed().get());
      }
      if (askServers && !written.containsKey(ref)) {
        Written answer = super.delete(ref, uid);
        if (!(answer instanceof Written.Done)) {
          return answer;
        }
      }
      written.put(ref, Optional.empty());
      return reading.found().<Written>map(Written.Done::new).orElseGet(Written.Gone::new);
    }
  }
}
