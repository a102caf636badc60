package dev.muster.plan;

import dev.muster.expression.Reference;
import dev.muster.expression.Template;
import dev.muster.problem.Problems;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Refuses facts, and objects with an access of their own, that are defined by each other in a
 * circle: whoever follows what they read would never come to an end.
 */
final class DefinitionCheck {
  private static final Set<String> CLUSTERS = Set.of("host", "member", "self", "peer");

  private final Problems problems;
  private final Map<String, List<Template>> definitions = new LinkedHashMap<>();
  private final Set<String> bare = new HashSet<>();
  private final Set<String> sound = new HashSet<>();
  private final Set<String> inCircles = new HashSet<>();
  private final List<String> path = new ArrayList<>();
  private final List<Template> ways = new ArrayList<>();

  DefinitionCheck(Plan plan, Problems problems) {
    this.problems = problems;
    for (ObjectSpec object : plan.objects().values()) {
      if (object.source() instanceof ObjectSource.One one && one.access().isPresent()) {
        definitions.put(object.name(), List.of(one.access().get()));
      }
    }
    for (FactSpec fact : plan.facts().values()) {
      definitions.put(fact.name(), fact.from());
      if (!fact.ofCluster()) {
        bare.add(fact.name());
      }
    }
  }

  /** Reports all circles; whether there is none. */
  boolean check() {
    boolean none = true;
    for (String name : definitions.keySet()) {
      path.clear();
      ways.clear();
      none &= comesToAnEnd(name);
    }
    return none;
  }

  private boolean comesToAnEnd(String name) {
    if (sound.contains(name)) {
      return true;
    }
    if (inCircles.contains(name)) {
      return false;
    }
    if (path.contains(name)) {
      report(name);
      return false;
    }
    path.add(name);
    for (Template template : definitions.getOrDefault(name, List.of())) {
      ways.add(template);
      for (Reference reference : template.references()) {
        String next = definition(reference);
        if (definitions.containsKey(next) && !comesToAnEnd(next)) {
          return false;
        }
      }
      ways.remove(ways.size() - 1);
    }
    path.remove(path.size() - 1);
    sound.add(name);
    return true;
  }

  /** The name under which what is read is defined, if it is. */
  private String definition(Reference reference) {
    if (bare.contains(reference.root())) {
      return reference.root();
    }
    boolean ofCluster = CLUSTERS.contains(reference.root()) && !reference.path().isEmpty();
    String name = ofCluster ? reference.path().get(0) : "";
    return bare.contains(name) ? "" : name;
  }

  private void report(String name) {
    int from = path.indexOf(name);
    List<String> circle = new ArrayList<>(path.subList(from, path.size()));
    inCircles.addAll(circle);
    circle.add(name);
    List<String> hints = new ArrayList<>();
    for (int i = 0; i + 1 < circle.size(); i++) {
      hints.add(
          circle.get(i) + " reads " + circle.get(i + 1) + " at " + ways.get(from + i).where());
    }
    hints.add("take one of these out: what is read from clusters has to come first");
    problems.error(
        ways.get(from).where(),
        circle.size() == 2
            ? "\"" + name + "\" is defined by itself"
            : "these are defined by each other in a circle: " + String.join(" -> ", circle),
        hints.toArray(String[]::new));
  }
}
