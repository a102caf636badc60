package dev.muster.changes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.desired.Lookup;
import dev.muster.desired.Need;
import dev.muster.desired.World;
import dev.muster.diff.Change;
import dev.muster.diff.ObjectDiff;
import dev.muster.live.LiveObject;
import dev.muster.live.Reading;
import dev.muster.plan.ObjectSource;
import dev.muster.resource.ObjectRef;
import dev.muster.topology.ClusterDeclaration;
import dev.muster.topology.Topology;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What was read, with the effect of the steps that have been planned so far laid over it: what they
 * delete is gone for later steps, and what they patch is what later steps patch on. Expressions see
 * what is gone, and of patched objects what they were: values of a controller's making do not
 * follow at once. For one thread.
 */
final class Planned implements World {
  private final Snapshot snapshot;

  /** Cluster and path of an object to what is left of it; empty when it is deleted. */
  private final Map<String, Optional<LiveObject>> changed = new HashMap<>();

  private boolean deletes;

  Planned(Snapshot snapshot) {
    this.snapshot = snapshot;
  }

  /** Takes in what a step would do. */
  void after(StepPlan step) {
    String cluster = step.step().cluster().name();
    for (Change change : step.effective()) {
      if (change instanceof Change.Delete) {
        changed.put(key(cluster, change.ref()), Optional.empty());
        deletes = true;
      } else if (change instanceof Change.Patch patch) {
        written(patch.diff())
            .ifPresent(o -> changed.put(key(cluster, patch.ref()), Optional.of(o)));
      }
    }
  }

  private static Optional<LiveObject> written(ObjectDiff diff) {
    return diff.complete() && !diff.needsGenerated()
        ? Optional.of(new LiveObject(diff.ref(), diff.result()))
        : Optional.empty();
  }

  /** What a step that comes now would find. */
  Optional<Reading> reading(Need need) {
    Optional<LiveObject> left = changed.get(key(need.cluster().name(), need.ref()));
    if (left == null || need.through().isPresent()) {
      return snapshot.reading(need);
    }
    return Optional.of(left.<Reading>map(Reading.Found::new).orElseGet(Reading.Absent::new));
  }

  @Override
  public Lookup object(Need need) {
    // Asked for every name of every expression, so nothing here may grow with the fleet.
    if (!deletes || need.through().isPresent()) {
      return snapshot.object(need);
    }
    if (need.object().source() instanceof ObjectSource.One) {
      return isDeleted(need.cluster(), need.ref()) ? new Lookup.Absent() : snapshot.object(need);
    }
    return need.object().source() instanceof ObjectSource.All all
            && snapshot.object(need) instanceof Lookup.Present present
        ? new Lookup.Present(withoutDeleted(present.value(), all.kind(), need.cluster()))
        : snapshot.object(need);
  }

  private JsonNode withoutDeleted(JsonNode list, ObjectRef kind, ClusterDeclaration cluster) {
    ObjectNode view = JsonNodeFactory.instance.objectNode();
    ArrayNode items = view.putArray("items");
    for (JsonNode item : list.path("items")) {
      ObjectRef ref =
          ObjectRef.of(
                  kind.apiVersion(),
                  kind.kind(),
                  item.at("/metadata/namespace").asText(),
                  item.at("/metadata/name").asText())
              .withPlural(kind.plural());
      if (!isDeleted(cluster, ref)) {
        items.add(item);
      }
    }
    return view;
  }

  private boolean isDeleted(ClusterDeclaration cluster, ObjectRef ref) {
    Optional<LiveObject> left = changed.get(key(cluster.name(), ref));
    return left != null && left.isEmpty();
  }

  @Override
  public Lookup carried(ClusterDeclaration cluster, String fact) {
    return snapshot.carried(cluster, fact);
  }

  @Override
  public Lookup recordedUid(ClusterDeclaration cluster) {
    return snapshot.recordedUid(cluster);
  }

  @Override
  public Lookup uid(ClusterDeclaration cluster) {
    return snapshot.uid(cluster);
  }

  @Override
  public Lookup clock(ClusterDeclaration cluster) {
    return snapshot.clock(cluster);
  }

  @Override
  public ObjectNode topology(Topology topology, Supplier<ObjectNode> made) {
    return snapshot.topology(topology, made);
  }

  @Override
  public ObjectNode rotation() {
    return snapshot.rotation();
  }

  private static String key(String cluster, ObjectRef ref) {
    return cluster + " " + ref.path();
  }
}
