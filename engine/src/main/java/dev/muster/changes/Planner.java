package dev.muster.changes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.changes.StepPlan.Decision;
import dev.muster.desired.Expressions;
import dev.muster.desired.Need;
import dev.muster.expression.Outcome;
import dev.muster.expression.Template;
import dev.muster.live.Failure;
import dev.muster.live.Reading;
import dev.muster.plan.FactSpec;
import dev.muster.plan.GateSpec;
import dev.muster.plan.ObjectSource;
import dev.muster.plan.Plan;
import dev.muster.plan.Step;
import dev.muster.problem.MusterException;
import dev.muster.problem.Problem;
import dev.muster.resource.ObjectRef;
import dev.muster.resource.Redactor;
import dev.muster.topology.ClusterDeclaration;
import dev.muster.topology.Topology;
import java.util.ArrayList;
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
  private final TakeBack takeBack;

  public Planner(Plan plan, Topology topology, LiveReader reader) {
    this.plan = plan;
    this.topology = topology;
    this.reader = reader;
    this.couriers = new CourierSteps(plan, this::needs);
    this.steps = plan.expand(topology).stream().map(couriers::relaxed).toList();
    this.takeBack = new TakeBack(plan, topology, reader);
  }

  /**
   * Reads and compares.
   *
   * @param snapshot is filled with what was read
   * @throws MusterException when the host cannot be worked with, or a cluster is not the pinned one
   */
  public ChangeSet plan(Snapshot snapshot, Selection selection) {
    List<ClusterDeclaration> involved = involved(selection);
    Optional<Failure> noInventory =
        reader.contact(
            topology.host(),
            topology.name(),
            involved.stream().filter(c -> c.host() || !c.absent()).toList(),
            snapshot);
    Optional<Roster> roster = Roster.of(plan, topology);
    Set<String> gone = gone(involved, roster, snapshot);
    reader.readIdentities(
        involved.stream()
            .filter(c -> c.absent() && !c.lost() && !gone.contains(c.name()))
            .filter(c -> snapshot.identity(c).isEmpty())
            .toList(),
        snapshot);
    List<ClusterState> states = states(involved, gone, snapshot);
    noInventory.ifPresent(failure -> requireInventory(failure, states));
    Set<Need> needs = new LinkedHashSet<>();
    for (Step step : steps) {
      boolean looked =
          selection.includes(step)
              && obstacle(step, states).isEmpty()
              && !gone.contains(step.subject().name());
      if (looked && !declined(step, snapshot)) {
        needs.addAll(needs(step));
      }
    }
    roster.ifPresent(r -> needs.addAll(r.needs()));
    needs.removeIf(need -> !gone.isEmpty() && snapshot.has(need));
    reader.read(needs, snapshot);
    carry(involved, snapshot);
    Map<String, StepPlan> done = new LinkedHashMap<>();
    Planned planned = new Planned(snapshot);
    for (Step step : steps) {
      StepPlan one =
          gone.contains(step.subject().name())
              ? simple(step, Decision.NOT_NEEDED, "the member is not joined")
              : plan(step, snapshot, planned, states, selection, done);
      planned.after(one);
      done.put(step.id(), one);
    }
    for (Step step : takeBack.steps(steps, snapshot, id -> settled(id, done))) {
      done.put(step.id(), plan(step, snapshot, planned, states, selection, done));
    }
    List<StepPlan> plans = List.copyOf(done.values());
    return new ChangeSet(
        topology.name(),
        plan.title(),
        states,
        plans,
        roster.map(r -> r.unmanaged(snapshot)).orElseGet(Unmanaged::none),
        Waves.of(topology, plans));
  }

  /**
   * The members to be taken out of which nothing is left: neither does anybody remember them, nor
   * does the host know them. They may well exist no more, so nobody asks them.
   */
  private Set<String> gone(
      List<ClusterDeclaration> involved, Optional<Roster> roster, Snapshot snapshot) {
    List<ClusterDeclaration> absent =
        involved.stream()
            .filter(c -> c.absent() && !c.host())
            .filter(c -> snapshot.inventory().entry(c.name()).isEmpty())
            .toList();
    boolean hostWorks = snapshot.identity(topology.host()).flatMap(Reading::found).isPresent();
    if (absent.isEmpty() || roster.isEmpty() || !hostWorks || !snapshot.hasInventory()) {
      return Set.of();
    }
    reader.read(roster.get().needs(), snapshot);
    if (roster.get().failure(snapshot).isPresent()) {
      return Set.of();
    }
    Set<String> gone = new LinkedHashSet<>();
    absent.forEach(member -> gone.add(member.name()));
    roster.get().registered(snapshot).forEach(member -> gone.remove(member.name()));
    return gone;
  }

  /** Without it, what muster once took charge of would silently be left where it is. */
  private static void requireInventory(Failure failure, List<ClusterState> states) {
    if (states.stream().anyMatch(s -> s.cluster().host() && s.failure().isPresent())) {
      return; // The host itself cannot be worked with, which is told anyhow.
    }
    String message = "cannot read the inventory on the host: " + failure.message();
    if (failure.kind().refused()) {
      throw new RefusedException(
          List.of(
              Problem.error(dev.muster.problem.Where.nowhere(), message, InventoryObjects.RIGHTS)));
    }
    throw MusterException.of(message, "check the host, then run the command again");
  }

  /** Whether the topology alone says that a step is not wanted; then nothing is read for it. */
  private boolean declined(Step step, Snapshot snapshot) {
    Expressions expressions = expressions(step);
    return step.spec()
        .when()
        .filter(when -> expressions.needs(when).isEmpty())
        .map(when -> expressions.evaluate(when, snapshot, Map.of()))
        .filter(said -> said instanceof Outcome.Value value && !value.value().asBoolean())
        .isPresent();
  }

  /** Facts that later steps of a run need although earlier ones destroy what they are read from. */
  private void carry(List<ClusterDeclaration> involved, Snapshot snapshot) {
    for (FactSpec fact : plan.facts().values()) {
      for (ClusterDeclaration cluster : involved) {
        if (fact.carry()) {
          Optional<ClusterDeclaration> member =
              cluster.host() ? Optional.empty() : Optional.of(cluster);
          new Expressions(plan, topology, cluster, member)
              .live(fact, snapshot)
              .or(() -> remembered(fact, cluster, snapshot))
              .ifPresent(value -> snapshot.carry(cluster, fact.name(), value));
        }
      }
    }
  }

  /** From a run that ended in between. */
  private static Optional<JsonNode> remembered(
      FactSpec fact, ClusterDeclaration cluster, Snapshot snapshot) {
    return snapshot
        .inventory()
        .entry(cluster.name())
        .flatMap(entry -> Optional.ofNullable(entry.carried().get(fact.name())));
  }

  /** The host always, members as far as they are selected. */
  private List<ClusterDeclaration> involved(Selection selection) {
    List<ClusterDeclaration> involved = new ArrayList<>();
    involved.add(topology.host());
    for (ClusterDeclaration member : topology.members()) {
      boolean selected =
          steps.stream()
              .anyMatch(
                  s ->
                      s.member().map(m -> m.name().equals(member.name())).orElse(false)
                          && selection.includes(s));
      if (selected) {
        involved.add(member);
      }
    }
    return involved;
  }

  /** The cluster that a step cannot do without and that cannot be worked with, if there is one. */
  private Optional<ClusterState> obstacle(Step step, List<ClusterState> states) {
    return states.stream()
        .filter(state -> state.failure().isPresent())
        .filter(
            state ->
                state.cluster().name().equals(step.subject().name()) && !couriers.independent(step)
                    || state.cluster().name().equals(step.cluster().name()))
        .findFirst();
  }

  private List<ClusterState> states(
      List<ClusterDeclaration> involved, Set<String> gone, Snapshot snapshot) {
    List<ClusterState> states = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    for (ClusterDeclaration cluster : involved) {
      if (cluster.lost() || gone.contains(cluster.name())) {
        states.add(new ClusterState(cluster, "", Optional.empty()));
        continue;
      }
      Reading reading = snapshot.identity(cluster).orElseGet(Reading.Absent::new);
      String uid = reading.found().map(found -> found.uid()).orElse("");
      Optional<Failure> failure = reading.failed();
      if (uid.isEmpty() && failure.isEmpty()) {
        failure =
            Optional.of(
                new Failure(
                    Failure.Kind.SERVER_ERROR,
                    "it has no namespace kube-system, so it is no Kubernetes cluster"));
      }
      if (!uid.isEmpty() && !cluster.uid().isEmpty() && !uid.equalsIgnoreCase(cluster.uid())) {
        problems.add(
            Problem.error(
                cluster.where(),
                "behind the access of \""
                    + cluster.name()
                    + "\" is another cluster: its kube-system UID is "
                    + uid
                    + ", the topology pins "
                    + cluster.uid(),
                "correct the access of this cluster, or the pin if the cluster was set up anew"));
      }
      states.add(new ClusterState(cluster, uid, failure));
    }
    if (!problems.isEmpty()) {
      throw new RefusedException(problems);
    }
    return states;
  }

  /** What a step's own expressions and its gate's terms need; nothing that only waiting needs. */
  public Set<Need> needs(Step step) {
    Expressions expressions = expressions(step);
    Set<Need> needs = new LinkedHashSet<>();
    if (step.spec().when().filter(when -> neverHolds(when, expressions)).isPresent()) {
      return needs;
    }
    for (Template template : step.spec().allTemplates()) {
      needs.addAll(expressions.needs(template));
    }
    for (String object : step.spec().touches()) {
      needs.add(expressions.need(step.cluster(), plan.object(object)));
    }
    plan.gate(step.spec()).ifPresent(gate -> needs.addAll(needs(gate, expressions)));
    needs.removeIf(need -> need.object().source() instanceof ObjectSource.Log);
    return needs;
  }

  /** Whether the topology alone says no, so that nothing has to be read for the step. */
  private static boolean neverHolds(Template when, Expressions expressions) {
    return expressions.needs(when).isEmpty()
        && expressions.evaluate(when, new Snapshot(new Redactor()), Map.of())
            instanceof Outcome.Value value
        && !value.value().asBoolean(true);
  }

  private static Set<Need> needs(GateSpec gate, Expressions expressions) {
    Set<Need> needs = new LinkedHashSet<>();
    gate.ready().stream()
        .flatMap(term -> term.templates().stream())
        .forEach(template -> needs.addAll(expressions.needs(template)));
    return needs;
  }

  Expressions expressions(Step step) {
    return new Expressions(plan, topology, step.cluster(), step.member());
  }

  private StepPlan plan(
      Step step,
      Snapshot snapshot,
      Planned planned,
      List<ClusterState> states,
      Selection selection,
      Map<String, StepPlan> earlier) {
    if (!selection.includes(step)) {
      return simple(step, Decision.EXCLUDED, "left out by the selection");
    }
    if (step.cluster().lost()) {
      return simple(step, Decision.NOT_NEEDED, "the member is lost");
    }
    for (String id : step.dependsOn()) {
      StepPlan before = earlier.get(id);
      if (before != null && blocks(before) && !step.spec().always()) {
        boolean same = before.step().subject().name().equals(step.subject().name());
        return before.decision() == Decision.DEFERRED && same
            ? simple(step, Decision.DEFERRED, before.reason())
            : simple(step, Decision.SKIPPED, "it comes after " + id);
      }
    }
    Optional<ClusterState> obstacle = obstacle(step, states);
    if (obstacle.isPresent()) {
      return unusable(step, obstacle.get());
    }
    StepPlan one = plan(step, snapshot, planned, id -> settled(id, earlier));
    return CourierSteps.carried(one)
        ? simple(step, Decision.DEFERRED, "it is left for the courier")
        : one;
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
    return TakeBack.is(step)
        ? takeBack.plan(step, snapshot, settled)
        : new StepPlanner(plan, topology, step, snapshot, planned, reader, settled).plan();
  }

  private static StepPlan unusable(Step step, ClusterState state) {
    Failure failure = state.failure().orElseThrow();
    String reason = state.cluster().name() + " cannot be reached: " + failure.message();
    if (state.deferred()) {
      return simple(step, Decision.DEFERRED, reason);
    }
    boolean rights = failure.kind().refused();
    Problem problem =
        Problem.error(
            state.cluster().where(),
            (state.cluster().host() ? "host " : "member ")
                + (rights
                    ? "\"" + state.cluster().name() + "\" refuses: " + failure.message()
                    : "\"" + state.cluster().name() + "\" cannot be reached: " + failure.message()),
            rights
                ? "check with: kubectl --context "
                    + state.cluster().access().context()
                    + " get namespace kube-system"
                : "check its access in the topology, and that it runs");
    return new StepPlan(
        step,
        rights ? Decision.REFUSED : Decision.FAILED,
        reason,
        List.of(),
        Map.of(),
        Set.of(),
        Optional.empty(),
        List.of(problem));
  }

  private static StepPlan simple(Step step, Decision decision, String reason) {
    return new StepPlan(
        step, decision, reason, List.of(), Map.of(), Set.of(), Optional.empty(), List.of());
  }
}
