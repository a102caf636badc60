package dev.muster.plan;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.problem.Problems;
import dev.muster.topology.ClusterDeclaration;
import dev.muster.topology.Topology;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * A compiled plan file: every expression type-checked, every name resolved, the order free of
 * cycles.
 *
 * @param inputs schema of what it adds to a topology
 * @param rotations secrets that can be replaced, by name
 * @param tokens what clusters issue on request, by name
 * @param steps in an order in which each step comes after those it depends on
 * @param dependsOn step id to the ids of the steps it waits for
 * @param rules what has to hold of a topology by itself
 * @param expiries what runs out
 * @param roster how the members registered on the host are found, when the plan can tell
 * @param allows what it may touch, when it says so
 * @param origin where its file was taken from, when that is more than a name or a path
 */
public record Plan(
    String name,
    String version,
    JsonNode inputs,
    Map<String, ObjectSpec> objects,
    List<WriterSpec> writers,
    Map<String, FactSpec> facts,
    Map<String, GateSpec> gates,
    Map<String, RotationSpec> rotations,
    Map<String, TokenSpec> tokens,
    List<StepSpec> steps,
    Map<String, List<String>> dependsOn,
    List<StatusColumn> status,
    List<Examination> doctor,
    List<RuleSpec> rules,
    List<ExpirySpec> expiries,
    Optional<RosterSpec> roster,
    Optional<Allows> allows,
    Optional<PlanOrigin> origin) {
  public Plan {
    rules = List.copyOf(rules);
    expiries = List.copyOf(expiries);
    objects = Collections.unmodifiableMap(new LinkedHashMap<>(objects));
    facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    gates = Collections.unmodifiableMap(new LinkedHashMap<>(gates));
    rotations = Collections.unmodifiableMap(new LinkedHashMap<>(rotations));
    tokens = Collections.unmodifiableMap(new LinkedHashMap<>(tokens));
    dependsOn = Collections.unmodifiableMap(new LinkedHashMap<>(dependsOn));
    writers = List.copyOf(writers);
    steps = List.copyOf(steps);
    status = List.copyOf(status);
    doctor = List.copyOf(doctor);
  }

  /** Whether a topology names a secret by this key of the host or of a member. */
  public boolean namesSecret(String key) {
    return Stream.of("host", "member")
        .map(role -> inputs.path(role).path("properties").path(key))
        .anyMatch(rules -> rules.path("format").asText().equals("secret"));
  }

  /** The same with other gates under the same names. */
  public Plan withGates(Map<String, GateSpec> otherGates) {
    return with(objects, otherGates, allows, origin);
  }

  /** The same with the namespaces that a topology chooses. */
  public Plan at(Topology topology, Problems problems) {
    UnaryOperator<String> chosen =
        written -> ChosenNamespace.of(written, topology.host(), problems);
    Map<String, ObjectSpec> there = new LinkedHashMap<>();
    objects.forEach((key, object) -> there.put(key, object.at(chosen)));
    return with(there, gates, allows.map(said -> said.at(chosen)), origin);
  }

  /** The same, known to be taken from somewhere. */
  public Plan from(PlanOrigin source) {
    return with(objects, gates, allows, Optional.of(source));
  }

  private Plan with(
      Map<String, ObjectSpec> itsObjects,
      Map<String, GateSpec> itsGates,
      Optional<Allows> itsAllows,
      Optional<PlanOrigin> itsOrigin) {
    return new Plan(
        name,
        version,
        inputs,
        itsObjects,
        writers,
        facts,
        itsGates,
        rotations,
        tokens,
        steps,
        dependsOn,
        status,
        doctor,
        rules,
        expiries,
        roster,
        itsAllows,
        itsOrigin);
  }

  /** Name and version as they are shown and recorded. */
  public String title() {
    return name + " (version " + version + ")";
  }

  public ObjectSpec object(String objectName) {
    ObjectSpec spec = objects.get(objectName);
    if (spec == null) {
      throw new IllegalArgumentException("no object " + objectName);
    }
    return spec;
  }

  public Optional<GateSpec> gate(StepSpec step) {
    return step.gate().map(gates::get);
  }

  /**
   * The steps for a topology: those of the host once, those for each member once a member, by its
   * state, and those for pairs once for each two clusters in each direction. A step for a member
   * depends on the same member's steps only, so that members stay independent.
   */
  public List<Step> expand(Topology topology) {
    Upstream upstream = new Upstream(this, topology);
    List<Step> expanded = new ArrayList<>();
    Map<String, Integer> waves = new HashMap<>();
    for (StepSpec spec : steps) {
      for (Step alone : alone(spec, topology)) {
        List<String> before = upstream.of(alone);
        int wave = before.stream().mapToInt(b -> waves.getOrDefault(b, 0)).max().orElse(0) + 1;
        waves.put(alone.id(), wave);
        expanded.add(
            new Step(
                alone.id(), spec, alone.cluster(), alone.member(), alone.peer(), before, wave));
      }
    }
    return List.copyOf(expanded);
  }

  private static List<Step> alone(StepSpec spec, Topology topology) {
    List<Step> steps = new ArrayList<>();
    for (ClusterDeclaration subject : topology.clusters()) {
      steps.addAll(about(spec, subject, topology));
    }
    return steps;
  }

  /** The steps that a step of the plan is about one cluster, as if they waited for nothing. */
  public static List<Step> about(StepSpec spec, ClusterDeclaration subject, Topology topology) {
    List<Step> steps = new ArrayList<>();
    if (spec.forEachPair()) {
      for (ClusterDeclaration peer : topology.clusters()) {
        if (spec.subjects().include(subject, peer)) {
          steps.add(alone(spec, subject, Optional.empty(), Optional.of(peer)));
        }
      }
    } else if (!subject.host() && spec.subjects().include(subject)) {
      ClusterDeclaration cluster = spec.on() == On.MEMBER ? subject : topology.host();
      steps.add(alone(spec, cluster, Optional.of(subject), Optional.empty()));
    } else if (subject.host() && spec.subjects() == Subjects.ONCE) {
      steps.add(alone(spec, subject, Optional.empty(), Optional.empty()));
    }
    return steps;
  }

  private static Step alone(
      StepSpec spec,
      ClusterDeclaration cluster,
      Optional<ClusterDeclaration> member,
      Optional<ClusterDeclaration> peer) {
    String id = Step.id(spec, member.orElse(cluster), peer);
    return new Step(id, spec, cluster, member, peer, List.of(), 1);
  }
}
