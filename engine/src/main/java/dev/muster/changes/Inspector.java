package dev.muster.changes;

import dev.muster.desired.Expressions;
import dev.muster.desired.Need;
import dev.muster.expression.Outcome;
import dev.muster.expression.Template;
import dev.muster.gate.GateCheck;
import dev.muster.gate.GateStatus;
import dev.muster.gate.StepVariable;
import dev.muster.plan.GateSpec;
import dev.muster.plan.ObjectSource;
import dev.muster.plan.Plan;
import dev.muster.plan.ReadyTerm;
import dev.muster.plan.Step;
import dev.muster.topology.ClusterDeclaration;
import dev.muster.topology.Topology;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** Evaluates a plan's expressions outside a run: for status, doctor and why. */
public final class Inspector {
  private final Plan plan;
  private final Topology topology;
  private final Clusters clusters;
  private final LiveReader reader;
  private final Snapshot snapshot;
  private final Instant logsSince;

  /**
   * @param logsSince how far back logs are read
   */
  public Inspector(
      Plan plan,
      Topology topology,
      Clusters clusters,
      LiveReader reader,
      Snapshot snapshot,
      Instant logsSince) {
    this.plan = plan;
    this.topology = topology;
    this.clusters = clusters;
    this.reader = reader;
    this.snapshot = snapshot;
    this.logsSince = logsSince;
  }

  /** Reads what these templates need and nobody has read yet. */
  public void read(ClusterDeclaration cluster, Collection<Template> templates) {
    read(cluster, at(cluster), templates);
  }

  /** The same for what the gate behind a step names. */
  public void read(Step step, Collection<Template> templates) {
    read(step.subject(), Expressions.about(plan, topology, step), templates);
  }

  /** The same for templates that are seen from another place than the cluster's own. */
  void read(ClusterDeclaration cluster, Expressions expressions, Collection<Template> templates) {
    Set<Need> objects = new LinkedHashSet<>();
    for (Template template : templates) {
      for (Need need : expressions.needs(template)) {
        if (snapshot.has(need)) {
          continue;
        }
        if (need.object().source() instanceof ObjectSource.Log log) {
          snapshot.put(need, clusters.open(need.cluster()).logs(log.query(), logsSince));
        } else {
          objects.add(need);
        }
      }
    }
    reader.readClocks(templates, cluster, snapshot);
    reader.read(objects, snapshot);
  }

  /** What the template comes to, as seen from a cluster. */
  public Outcome evaluate(ClusterDeclaration cluster, Template template) {
    return at(cluster).evaluateRead(template, snapshot, StepVariable.untouched());
  }

  /** The same as seen from the gate behind a step. */
  public Outcome evaluate(Step step, Template template) {
    return Expressions.about(plan, topology, step)
        .evaluateRead(template, snapshot, StepVariable.untouched());
  }

  /**
   * What a run would ask in addition before it opened the gate of a step that has nothing to do:
   * conditions may say that all is well for minutes after it is not. Reads only what it needs to.
   *
   * @return what does not hold, as text that may come from a cluster; empty when all is proven
   */
  public Optional<String> unproven(StepPlan step) {
    Optional<GateSpec> gate = plan.gate(step.step().spec());
    if (gate.isEmpty() || step.decision() != StepPlan.Decision.DONE) {
      return Optional.empty();
    }
    GateCheck check = new GateCheck(gate.get(), template -> evaluate(step.step(), template));
    if (check.proof() instanceof GateStatus.Ready) {
      return Optional.empty();
    }
    for (ReadyTerm term : gate.get().proof()) {
      read(step.step(), term.templates());
    }
    return check.proof() instanceof GateStatus.Waiting waiting
        ? Optional.of(waiting.why())
        : Optional.empty();
  }

  /** Whether the text that a template yields may not be shown. */
  public boolean sensitive(ClusterDeclaration cluster, Template template) {
    return at(cluster).sensitive(template);
  }

  private Expressions at(ClusterDeclaration cluster) {
    return Expressions.ofCluster(plan, topology, cluster);
  }
}
