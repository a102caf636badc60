package dev.muster.changes;

import dev.muster.diff.Change;
import dev.muster.gate.GateStatus;
import dev.muster.problem.Problem;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The computed difference between what a topology declares and what is live: what {@code plan}
 * shows and {@code apply} takes.
 *
 * @param plan name and version of the plan file
 * @param steps in an order in which each comes after those it depends on
 * @param unmanaged members of the host that the topology does not name; no part of the difference
 * @param waves in what groups the members have their turn
 * @param guards why nothing of it may be applied although each step could be done
 */
public record ChangeSet(
    String topology,
    String plan,
    List<ClusterState> clusters,
    List<StepPlan> steps,
    Unmanaged unmanaged,
    Waves waves,
    List<Problem> guards) {
  public ChangeSet {
    guards = List.copyOf(guards);
    clusters = List.copyOf(clusters);
    steps = List.copyOf(steps);
  }

  /** A change set that nothing stands against as a whole. */
  public ChangeSet(
      String topology,
      String plan,
      List<ClusterState> clusters,
      List<StepPlan> steps,
      Unmanaged unmanaged,
      Waves waves) {
    this(topology, plan, clusters, steps, unmanaged, waves, List.of());
  }

  public ChangeSet withGuards(List<Problem> more) {
    return new ChangeSet(
        topology,
        plan,
        clusters,
        steps,
        unmanaged,
        waves,
        Stream.concat(guards.stream(), more.stream()).toList());
  }

  /** The same clusters with other steps. */
  public ChangeSet withSteps(List<StepPlan> others) {
    return new ChangeSet(topology, plan, clusters, others, unmanaged, waves, guards);
  }

  /** Whether nothing is known that keeps muster from the host. */
  public boolean hostWorks() {
    return clusters.stream()
        .filter(state -> state.cluster().host())
        .allMatch(state -> state.failure().isEmpty());
  }

  public Optional<StepPlan> step(String id) {
    return steps.stream().filter(step -> step.step().id().equals(id)).findFirst();
  }

  /** Whether a run would do or wait for anything. */
  public boolean hasWork() {
    return steps.stream().anyMatch(step -> step.decision() == StepPlan.Decision.RUN);
  }

  /** Whether nothing is deferred, refused or out of reach. */
  public boolean leavesNothing() {
    return deferred().isEmpty() && failures().isEmpty() && refusals().isEmpty();
  }

  /** What a run would write; what is left for the courier is no part of it. */
  public List<Change> changes() {
    return steps.stream()
        .filter(step -> step.decision() != StepPlan.Decision.DEFERRED)
        .flatMap(step -> step.effective().stream())
        .toList();
  }

  /**
   * The part of it that is done where a member is that is reached by courier, as far as it is
   * known.
   */
  public ChangeSet there(String member) {
    return new ChangeSet(
        topology,
        plan,
        clusters.stream().filter(state -> state.cluster().name().equals(member)).toList(),
        steps.stream()
            .filter(step -> step.step().cluster().name().equals(member))
            .map(StepPlan::done)
            .toList(),
        Unmanaged.none(),
        Waves.none());
  }

  /**
   * The part of it that is about some clusters; what is told of the fleet as a whole goes with the
   * host.
   */
  public ChangeSet about(Predicate<String> cluster) {
    boolean host =
        clusters.stream().anyMatch(s -> s.cluster().host() && cluster.test(s.cluster().name()));
    return new ChangeSet(
        topology,
        plan,
        clusters.stream().filter(state -> cluster.test(state.cluster().name())).toList(),
        steps.stream().filter(step -> cluster.test(step.step().subject().name())).toList(),
        host ? unmanaged : Unmanaged.none(),
        waves,
        host ? guards : List.of());
  }

  /** Why nothing of it may be applied. */
  public List<Problem> refusals() {
    return Stream.concat(
            guards.stream(),
            steps.stream()
                .filter(step -> step.decision() == StepPlan.Decision.REFUSED)
                .flatMap(step -> step.problems().stream()))
        .distinct()
        .toList();
  }

  /** What could not be computed. */
  public List<Problem> failures() {
    return steps.stream()
        .filter(step -> step.decision() == StepPlan.Decision.FAILED)
        .flatMap(step -> step.problems().stream())
        .distinct()
        .toList();
  }

  /** The clusters of which something is left for a later run, or for the courier. */
  public List<ClusterState> deferred() {
    return clusters.stream().filter(state -> state.deferred() || carried(state)).toList();
  }

  private boolean carried(ClusterState state) {
    return state.cluster().courier()
        && steps.stream()
            .filter(step -> step.decision() == StepPlan.Decision.DEFERRED)
            .anyMatch(step -> step.step().subject().name().equals(state.cluster().name()));
  }

  /** Gates that are closed although their step has nothing to change. */
  public List<StepPlan> closedGates() {
    return steps.stream()
        .filter(step -> step.gate().orElse(null) instanceof GateStatus.Waiting)
        .toList();
  }
}
