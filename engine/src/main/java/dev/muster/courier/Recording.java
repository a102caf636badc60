package dev.muster.courier;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.desired.Need;
import dev.muster.live.Cluster;
import dev.muster.live.Listing;
import dev.muster.live.LiveObject;
import dev.muster.live.Reading;
import dev.muster.plan.ObjectSource;
import dev.muster.plan.ObjectSpec;
import dev.muster.plan.Plan;
import dev.muster.problem.MusterException;
import dev.muster.resource.ObjectRef;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a cluster answered to the reads that a plan's expressions need: single objects, those that
 * were not there, and lists.
 *
 * @param objects empty for one that was not there
 * @param lists by kind, the reference without a name
 */
public record Recording(
    Map<ObjectRef, Optional<JsonNode>> objects, Map<ObjectRef, List<JsonNode>> lists) {
  /** Who the cluster is. */
  public static final ObjectRef IDENTITY = ObjectRef.of("v1", "Namespace", "", "kube-system");

  public Recording {
    objects = Map.copyOf(objects);
    lists = Map.copyOf(lists);
  }

  /**
   * Reads what is needed and nothing else.
   *
   * @param needs of this cluster
   * @param besides of this cluster, left out where it cannot be read
   * @param owned objects to be read besides
   * @throws MusterException when something that is needed cannot be read
   */
  public static Recording of(
      Cluster cluster,
      Plan plan,
      Collection<Need> needs,
      Collection<Need> besides,
      Collection<ObjectRef> owned) {
    Set<ObjectRef> refs = new LinkedHashSet<>(Set.of(IDENTITY));
    Set<ObjectRef> kinds = new LinkedHashSet<>();
    collect(needs, refs, kinds);
    Set<ObjectRef> must = new LinkedHashSet<>(refs);
    must.addAll(kinds);
    collect(besides, refs, kinds);
    refs.addAll(owned);
    Map<ObjectRef, Optional<JsonNode>> objects = new LinkedHashMap<>();
    for (ObjectRef ref : refs) {
      Reading reading = cluster.read(ref);
      if (reading.failed().isEmpty()) {
        objects.put(ref, reading.found().map(LiveObject::tree));
      } else if (must.contains(ref)) {
        refuse(cluster, ref, reading.failed().get().message());
      }
    }
    Map<ObjectRef, List<JsonNode>> lists = new LinkedHashMap<>();
    for (ObjectRef kind : kinds) {
      Listing listing = cluster.list(kind, "");
      if (listing instanceof Listing.Listed listed) {
        lists.put(
            kind,
            listed.objects().stream()
                .map(o -> refs.contains(o.ref()) ? o.tree() : bare(o, plan))
                .toList());
      } else if (must.contains(kind)) {
        refuse(cluster, kind, ((Listing.Failed) listing).failure().message());
      }
    }
    return new Recording(objects, lists);
  }

  private static void collect(Collection<Need> needs, Set<ObjectRef> refs, Set<ObjectRef> kinds) {
    for (Need need : needs) {
      if (need.access().isPresent() || need.through().isPresent()) {
        continue; // It is read another way than from the cluster itself.
      }
      if (need.object().source() instanceof ObjectSource.One) {
        refs.add(need.ref());
      } else if (need.object().source() instanceof ObjectSource.All all) {
        kinds.add(all.kind());
      }
    }
  }

  private static void refuse(Cluster cluster, ObjectRef what, String why) {
    throw MusterException.of(
        "cannot read " + what + " on " + cluster.name() + ": " + why,
        "check the cluster and the rights, then run the same command again");
  }

  /** An object of somebody else that a list has: nothing of it that the plan calls sensitive. */
  private static JsonNode bare(LiveObject object, Plan plan) {
    ObjectNode copy = object.tree().deepCopy();
    for (ObjectSpec spec : plan.objects().values()) {
      boolean same =
          spec.source() instanceof ObjectSource.One one
                  && one.pattern().withName("").equals(object.ref().withName(""))
              || spec.source() instanceof ObjectSource.All all
                  && all.kind().collectionPath().equals(object.ref().withName("").collectionPath());
      if (same) {
        spec.rules().sensitive().forEach(path -> remove(copy, List.of(path.split("\\."))));
      }
    }
    return copy;
  }

  private static void remove(JsonNode node, List<String> path) {
    if (node.isArray()) {
      node.forEach(element -> remove(element, path));
    } else if (node instanceof ObjectNode object) {
      if (path.size() == 1) {
        object.remove(path.get(0));
      } else {
        remove(object.path(path.get(0)), path.subList(1, path.size()));
      }
    }
  }

  /** Of the cluster that this was read from. */
  public String uid() {
    return objects
        .getOrDefault(IDENTITY, Optional.empty())
        .map(tree -> tree.at("/metadata/uid").asText())
        .orElse("");
  }

  ObjectNode json() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    ArrayNode single = root.putArray("objects");
    objects.forEach(
        (ref, tree) -> {
          ObjectNode entry = single.addObject();
          entry.set("ref", json(ref));
          tree.ifPresent(t -> entry.set("object", t));
        });
    ArrayNode all = root.putArray("lists");
    lists.forEach(
        (kind, items) -> {
          ObjectNode entry = all.addObject();
          entry.set("kind", json(kind));
          entry.putArray("items").addAll(items);
        });
    return root;
  }

  static Recording read(JsonNode root) {
    Map<ObjectRef, Optional<JsonNode>> objects = new LinkedHashMap<>();
    for (JsonNode entry : root.path("objects")) {
      objects.put(ref(entry.path("ref")), Optional.ofNullable(entry.get("object")));
    }
    Map<ObjectRef, List<JsonNode>> lists = new LinkedHashMap<>();
    for (JsonNode entry : root.path("lists")) {
      List<JsonNode> items = new java.util.ArrayList<>();
      entry.path("items").forEach(items::add);
      lists.put(ref(entry.path("kind")), List.copyOf(items));
    }
    return new Recording(objects, lists);
  }

  private static ObjectNode json(ObjectRef ref) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("group", ref.group())
        .put("version", ref.version())
        .put("kind", ref.kind())
        .put("plural", ref.plural())
        .put("namespace", ref.namespace())
        .put("name", ref.name());
  }

  private static ObjectRef ref(JsonNode node) {
    return new ObjectRef(
        node.path("group").asText(),
        node.path("version").asText(),
        node.path("kind").asText(),
        node.path("plural").asText(),
        node.path("namespace").asText(),
        node.path("name").asText());
  }

  /** Keeps what it holds out of messages. */
  @Override
  public String toString() {
    return "a recording of " + objects.size() + " objects";
  }
}
