package dev.muster.changes;

import dev.muster.changes.StepPlan.Decision;
import dev.muster.desired.Expressions;
import dev.muster.desired.Need;
import dev.muster.expression.Outcome;
import dev.muster.plan.Plan;
import dev.muster.plan.Step;
import dev.muster.problem.MusterException;
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

/** Computes change sets: reads what the plan names, compares, writes nothing. */
public final class Planner {
  private final Plan plan;
  private final Topology topology;
  private final LiveReader reader;
  private final CourierSteps couriers;
  private final List<Step> steps;
  private final PairIndex pairs;
  private final TakeBack takeBack;
  private final Lens lens;

  public Planner(Plan plan, Topology topology, LiveReader reader) {
    this(plan, topology, reader, Lens.CLEAR);
  }

  /** One that shows each step, while a run goes on as well, through a lens. */
  public Planner(Plan plan, Topology topology, LiveReader reader, Lens lens) {
    this.lens = lens;
    this.plan = plan;
    this.topology = topology;
    this.reader = reader;
    this.couriers = new CourierSteps(plan, this::needs);
    this.steps = plan.expand(topology).stream().map(couriers::relaxed).toList();
    this.pairs = new PairIndex(plan, topology);
    this.takeBack = new TakeBack(plan, topology, pairs, reader);
  }

  /**
   * Reads and compares.
   *
   * @param snapshot is filled with what was read
   * @throws MusterException when the host cannot be worked with, or a cluster is not the pinned one
   */
  public ChangeSet plan(Snapshot snapshot, Selection selection) {
    Optional<Roster> roster = Roster.of(plan, topology);
    ClusterSurvey survey = new ClusterSurvey(topology, steps, reader, roster, selection, snapshot);
    Set<Need> needs = new LinkedHashSet<>();
    for (Step step : steps) {
      if (selection.includes(step)
          && survey.obstacle(step, couriers).isEmpty()
          && !survey.gone(step)) {
        needs.addAll(needs(step));
      }
    }
    roster.ifPresent(r -> needs.addAll(r.needs()));
    needs.removeIf(need -> survey.anyGone() && snapshot.has(need));
    reader.read(needs, snapshot);
    CarriedFacts.read(plan, topology, survey.involved(), snapshot);
    Map<String, StepPlan> done = new LinkedHashMap<>();
    Planned planned = new Planned(snapshot);
    for (Step step : steps) {
      StepPlan one =
          survey.gone(step)
              ? StepPlan.simple(step, Decision.NOT_NEEDED, "the member is not joined")
              : plan(step, snapshot, planned, survey, selection, done);
      planned.after(one);
      done.put(step.id(), one);
    }
    for (Step step : takeBack.steps(steps, snapshot, id -> settled(id, done))) {
      done.put(step.id(), plan(step, snapshot, planned, survey, selection, done));
    }
    List<StepPlan> plans = List.copyOf(done.values());
    return new ChangeSet(
        topology.name(),
        plan.title(),
        survey.states(),
        plans,
        roster.map(r -> r.unmanaged(snapshot)).orElseGet(Unmanaged::none),
        Waves.of(topology, plans));
  }

  /** A cluster of the topology by its name. */
  public Optional<ClusterDeclaration> cluster(String name) {
    return topology.clusters().stream().filter(each -> each.name().equals(name)).findFirst();
  }

  /** What a step's own expressions and its gate's terms need; nothing that only waiting needs. */
  public Set<Need> needs(Step step) {
    return StepNeeds.of(plan, step, expressions(step));
  }

  Expressions expressions(Step step) {
    return Expressions.at(plan, topology, step);
  }

  private StepPlan plan(
      Step step,
      Snapshot snapshot,
      Planned planned,
      ClusterSurvey survey,
      Selection selection,
      Map<String, StepPlan> earlier) {
    if (!selection.includes(step)) {
      return StepPlan.simple(step, Decision.EXCLUDED, "left out by the selection");
    }
    if (step.cluster().lost()) {
      return StepPlan.simple(step, Decision.NOT_NEEDED, "the member is lost");
    }
    boolean follows = false;
    for (String id : step.dependsOn()) {
      StepPlan before = earlier.get(id);
      if (before != null && CourierSteps.follows(step, before)) {
        follows = true;
      } else if (before != null && blocks(before) && !step.spec().always()) {
        if (step.spec().when().filter(w -> expressions(step).needs(w).isEmpty()).isPresent()
            && notWanted(step, snapshot)) {
          return StepPlan.simple(step, Decision.NOT_NEEDED, "");
        }
        boolean same = step.involves(before.step().subject());
        return before.decision() == Decision.DEFERRED && same
            ? StepPlan.simple(step, Decision.DEFERRED, before.reason())
            : StepPlan.simple(step, Decision.SKIPPED, "it comes after " + id);
      }
    }
    Optional<ClusterState> obstacle = survey.obstacle(step, couriers);
    if (obstacle.isPresent()) {
      return notWanted(step, snapshot)
          ? StepPlan.simple(step, Decision.NOT_NEEDED, "")
          : StepPlan.unusable(step, obstacle.get());
    }
    Optional<Need> untold = couriers.untold(step, snapshot);
    return untold.isPresent()
        ? StepPlan.simple(
            step,
            Decision.DEFERRED,
            "it is left for the courier: no receipt tells of " + untold.get())
        : CourierSteps.left(plan(step, snapshot, planned, id -> settled(id, earlier)), follows);
  }

  /** Whether what was read elsewhere says so, whatever the cluster that is missing is like. */
  private boolean notWanted(Step step, Snapshot snapshot) {
    Expressions expressions = expressions(step);
    return step.spec()
        .when()
        .filter(when -> expressions.needs(when).stream().allMatch(snapshot::has))
        .filter(when -> expressions.unreadable(when, snapshot).isEmpty())
        .map(when -> expressions.evaluate(when, snapshot, Map.of()))
        .filter(said -> said instanceof Outcome.Value value && !value.value().asBoolean(true))
        .isPresent();
  }

  private static boolean blocks(StepPlan before) {
    return switch (before.decision()) {
      case REFUSED, FAILED, SKIPPED, DEFERRED -> true;
      case RUN, DONE, NOT_NEEDED, EXCLUDED -> false;
    };
  }

  private static boolean settled(String id, Map<String, StepPlan> earlier) {
    StepPlan before = earlier.get(id);
    return before != null && (before.settled() || before.decision() == Decision.EXCLUDED);
  }

  /** What an object that a step writes is called in the plan; empty for one of the manifests. */
  public Optional<Need> needOf(Step step, ObjectRef ref) {
    Expressions expressions = expressions(step);
    Set<String> single = new LinkedHashSet<>(step.spec().writes());
    single.addAll(step.spec().delete());
    return single.stream()
        .map(name -> expressions.need(step.cluster(), plan.object(name)))
        .filter(need -> need.ref().equals(ref))
        .findFirst();
  }

  /**
   * Computes one step again from what is known now; while a run goes on.
   *
   * @param settled whether a step before this one has really happened, so that what it was to bring
   *     forth and is not there will never come
   */
  public StepPlan replan(Step step, Snapshot snapshot, Predicate<String> settled) {
    return plan(step, snapshot, new Planned(snapshot), settled);
  }

  private StepPlan plan(Step step, Snapshot snapshot, Planned planned, Predicate<String> settled) {
    StepPlan whole =
        TakeBack.is(step)
            ? takeBack.plan(step, snapshot, settled)
            : new StepPlanner(plan, topology, pairs, step, snapshot, planned, reader, settled)
                .plan();
    return lens.seen(whole, snapshot);
  }
}
