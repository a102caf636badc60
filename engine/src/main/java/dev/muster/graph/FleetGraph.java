package dev.muster.graph;

import dev.muster.changes.Snapshot;
import dev.muster.changes.Waves;
import dev.muster.desired.Expressions;
import dev.muster.expression.Outcome;
import dev.muster.expression.Template;
import dev.muster.plan.Plan;
import dev.muster.plan.Step;
import dev.muster.resource.Redactor;
import dev.muster.topology.ClusterDeclaration;
import dev.muster.topology.Durations;
import dev.muster.topology.Topology;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The steps of a plan for a topology. A step that the topology alone rules out is left out; members
 * that have the same steps, in the same wave, may be drawn as one.
 */
public final class FleetGraph {
  /** Of a small fleet each member is worth its own picture. */
  private static final int FEW = 4;

  private final Plan plan;
  private final Topology topology;
  private final Snapshot nothing = new Snapshot(new Redactor());
  private final Waves waves;
  private final Map<String, Step> expanded = new LinkedHashMap<>();

  private FleetGraph(Plan plan, Topology topology) {
    this.plan = plan;
    this.topology = topology;
    this.waves = Waves.ifAllHaveWork(topology);
    plan.expand(topology).forEach(step -> expanded.put(step.id(), step));
  }

  /**
   * @param apart whether each member is drawn for itself, however many there are
   */
  public static Graph of(Plan plan, Topology topology, boolean apart) {
    return new FleetGraph(plan, topology).graph(apart || topology.members().size() <= FEW);
  }

  private Graph graph(boolean apart) {
    List<Step> steps = expanded.values().stream().filter(step -> !ruledOut(step)).toList();
    Map<String, String> groups = groups(steps, apart);
    Map<String, Set<String>> before = new LinkedHashMap<>();
    Map<String, Step> first = new LinkedHashMap<>();
    Map<String, String> idOf = new LinkedHashMap<>();
    for (Step step : steps) {
      String id = id(step, groups);
      idOf.put(step.id(), id);
      first.putIfAbsent(id, step);
      Set<String> all = before.computeIfAbsent(id, i -> new LinkedHashSet<>());
      through(step, idOf, new LinkedHashSet<>()).forEach(all::add);
    }
    List<Graph.Node> nodes = new ArrayList<>();
    first.forEach(
        (id, step) -> nodes.add(node(id, step, groups, before.getOrDefault(id, Set.of()))));
    return new Graph("topology " + topology.name() + ", plan " + plan.title(), nodes, notes())
        .reduced();
  }

  /** What it waits for; a step that is left out is waited through. */
  private Set<String> through(Step step, Map<String, String> idOf, Set<String> seen) {
    Set<String> before = new LinkedHashSet<>();
    for (String id : step.dependsOn()) {
      String known = idOf.get(id);
      if (known != null) {
        before.add(known);
      } else if (seen.add(id)) {
        Optional.ofNullable(expanded.get(id))
            .ifPresent(other -> before.addAll(through(other, idOf, seen)));
      }
    }
    return before;
  }

  private Graph.Node node(String id, Step step, Map<String, String> groups, Set<String> before) {
    String group = step.subject().host() ? "" : called(step.subject(), groups);
    boolean away = step.member().filter(m -> step.cluster().host()).isPresent();
    String alone = group.isEmpty() ? "host " + topology.host().name() : group;
    String band = step.peer().isPresent() ? "pairs of clusters" : alone;
    return new Graph.Node(
        id,
        step.spec().title(),
        away || group.isEmpty() ? topology.host().name() : group,
        band,
        plan.gate(step.spec())
            .map(gate -> gate.name() + ", up to " + Durations.text(gate.limit(topology))),
        step.spec().when().isPresent(),
        List.copyOf(before));
  }

  private static String id(Step step, Map<String, String> groups) {
    String peer = step.peer().map(p -> "/" + called(p, groups)).orElse("");
    return step.member().isEmpty() && peer.isEmpty()
        ? step.id()
        : step.spec().id() + "[" + called(step.subject(), groups) + peer + "]";
  }

  private static String called(ClusterDeclaration cluster, Map<String, String> groups) {
    return groups.getOrDefault(cluster.name(), cluster.name());
  }

  /** Member to what it is drawn as. */
  private Map<String, String> groups(List<Step> steps, boolean apart) {
    Map<String, Set<String>> stepsOf = new HashMap<>();
    for (Step step : steps) {
      String seen = step.spec().id() + (step.subject().host() ? "/" : "");
      step.members()
          .forEach(
              one -> stepsOf.computeIfAbsent(one.name(), n -> new LinkedHashSet<>()).add(seen));
    }
    Map<String, List<String>> alike = new LinkedHashMap<>();
    for (ClusterDeclaration member : topology.members()) {
      Set<String> of = stepsOf.getOrDefault(member.name(), Set.of());
      OptionalInt wave = waves.of(member.name());
      String key = apart ? member.name() : of + " " + (wave.isPresent() ? wave.getAsInt() : 0);
      alike.computeIfAbsent(key, k -> new ArrayList<>()).add(member.name());
    }
    Map<String, String> groups = new LinkedHashMap<>();
    for (List<String> members : alike.values()) {
      OptionalInt wave = waves.of(members.get(0));
      String name =
          members.size() == 1
              ? members.get(0)
              : members.get(0) + " and " + (members.size() - 1) + " more";
      String shown = wave.isPresent() ? name + ", wave " + wave.getAsInt() : name;
      members.forEach(member -> groups.put(member, shown));
    }
    return groups;
  }

  private List<String> notes() {
    List<String> notes = new ArrayList<>();
    for (Waves.Wave wave : waves.list()) {
      notes.add(
          "wave "
              + wave.number()
              + " ("
              + wave.by()
              + "): "
              + (wave.members().size() > FEW
                  ? String.join(", ", wave.members().subList(0, FEW))
                      + " and "
                      + (wave.members().size() - FEW)
                      + " more"
                  : String.join(", ", wave.members()))
              + (wave.number() == 1 ? "" : "; starts when the wave before has ended"));
    }
    return notes;
  }

  /** Whether the topology alone says that it is not wanted. */
  private boolean ruledOut(Step step) {
    Expressions expressions = Expressions.at(plan, topology, step);
    return step.spec()
        .when()
        .filter(when -> expressions.needs(when).isEmpty() && !rotates(when))
        .filter(
            when ->
                expressions.evaluate(when, nothing, Map.of()) instanceof Outcome.Value value
                    && !value.value().asBoolean(true))
        .isPresent();
  }

  private static boolean rotates(Template when) {
    return when.references().stream().anyMatch(r -> r.root().equals("rotation"));
  }
}
