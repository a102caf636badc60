package dev.muster.rights;

import dev.muster.resource.ObjectRef;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** All rights in one cluster, and what needs each of them. */
public final class ClusterRights {
  /** As Kubernetes' own tables have them. */
  private static final List<String> VERBS =
      List.of("get", "list", "watch", "create", "update", "patch", "delete", "bind", "escalate");

  private final Map<Target, Map<String, Set<Reason>>> granted = new LinkedHashMap<>();
  private final Set<String> made = new LinkedHashSet<>();

  void need(Target target, String verb, Reason reason) {
    granted
        .computeIfAbsent(target, t -> new LinkedHashMap<>())
        .computeIfAbsent(verb, v -> new TreeSet<>())
        .add(reason);
  }

  void object(ObjectRef ref, Reason reason, String... verbs) {
    for (String verb : verbs) {
      need(Target.object(ref), verb, reason);
    }
  }

  /** Rights over the kind as a whole: those of no name, or of names that nobody knows yet. */
  void kind(ObjectRef ref, Reason reason, String... verbs) {
    for (String verb : verbs) {
      need(Target.kind(ref), verb, reason);
    }
  }

  /** A namespace that a run makes; there can be no role in it before it is there. */
  void makes(String namespace) {
    made.add(namespace);
  }

  /** The namespaces that have to be made beforehand, as a run would. */
  public List<String> missingNamespaces() {
    Set<String> used = new TreeSet<>();
    granted.keySet().forEach(target -> used.add(target.namespace()));
    return used.stream().filter(made::contains).toList();
  }

  /**
   * The rules, those of the whole cluster first; objects that the same verbs are needed of, for the
   * same reasons, share one.
   */
  public List<Rule> rules() {
    Map<List<Object>, List<String>> names = new LinkedHashMap<>();
    granted.forEach(
        (target, verbs) -> {
          Map<String, Set<Reason>> own = new TreeMap<>(Comparator.comparing(VERBS::indexOf));
          verbs.forEach((verb, reasons) -> own.put(verb, withoutThoseOfAll(target, verb, reasons)));
          own.values().removeIf(Set::isEmpty);
          if (!own.isEmpty()) {
            names
                .computeIfAbsent(
                    List.of(
                        target.namespace(),
                        target.group(),
                        target.resource(),
                        target.name().isEmpty(),
                        own),
                    key -> new ArrayList<>())
                .add(target.name());
          }
        });
    List<Rule> rules = new ArrayList<>();
    names.forEach(
        (key, ofNames) -> {
          @SuppressWarnings("unchecked")
          Map<String, Set<Reason>> verbs = (Map<String, Set<Reason>>) key.get(4);
          rules.add(
              new Rule(
                  (String) key.get(0),
                  (String) key.get(1),
                  (String) key.get(2),
                  (Boolean) key.get(3) ? List.of() : ofNames.stream().sorted().toList(),
                  List.copyOf(verbs.keySet()),
                  because(verbs)));
        });
    rules.sort(
        Comparator.comparing(Rule::namespace)
            .thenComparing(Rule::group)
            .thenComparing(Rule::resource)
            .thenComparing(rule -> rule.names().isEmpty() ? "" : rule.names().get(0)));
    return List.copyOf(rules);
  }

  /** A verb that is granted for the whole kind need not be granted for one object again. */
  private Set<Reason> withoutThoseOfAll(Target target, String verb, Set<Reason> reasons) {
    Target all = new Target(target.group(), target.resource(), target.namespace(), "");
    return !target.name().isEmpty() && granted.getOrDefault(all, Map.of()).containsKey(verb)
        ? Set.of()
        : reasons;
  }

  /** A line for each set of reasons, such as {@code get, patch: step a; gate b}. */
  private static List<String> because(Map<String, Set<Reason>> verbs) {
    Map<Set<Reason>, List<String>> byReasons = new LinkedHashMap<>();
    verbs.forEach(
        (verb, reasons) -> byReasons.computeIfAbsent(reasons, r -> new ArrayList<>()).add(verb));
    return byReasons.entrySet().stream()
        .map(entry -> String.join(", ", entry.getValue()) + ": " + words(entry.getKey()))
        .toList();
  }

  private static String words(Set<Reason> reasons) {
    Map<String, List<String>> byKind = new LinkedHashMap<>();
    reasons.forEach(
        reason -> byKind.computeIfAbsent(reason.kind(), k -> new ArrayList<>()).add(reason.name()));
    return byKind.entrySet().stream()
        .map(
            entry ->
                (entry.getKey().isEmpty()
                        ? ""
                        : entry.getKey() + (entry.getValue().size() > 1 ? "s " : " "))
                    + String.join(", ", entry.getValue()))
        .collect(Collectors.joining("; "));
  }
}
