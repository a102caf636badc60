package dev.muster.plan;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.topology.ClusterDeclaration;
import dev.muster.topology.Topology;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A compiled plan file: every expression type-checked, every name resolved, the order free of
 * cycles.
 *
 * @param inputs schema of what it adds to a topology
 * @param rotations secrets that can be replaced, by name
 * @param steps in an order in which each step comes after those it depends on
 * @param dependsOn step id to the ids of the steps it waits for
 * @param rules what has to hold of a topology by itself
 * @param expiries what runs out
 * @param roster how the members registered on the host are found, when the plan can tell
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
    List<StepSpec> steps,
    Map<String, List<String>> dependsOn,
    List<StatusColumn> status,
    List<Examination> doctor,
    List<RuleSpec> rules,
    List<ExpirySpec> expiries,
    Optional<RosterSpec> roster) {
  public Plan {
    rules = List.copyOf(rules);
    expiries = List.copyOf(expiries);
    objects = Collections.unmodifiableMap(new LinkedHashMap<>(objects));
    facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    gates = Collections.unmodifiableMap(new LinkedHashMap<>(gates));
    rotations = Collections.unmodifiableMap(new LinkedHashMap<>(rotations));
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
    return new Plan(
        name,
        version,
        inputs,
        objects,
        writers,
        facts,
        otherGates,
        rotations,
        steps,
        dependsOn,
        status,
        doctor,
        rules,
        expiries,
        roster);
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
   * state. A step for a member depends on the same member's steps only, so that members stay
   * independent.
   */
  public List<Step> expand(Topology topology) {
    List<Step> expanded = new ArrayList<>();
    Map<String, Integer> waves = new HashMap<>();
    for (StepSpec spec : steps) {
      List<Optional<ClusterDeclaration>> subjects = new ArrayList<>();
      if (spec.forEachMember()) {
        topology.members().stream()
            .filter(spec.subjects()::include)
            .forEach(member -> subjects.add(Optional.of(member)));
      } else {
        subjects.add(Optional.empty());
      }
      for (Optional<ClusterDeclaration> member : subjects) {
        List<String> before = new ArrayList<>();
        for (String other : dependsOn.getOrDefault(spec.id(), List.of())) {
          before.addAll(instances(other, member, topology));
        }
        String id = spec.id() + member.map(m -> "[" + m.name() + "]").orElse("");
        int wave = before.stream().mapToInt(b -> waves.getOrDefault(b, 0)).max().orElse(0) + 1;
        waves.put(id, wave);
        ClusterDeclaration cluster =
            spec.on() == On.MEMBER ? member.orElseThrow() : topology.host();
        expanded.add(new Step(id, spec, cluster, member, before, wave));
      }
    }
    return List.copyOf(expanded);
  }

  /**
   * The steps of a topology that a step of the plan turns into, as seen from one place: the one of
   * the same member, or those of all members as seen from the host.
   */
  public List<String> instances(
      String stepId, Optional<ClusterDeclaration> member, Topology topology) {
    Subjects subjects =
        steps.stream()
            .filter(step -> step.id().equals(stepId))
            .map(StepSpec::subjects)
            .findFirst()
            .orElse(Subjects.ONCE);
    if (subjects == Subjects.ONCE) {
      return List.of(stepId);
    }
    return member.map(List::of).orElseGet(topology::members).stream()
        .filter(subjects::include)
        .map(m -> stepId + "[" + m.name() + "]")
        .toList();
  }
}
