package dev.muster.changes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.resource.Declared;
import dev.muster.resource.FieldPath;
import dev.muster.resource.ObjectRef;
import dev.muster.topology.ClusterDeclaration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a new object is given that others had set on the one that it replaces. */
final class HandedOn {
  private HandedOn() {}

  /**
   * Leaves out what muster itself had set on the former object: as far as it is still declared it
   * comes from there, and the rest has left the topology. Where somebody else's value had been
   * replaced, that is handed on.
   *
   * @param initial what the plan takes from the former object
   * @param ref the new one
   */
  static Declared.Fields of(
      Declared.Fields initial,
      ObjectRef ref,
      ClusterDeclaration cluster,
      ClusterDeclaration subject,
      Inventory inventory) {
    Declared.Fields handed = initial;
    for (OwnedObject object : former(cluster, subject, inventory)) {
      if (collection(object.ref()).equals(collection(ref))) {
        for (FieldPath path : object.all()) {
          handed = without(handed, path.segments(), Optional.ofNullable(object.before().get(path)));
        }
      }
    }
    return handed;
  }

  private static List<OwnedObject> former(
      ClusterDeclaration cluster, ClusterDeclaration subject, Inventory inventory) {
    List<OwnedObject> objects = new ArrayList<>();
    for (String name : List.of(subject.name(), subject.formerName())) {
      inventory.entry(name).map(InventoryEntry::objects).ifPresent(objects::addAll);
    }
    objects.removeIf(object -> !object.cluster().equals(cluster.name()));
    return objects;
  }

  private static String collection(ObjectRef ref) {
    return ref.withName("").collectionPath();
  }

  private static Declared.Fields without(
      Declared.Fields fields, List<String> path, Optional<JsonNode> before) {
    Declared child = fields.entries().get(path.get(0));
    if (child == null) {
      return fields;
    }
    Map<String, Declared> entries = new LinkedHashMap<>(fields.entries());
    if (path.size() > 1) {
      if (child instanceof Declared.Fields below) {
        entries.put(path.get(0), without(below, path.subList(1, path.size()), before));
      }
    } else if (before.isPresent()) {
      entries.put(path.get(0), new Declared.Known(before.get(), child.sensitive()));
    } else {
      entries.remove(path.get(0));
    }
    return new Declared.Fields(entries);
  }
}
