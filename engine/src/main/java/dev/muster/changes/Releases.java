package dev.muster.changes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.diff.Leaves;
import dev.muster.plan.Step;
import dev.muster.resource.Declared;
import dev.muster.resource.FieldPath;
import dev.muster.resource.FieldRules;
import dev.muster.resource.ObjectRef;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds what muster once took charge of and nothing declares any more. */
final class Releases {
  private final Inventory inventory;
  private final Writers writers;

  Releases(Inventory inventory, Writers writers) {
    this.inventory = inventory;
    this.writers = writers;
  }

  /**
   * What a step gives back of one object.
   *
   * @param removed fields that are to be removed
   * @param restored fields that go back to the value that muster replaced
   * @param replaces the steps that once declared them and have no part in the object any more
   */
  record Release(List<FieldPath> removed, Map<FieldPath, JsonNode> restored, Set<String> replaces) {
    static Release none() {
      return new Release(List.of(), Map.of(), Set.of());
    }

    Set<FieldPath> paths() {
      Set<FieldPath> paths = new LinkedHashSet<>(removed);
      paths.addAll(restored.keySet());
      return paths;
    }

    /** A declaration that says in addition what is to be restored. */
    Declared.Fields over(Declared.Fields declared) {
      Declared.Fields result = declared;
      for (Map.Entry<FieldPath, JsonNode> entry : restored.entrySet()) {
        result = put(result, entry.getKey().segments(), entry.getValue());
      }
      return result;
    }

    private static Declared.Fields put(Declared.Fields into, List<String> path, JsonNode value) {
      Map<String, Declared> entries = new LinkedHashMap<>(into.entries());
      String key = path.get(0);
      if (path.size() == 1) {
        entries.put(key, new Declared.Known(value, false));
      } else {
        Declared.Fields below =
            entries.get(key) instanceof Declared.Fields fields
                ? fields
                : new Declared.Fields(Map.of());
        entries.put(key, put(below, path.subList(1, path.size()), value));
      }
      return new Declared.Fields(entries);
    }
  }

  /** What a step gives back of an object that it writes. */
  Release of(Step step, ObjectRef ref, Declared.Fields declared, FieldRules rules) {
    Optional<OwnedObject> owned =
        inventory
            .entry(step.subject().name())
            .flatMap(entry -> entry.object(step.cluster().name(), ref));
    if (owned.isEmpty()) {
      return Release.none();
    }
    Set<String> replaces = replaced(step, owned.get());
    List<FieldPath> candidates = new ArrayList<>();
    owned
        .get()
        .fields()
        .forEach(
            (id, paths) -> {
              if (id.equals(step.spec().id()) || replaces.contains(id)) {
                candidates.addAll(paths);
              }
            });
    List<FieldPath> dropped =
        Leaves.dropped(ref, declared, rules, candidates).stream()
            .filter(path -> !writers.declaredElsewhere(step, ref, rules, path))
            .toList();
    return split(owned.get(), dropped, replaces);
  }

  /** All that is left of an object that no step writes any more. */
  static Release all(OwnedObject owned) {
    Declared.Fields nothing = new Declared.Fields(Map.of());
    return split(
        owned,
        Leaves.dropped(owned.ref(), nothing, owned.rules(), owned.all()),
        owned.fields().keySet());
  }

  private static Release split(OwnedObject owned, List<FieldPath> dropped, Set<String> replaces) {
    List<FieldPath> removed = new ArrayList<>();
    Map<FieldPath, JsonNode> restored = new LinkedHashMap<>();
    for (FieldPath path : dropped) {
      JsonNode before = owned.before().get(path);
      if (before == null) {
        removed.add(path);
      } else {
        restored.put(path, before);
      }
    }
    return new Release(removed, restored, replaces);
  }

  /** The steps that have no part in the object any more, if this is the one to follow them. */
  private Set<String> replaced(Step step, OwnedObject owned) {
    Set<String> gone = new LinkedHashSet<>();
    for (String id : owned.fields().keySet()) {
      if (!id.equals(step.spec().id())
          && !writers.writes(id, step.subject(), owned.cluster(), owned.ref())) {
        gone.add(id);
      }
    }
    if (gone.isEmpty()) {
      return Set.of();
    }
    boolean first =
        writers.of(step.subject(), owned.cluster(), owned.ref()).stream()
            .findFirst()
            .filter(writer -> writer.spec().id().equals(step.spec().id()))
            .isPresent();
    return first ? gone : Set.of();
  }

  /** Whether some step about the cluster still writes an object. */
  boolean hasWriter(dev.muster.topology.ClusterDeclaration subject, OwnedObject owned) {
    for (String id : owned.fields().keySet()) {
      if (writers.writes(id, subject, owned.cluster(), owned.ref())) {
        return true;
      }
    }
    return !writers.of(subject, owned.cluster(), owned.ref()).isEmpty();
  }
}
