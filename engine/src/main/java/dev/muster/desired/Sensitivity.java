package dev.muster.desired;

import dev.muster.expression.Reference;
import dev.muster.expression.Template;
import dev.muster.plan.FactSpec;
import dev.muster.plan.ObjectSpec;
import dev.muster.plan.Plan;
import dev.muster.resource.DocumentPlace;
import dev.muster.resource.FieldRules;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whether a value is sensitive is decided by where it comes from: by the paths that an expression
 * names, before it is evaluated, so that no evaluation can lose the mark.
 */
public final class Sensitivity {
  private static final Set<String> CLUSTERS = Set.of("host", "member", "self", "peer");

  private final Plan plan;

  public Sensitivity(Plan plan) {
    this.plan = plan;
  }

  public boolean of(Template template) {
    return of(template, new HashSet<>());
  }

  private boolean of(Template template, Set<String> visited) {
    return template.references().stream().anyMatch(reference -> of(reference, visited));
  }

  private boolean of(Reference reference, Set<String> visited) {
    if (reference.disclosed()) {
      return false;
    }
    if (reference.root().equals("rotation")) {
      return true;
    }
    FactSpec fact = plan.facts().get(reference.root());
    if (fact != null && !fact.ofCluster()) {
      return visited.add(fact.name()) && fact.from().stream().anyMatch(from -> of(from, visited));
    }
    if (reference.path().isEmpty() || reference.root().equals("item")) {
      // An item is only chosen by; no value of it is declared of anything but itself.
      return false;
    }
    FactSpec clusterFact = plan.facts().get(reference.path().get(0));
    if (clusterFact != null && clusterFact.ofCluster()) {
      return visited.add(clusterFact.name())
          && clusterFact.from().stream().anyMatch(from -> of(from, visited));
    }
    if (CLUSTERS.contains(reference.root()) && plan.namesSecret(reference.path().get(0))) {
      return true;
    }
    if (CLUSTERS.contains(reference.root()) && plan.tokens().containsKey(reference.path().get(0))) {
      return true;
    }
    ObjectSpec object = plan.objects().get(reference.path().get(0));
    return object != null && touches(object, reference.path().subList(1, reference.path().size()));
  }

  /**
   * A path is sensitive at and below a sensitive one; above it as well, unless it is the whole
   * object, which expressions name to ask whether it exists or what its conditions say.
   */
  private static boolean touches(ObjectSpec object, List<String> path) {
    if (holds(object.rules(), path)) {
      return true;
    }
    for (String text : object.rules().sensitive()) {
      List<String> sensitive = List.of(text.split("\\."));
      int common = Math.min(sensitive.size(), path.size());
      if (common > 0 && sensitive.subList(0, common).equals(path.subList(0, common))) {
        if (path.size() >= sensitive.size() || path.size() > 1) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether it is the text of a document in which something is sensitive. */
  private static boolean holds(FieldRules rules, List<String> path) {
    for (Map.Entry<String, DocumentPlace> document : rules.documents().entrySet()) {
      List<String> field = document.getValue().field().segments();
      int common = Math.min(field.size(), path.size());
      if (common > 0
          && field.subList(0, common).equals(path.subList(0, common))
          && rules.sensitive().stream().anyMatch(s -> s.startsWith(document.getKey() + "."))) {
        return true;
      }
    }
    return false;
  }
}
