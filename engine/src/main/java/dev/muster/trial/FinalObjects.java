package dev.muster.trial;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.live.LiveObject;
import dev.muster.plan.Plan;
import dev.muster.problem.MusterException;
import dev.muster.resource.ObjectRef;
import dev.muster.yaml.YamlDocument;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The objects of a case as a stage left them, and what the run did to them. */
final class FinalObjects implements Seen.Objects {
  private static final List<String> BOOKKEEPING =
      List.of("uid", "resourceVersion", "generation", "creationTimestamp", "managedFields");
  private static final List<String> IDENTITY = List.of("namespace", "name");

  private final TrialClusters clusters;
  private final Names names;
  private final Laying laying;
  private final Secrets secrets;
  private final Map<String, Map<String, JsonNode>> before = new LinkedHashMap<>();
  private final Map<String, Map<String, LiveObject>> after = new LinkedHashMap<>();

  FinalObjects(
      Plan plan,
      TrialClusters clusters,
      Laying laying,
      Secrets secrets,
      Map<String, Map<String, JsonNode>> before) {
    this.clusters = clusters;
    this.names = new Names(plan);
    this.laying = laying;
    this.secrets = secrets;
    this.before.putAll(before);
    // Later stages go on with the same clusters.
    clusters.all().forEach(cluster -> after.put(cluster.name(), byPath(cluster)));
  }

  private static Map<String, LiveObject> byPath(TrialCluster cluster) {
    Map<String, LiveObject> objects = new LinkedHashMap<>();
    cluster.all().forEach(object -> objects.put(object.ref().path(), object));
    return objects;
  }

  /** All objects as they are, to compare with later. */
  static Map<String, Map<String, JsonNode>> state(TrialClusters clusters) {
    Map<String, Map<String, JsonNode>> state = new LinkedHashMap<>();
    for (TrialCluster cluster : clusters.all()) {
      Map<String, JsonNode> objects = new LinkedHashMap<>();
      cluster.all().forEach(object -> objects.put(object.ref().path(), object.tree()));
      state.put(cluster.name(), objects);
    }
    return state;
  }

  @Override
  public Secrets secrets() {
    return secrets;
  }

  @Override
  public boolean knows(String cluster) {
    return clusters.named(cluster).isPresent();
  }

  @Override
  public Optional<Found> of(String cluster, JsonNode manifest) {
    return names
        .of(manifest)
        .flatMap(ref -> Optional.ofNullable(after.getOrDefault(cluster, Map.of()).get(ref.path())))
        .map(object -> found(cluster, object));
  }

  /** What the run wrote, cluster by cluster; the inventory is muster's own affair. */
  Map<String, List<Found>> written(Map<String, List<ObjectRef>> refs) {
    Map<String, List<Found>> found = new LinkedHashMap<>();
    refs.forEach(
        (cluster, all) -> {
          List<Found> objects = new ArrayList<>();
          for (ObjectRef ref : all) {
            objects.add(
                Optional.ofNullable(after.getOrDefault(cluster, Map.of()).get(ref.path()))
                    .map(object -> found(cluster, object))
                    .orElseGet(() -> gone(cluster, ref)));
          }
          if (!objects.isEmpty()) {
            found.put(cluster, objects);
          }
        });
    return found;
  }

  private static Found gone(String cluster, ObjectRef ref) {
    ObjectNode tree =
        JsonNodeFactory.instance
            .objectNode()
            .put("apiVersion", Laying.OWN)
            .put("kind", "Gone")
            .put("object", Names.written(ref));
    return new Found(cluster, tree, tree, tree);
  }

  @Override
  public boolean has(String cluster, String written) {
    return names
        .of(written)
        .filter(ref -> after.getOrDefault(cluster, Map.of()).containsKey(ref.path()))
        .isPresent();
  }

  private Found found(String cluster, LiveObject object) {
    JsonNode old =
        before
            .getOrDefault(cluster, Map.of())
            .getOrDefault(object.ref().path(), JsonNodeFactory.instance.objectNode());
    ObjectNode now = opened(object.ref(), object.tree());
    ObjectNode touched = touched(opened(object.ref(), old), now);
    ObjectNode named = JsonNodeFactory.instance.objectNode();
    named.set("apiVersion", now.path("apiVersion"));
    named.set("kind", now.path("kind"));
    ObjectNode metadata = named.putObject("metadata");
    for (String key : IDENTITY) {
      if (now.path("metadata").has(key)) {
        metadata.set(key, now.path("metadata").get(key));
      }
    }
    return new Found(
        cluster,
        now,
        secrets.masked(cluster, object.ref(), now),
        secrets.masked(cluster, object.ref(), Laying.merged(named, touched)));
  }

  /** Without bookkeeping, and with embedded documents in the place of the texts that hold them. */
  private ObjectNode opened(ObjectRef ref, JsonNode tree) {
    ObjectNode copy = tree.deepCopy();
    if (copy.path("metadata") instanceof ObjectNode metadata) {
      metadata.remove(BOOKKEEPING);
    }
    laying
        .embedded(ref)
        .forEach(
            (name, place) -> {
              List<String> path = place.field().segments();
              Optional<String> text = place.text(place.in(copy));
              if (text.isEmpty()) {
                return;
              }
              try {
                copy.set(name, YamlDocument.parse(text.get()).json());
              } catch (MusterException broken) {
                return; // It is compared as the text that it is.
              }
              List<String> parents = path.subList(0, path.size() - 1);
              if (Laying.at(copy, parents) instanceof ObjectNode parent) {
                parent.remove(path.get(path.size() - 1));
                if (parent.isEmpty() && parents.size() == 1) {
                  copy.remove(parents.get(0));
                }
              }
            });
    return copy;
  }

  /** The fields of the second that the first has not, or has otherwise. */
  private static ObjectNode touched(JsonNode old, JsonNode now) {
    ObjectNode fields = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> field : now.properties()) {
      JsonNode was = old.path(field.getKey());
      JsonNode is = field.getValue();
      if (is.equals(was)) {
        continue;
      }
      if (is.isObject() && was.isObject()) {
        ObjectNode below = touched(was, is);
        if (!below.isEmpty()) {
          fields.set(field.getKey(), below);
        }
      } else {
        fields.set(field.getKey(), is);
      }
    }
    return fields;
  }
}
