package dev.muster.rights;

import dev.muster.apply.LeaseLock;
import dev.muster.changes.InventoryObjects;
import dev.muster.changes.Roster;
import dev.muster.changes.Snapshot;
import dev.muster.changes.StepNeeds;
import dev.muster.desired.Expressions;
import dev.muster.desired.Need;
import dev.muster.expression.Template;
import dev.muster.gate.GateCheck;
import dev.muster.gate.GateStatus;
import dev.muster.gate.StepVariable;
import dev.muster.plan.GateSpec;
import dev.muster.plan.Plan;
import dev.muster.plan.RotationSpec;
import dev.muster.plan.StatusColumn;
import dev.muster.plan.Step;
import dev.muster.resource.ObjectRef;
import dev.muster.resource.Redactor;
import dev.muster.topology.ClusterDeclaration;
import dev.muster.topology.Topology;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The rights that a topology's plan needs in each cluster. They follow from the plan: what its
 * steps write and ask, what their gates look at, and what muster itself keeps on the host. They
 * cover the way out of the fleet of each member too, as its entry may be gone when it is taken.
 */
public final class NeededRights {
  private static final ObjectRef IDENTITY = ObjectRef.of("v1", "Namespace", "", "kube-system");

  private final Plan plan;
  private final Topology topology;
  private final Purpose purpose;
  private final Map<String, ClusterRights> clusters = new LinkedHashMap<>();
  private final Reads reads;

  private NeededRights(Plan plan, Topology topology, Purpose purpose) {
    this.plan = plan;
    this.topology = topology;
    this.purpose = purpose;
    this.reads = new Reads(plan, clusters, purpose == Purpose.WATCH);
    topology.clusters().stream()
        .filter(cluster -> !cluster.lost())
        .forEach(cluster -> clusters.put(cluster.name(), new ClusterRights()));
  }

  /** The rights in each cluster that can be asked, by its name, the host first. */
  public static Map<String, ClusterRights> of(Plan plan, Topology topology, Purpose purpose) {
    NeededRights needed = new NeededRights(plan, topology, purpose);
    needed.identities();
    needed.inventory();
    needed.outsideSteps();
    needed.steps(topology);
    if (purpose == Purpose.APPLY) {
      needed.lock();
      // One that is lost later is taken out by steps of the host alone.
      needed.steps(withMembers(topology, "{\"state\":\"absent\"}"));
      needed.steps(withMembers(topology, "{\"state\":\"absent\",\"lost\":true}"));
    }
    return needed.clusters;
  }

  private static Topology withMembers(Topology topology, String keys) {
    return Removal.of(topology, keys);
  }

  private ClusterRights host() {
    return rights(topology.host().name()).orElseThrow();
  }

  private Optional<ClusterRights> rights(String cluster) {
    return Optional.ofNullable(clusters.get(cluster));
  }

  private void identities() {
    clusters
        .values()
        .forEach(cluster -> reads.object(cluster, IDENTITY, Reason.of("which cluster it is")));
  }

  private void lock() {
    ObjectRef lease = LeaseLock.refOf(topology.name());
    Reason reason = Reason.of("the lock");
    host().object(lease, reason, "get", "update");
    host().kind(lease, reason, "create");
  }

  private void inventory() {
    Reason reason = Reason.of("the inventory");
    reads.list(host(), InventoryObjects.refOf(topology.name(), ""), reason);
    if (purpose != Purpose.APPLY) {
      return;
    }
    host().kind(InventoryObjects.refOf(topology.name(), ""), reason, "create");
    for (ClusterDeclaration cluster : topology.clusters()) {
      entry(cluster.name(), reason, !cluster.host() || cluster.absent());
      if (!cluster.formerName().isEmpty()) {
        entry(cluster.formerName(), reason, true);
      }
    }
  }

  private void entry(String cluster, Reason reason, boolean forgotten) {
    ObjectRef ref = InventoryObjects.refOf(topology.name(), cluster);
    host().object(ref, reason, "get", "update");
    if (forgotten) {
      host().object(ref, reason, "delete");
    }
  }

  /** What is asked of clusters for no step: who is registered, what runs out, the status table. */
  private void outsideSteps() {
    Roster.of(plan, topology)
        .ifPresent(roster -> reads.read(roster.needs(), Reason.of("the roster")));
    for (ClusterDeclaration cluster : topology.clusters()) {
      Expressions expressions = at(cluster);
      plan.expiries().stream()
          .filter(expiry -> expiry.ofHost() == cluster.host())
          .forEach(
              expiry -> read(expressions, List.of(expiry.at(), expiry.next()), "what runs out"));
      for (StatusColumn column : plan.status()) {
        Template shown = cluster.host() ? column.host() : column.member();
        read(expressions, List.of(shown), "status");
      }
      for (RotationSpec rotation : plan.rotations().values()) {
        read(
            expressions,
            List.of(cluster.host() ? rotation.ofHost() : rotation.ofMember()),
            "status");
        if (cluster.host() && purpose == Purpose.APPLY) {
          List<Template> asked = new ArrayList<>(rotation.notes());
          asked.add(rotation.durable());
          asked.add(rotation.window());
          rotation.require().forEach(r -> asked.addAll(r.templates()));
          asked.forEach(
              template ->
                  reads.read(expressions.needs(template), new Reason("rotation", rotation.name())));
        }
      }
    }
  }

  private void read(Expressions expressions, List<Template> templates, String reason) {
    templates.forEach(template -> reads.read(expressions.needs(template), Reason.of(reason)));
  }

  private Expressions at(ClusterDeclaration cluster) {
    return Expressions.ofCluster(plan, topology, cluster);
  }

  private void steps(Topology variant) {
    StepWrites writes = new StepWrites(plan, variant, clusters);
    for (Step step : plan.expand(variant)) {
      if (step.cluster().lost()) {
        continue;
      }
      Expressions expressions = Expressions.at(plan, variant, step);
      Reason reason = Reason.step(step.spec().id());
      reads.read(StepNeeds.of(plan, step, expressions), reason);
      if (!writes.possible(step, expressions)) {
        continue;
      }
      Optional<GateSpec> gate = plan.gate(step.spec());
      gate.ifPresent(spec -> proofs(spec, variant, step));
      if (purpose == Purpose.APPLY) {
        writes.grant(step, expressions, reason);
        gate.ifPresent(spec -> waiting(spec, expressions));
      }
    }
  }

  /** As drift asks for what conditions alone do not prove, where it does not hold unasked. */
  private void proofs(GateSpec gate, Topology variant, Step step) {
    Expressions expressions = Expressions.about(plan, variant, step);
    Snapshot nothing = new Snapshot(new Redactor());
    GateCheck unasked =
        new GateCheck(
            gate, template -> expressions.evaluate(template, nothing, StepVariable.untouched()));
    if (unasked.proof() instanceof GateStatus.Ready) {
      return;
    }
    Reason reason = Reason.gate(gate.name());
    gate.proof().stream()
        .flatMap(term -> term.templates().stream())
        .forEach(template -> reads.read(expressions.needs(template), reason));
  }

  /** What a run watches and asks while it waits at a gate. */
  private void waiting(GateSpec gate, Expressions expressions) {
    Reason reason = Reason.gate(gate.name());
    List<Template> watched = new ArrayList<>();
    gate.ready().forEach(term -> watched.addAll(term.templates()));
    gate.stable().ifPresent(stable -> watched.add(stable.value()));
    for (Template template : watched) {
      for (Need need : expressions.needs(template)) {
        reads.watch(need, reason);
      }
    }
    List<Template> asked = new ArrayList<>();
    gate.proof().forEach(term -> asked.addAll(term.templates()));
    gate.failed().forEach(probe -> asked.addAll(probe.templates()));
    gate.why().forEach(probe -> asked.addAll(probe.templates()));
    gate.progress().ifPresent(asked::add);
    asked.forEach(template -> reads.read(expressions.needs(template), reason));
  }
}
