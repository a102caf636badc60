package dev.muster.changes;

import dev.muster.desired.DesiredState;
import dev.muster.desired.Evaluated;
import dev.muster.desired.Need;
import dev.muster.desired.World;
import dev.muster.diff.Leaves;
import dev.muster.plan.DeclaredTemplate;
import dev.muster.plan.On;
import dev.muster.plan.Plan;
import dev.muster.plan.Step;
import dev.muster.plan.StepSpec;
import dev.muster.resource.Declared;
import dev.muster.resource.FieldPath;
import dev.muster.resource.FieldRules;
import dev.muster.resource.ObjectRef;
import dev.muster.topology.ClusterDeclaration;
import dev.muster.topology.Topology;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Which steps of a plan have a say in an object now, whatever they have had before. */
final class Writers {
  private final Plan plan;
  private final Topology topology;
  private final PairIndex pairs;
  private final World world;
  private final Predicate<String> settled;

  Writers(Plan plan, Topology topology, PairIndex pairs, World world, Predicate<String> settled) {
    this.plan = plan;
    this.topology = topology;
    this.pairs = pairs;
    this.world = world;
    this.settled = settled;
  }

  /** The steps about one cluster that write an object, in the order of the plan. */
  List<Step> of(ClusterDeclaration subject, String cluster, ObjectRef ref) {
    return plan.steps().stream()
        .flatMap(spec -> at(spec, subject, ref).stream())
        .filter(step -> nameOf(step, cluster, ref).isPresent() && needed(step))
        .toList();
  }

  /** Whether a certain step about a cluster writes an object; the first thing to ask. */
  boolean writes(String stepId, ClusterDeclaration subject, String cluster, ObjectRef ref) {
    return plan.steps().stream()
        .filter(spec -> spec.id().equals(stepId))
        .flatMap(spec -> at(spec, subject, ref).stream())
        .anyMatch(step -> nameOf(step, cluster, ref).isPresent() && needed(step));
  }

  /**
   * Whether any step but this one declares a field of its object, or may do so: one whose values
   * cannot be told now has to be reckoned with.
   */
  boolean declaredElsewhere(Step step, ObjectRef ref, FieldRules rules, FieldPath path) {
    Set<ClusterDeclaration> subjects = new LinkedHashSet<>();
    subjects.add(step.subject());
    if (step.cluster().host()) {
      subjects.add(topology.host());
      if (sharedOnHost()) {
        subjects.addAll(topology.members());
      }
    }
    for (ClusterDeclaration subject : subjects) {
      for (Step other : of(subject, step.cluster().name(), ref)) {
        boolean same =
            other.spec().id().equals(step.spec().id())
                && subject.name().equals(step.subject().name());
        if (!same && declares(other, step.cluster().name(), ref, rules, path)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Whether steps for members write an object of the host that there is only one of. */
  private boolean sharedOnHost() {
    return plan.steps().stream()
        .filter(spec -> spec.forEachMember() && spec.on() == On.HOST)
        .flatMap(spec -> spec.declares().stream())
        .anyMatch(name -> !plan.object(name).perMember());
  }

  /** The steps of the topology about a cluster that may deal with an object. */
  private List<Step> at(StepSpec spec, ClusterDeclaration subject, ObjectRef ref) {
    return spec.forEachPair() ? pairs.of(spec, subject, ref) : Plan.about(spec, subject, topology);
  }

  private boolean declares(
      Step other, String cluster, ObjectRef ref, FieldRules rules, FieldPath path) {
    DesiredState desired = desired(other);
    Declared.Fields declared = desired.declared(fields(other, cluster, ref));
    return !desired.problems().isEmpty() || Leaves.declares(ref, declared, rules, path);
  }

  private DesiredState desired(Step step) {
    return new DesiredState(plan, topology, step, world, settled);
  }

  /** Whether the plan has a use for the step now; what cannot be told counts as yes. */
  private boolean needed(Step step) {
    return step.spec().when().isEmpty()
        || !(desired(step).evaluate(step.spec().when().get()) instanceof Evaluated.Value value)
        || value.value().asBoolean();
  }

  private DeclaredTemplate.Fields fields(Step step, String cluster, ObjectRef ref) {
    String name = nameOf(step, cluster, ref).orElseThrow();
    Map<String, DeclaredTemplate.Fields> all = new LinkedHashMap<>(step.spec().ensure());
    all.putAll(step.spec().create());
    DeclaredTemplate.Fields fields = all.get(name);
    return fields == null ? new DeclaredTemplate.Fields(List.of(), Map.of()) : fields;
  }

  private Optional<String> nameOf(Step step, String cluster, ObjectRef ref) {
    if (!step.cluster().name().equals(cluster)) {
      return Optional.empty();
    }
    DesiredState desired = desired(step);
    return step.spec().declares().stream()
        .filter(
            name -> {
              Need need = desired.expressions().need(step.cluster(), plan.object(name));
              return need.ref().path().equals(ref.path());
            })
        .findFirst();
  }
}
