package dev.muster.session;

import dev.muster.changes.InventoryObjects;
import dev.muster.changes.Planner;
import dev.muster.changes.Selection;
import dev.muster.desired.Need;
import dev.muster.plan.ObjectSource;
import dev.muster.plan.Step;
import dev.muster.resource.ObjectRef;
import dev.muster.topology.ClusterDeclaration;
import dev.muster.topology.Topology;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whom an object concerns: the clusters of whose steps some expression names it. What very many
 * steps name, such as a list, concerns all of them, though not first of all.
 */
final class Concern {
  /** Of more members at once it is cheaper to look at all. */
  private static final int MANY = 20;

  private final Map<String, Set<String>> subjects = new HashMap<>();
  private final Set<String> all = new HashSet<>();

  /**
   * @param members whom something is about first of all
   * @param all whether it may be about anybody
   */
  record About(Set<String> members, boolean all) {}

  Concern(Planner planner, List<Step> steps, Topology topology, Selection selection) {
    for (Step step : steps) {
      if (selection.includes(step)) {
        planner.needs(step).forEach(need -> add(need, step.subject()));
      }
    }
    for (ClusterDeclaration cluster : topology.clusters()) {
      ObjectRef ref = InventoryObjects.refOf(topology.name(), cluster.name());
      add(key(topology.host().name(), ref), cluster.name());
    }
  }

  private void add(Need need, ClusterDeclaration subject) {
    String cluster = need.cluster().name();
    if (need.object().source() instanceof ObjectSource.All list) {
      all.add(cluster + " " + list.kind().collectionPath());
    } else if (need.object().source() instanceof ObjectSource.One one && !one.elsewhere()) {
      add(key(cluster, need.ref()), subject.name());
    }
  }

  private void add(String key, String subject) {
    subjects.computeIfAbsent(key, k -> new LinkedHashSet<>()).add(subject);
  }

  private static String key(String cluster, ObjectRef ref) {
    return cluster + " " + ref.path();
  }

  /** Whom it is about; an object that nobody names by its name is about anybody. */
  About of(String cluster, ObjectRef ref) {
    Set<String> named = subjects.getOrDefault(key(cluster, ref), Set.of());
    boolean many = named.size() > MANY;
    return new About(
        many ? Set.of() : named,
        many || named.isEmpty() || all.contains(cluster + " " + ref.collectionPath()));
  }
}
