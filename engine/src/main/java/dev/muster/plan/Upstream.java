package dev.muster.plan;

import dev.muster.expression.Reference;
import dev.muster.expression.Template;
import dev.muster.topology.ClusterDeclaration;
import dev.muster.topology.Topology;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The steps of a topology that one of them builds on: of a member's those of the same member, of
 * the host's those of all members, and of a pair's those of whichever of the two it names something
 * of.
 */
public final class Upstream {
  private final Plan plan;
  private final Topology topology;
  private final Producers producers;
  private final Map<String, StepSpec> specs = new HashMap<>();
  private final Map<String, Set<Edge>> edges = new HashMap<>();

  public Upstream(Plan plan, Topology topology) {
    this.plan = plan;
    this.topology = topology;
    this.producers = new Producers(plan);
    plan.steps().forEach(step -> specs.put(step.id(), step));
  }

  /** Whose steps are meant, as seen from a pair. */
  private enum Toward {
    SELF,
    PEER,
    BOTH
  }

  private record Edge(String step, Toward toward) {}

  /** Ids of the steps that it waits for. */
  public List<String> of(Step step) {
    List<String> known = plan.dependsOn().getOrDefault(step.spec().id(), List.of());
    Set<String> before = new LinkedHashSet<>();
    if (step.peer().isEmpty()) {
      known.forEach(id -> before.addAll(instances(id, step, Toward.BOTH)));
    } else {
      // Of two clusters it only counts which one is the host.
      String kind = step.spec().id() + on(step.cluster()) + on(step.peer().get());
      for (Edge edge : edges.computeIfAbsent(kind, k -> edges(step))) {
        if (known.contains(edge.step())) {
          before.addAll(instances(edge.step(), step, edge.toward()));
        }
      }
    }
    return List.copyOf(before);
  }

  /** Ids of the steps that bring forth what one of its expressions names. */
  public List<String> of(Step step, Template template) {
    Set<String> before = new LinkedHashSet<>();
    edges(step, template).forEach(e -> before.addAll(instances(e.step(), step, e.toward())));
    return List.copyOf(before);
  }

  /** Ids of the steps that bring forth an object of its cluster. */
  public List<String> of(Step step, ObjectSpec object) {
    Set<String> before = new LinkedHashSet<>();
    producers
        .of(object, on(step.cluster()))
        .forEach(id -> before.addAll(instances(id, step, Toward.SELF)));
    return List.copyOf(before);
  }

  private Set<Edge> edges(Step step) {
    Set<Edge> all = new LinkedHashSet<>();
    step.spec().after().forEach(id -> all.add(new Edge(id, Toward.BOTH)));
    step.spec().contentTemplates().forEach(template -> all.addAll(edges(step, template)));
    return all;
  }

  private Set<Edge> edges(Step step, Template template) {
    On self = on(step.cluster());
    On peer = step.peer().map(Upstream::on).orElse(On.EACH);
    Set<Edge> all = new LinkedHashSet<>();
    for (Reference reference : template.references()) {
      Toward toward =
          switch (reference.root()) {
            case "self" -> Toward.SELF;
            case "peer" -> Toward.PEER;
            default -> Toward.BOTH;
          };
      producers.of(reference, self, peer).stream()
          .filter(id -> !id.equals(step.spec().id()))
          .forEach(id -> all.add(new Edge(id, toward)));
    }
    return all;
  }

  private static On on(ClusterDeclaration cluster) {
    return cluster.host() ? On.HOST : On.MEMBER;
  }

  /** The steps of the topology that a step of the plan turns into, as another one sees them. */
  private List<String> instances(String id, Step from, Toward toward) {
    StepSpec spec = specs.get(id);
    if (spec == null || spec.subjects() == Subjects.ONCE) {
      return List.of(id);
    }
    if (spec.forEachPair()) {
      return pairs(spec, from, toward);
    }
    return members(from, toward).stream()
        .filter(spec.subjects()::include)
        .map(member -> Step.id(spec, member, Optional.empty()))
        .toList();
  }

  /** Those of the same two clusters, of all pairs in a member, or of all pairs. */
  private List<String> pairs(StepSpec spec, Step from, Toward toward) {
    if (from.peer().isPresent()) {
      ClusterDeclaration self = from.cluster();
      ClusterDeclaration peer = from.peer().get();
      List<String> ids = new ArrayList<>();
      if (toward != Toward.PEER && spec.subjects().include(self, peer)) {
        ids.add(Step.id(spec, self, from.peer()));
      }
      if (toward != Toward.SELF && spec.subjects().include(peer, self)) {
        ids.add(Step.id(spec, peer, Optional.of(self)));
      }
      return ids;
    }
    Stream<ClusterDeclaration> selves =
        from.member().map(Stream::of).orElseGet(() -> topology.clusters().stream());
    return selves.flatMap(self -> Plan.about(spec, self, topology).stream()).map(Step::id).toList();
  }

  /** Where the one that is meant is the host, what is there for the other one is. */
  private List<ClusterDeclaration> members(Step from, Toward toward) {
    if (from.peer().isEmpty()) {
      return from.member().map(List::of).orElseGet(topology::members);
    }
    ClusterDeclaration meant = toward == Toward.SELF ? from.cluster() : from.peer().get();
    return toward == Toward.BOTH || meant.host() ? from.members() : List.of(meant);
  }
}
