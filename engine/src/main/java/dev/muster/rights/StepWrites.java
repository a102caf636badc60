package dev.muster.rights;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.changes.Snapshot;
import dev.muster.desired.Expressions;
import dev.muster.desired.Need;
import dev.muster.expression.Outcome;
import dev.muster.expression.Reference;
import dev.muster.expression.Template;
import dev.muster.plan.ObjectSource;
import dev.muster.plan.Plan;
import dev.muster.plan.Step;
import dev.muster.plan.StepSpec;
import dev.muster.plan.TokenSpec;
import dev.muster.resource.ObjectRef;
import dev.muster.resource.Redactor;
import dev.muster.topology.Topology;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** The rights for what steps write, and for taking it back when nothing declares it any more. */
final class StepWrites {
  private static final String RBAC = "rbac.authorization.k8s.io";

  private final Plan plan;
  private final Map<String, ClusterRights> clusters;
  private final Possibility possibility = new Possibility();

  StepWrites(Plan plan, Topology topology, Map<String, ClusterRights> clusters) {
    this.plan = plan;
    this.clusters = clusters;
  }

  /** Whether the step may have something to do in this topology. */
  boolean possible(Step step, Expressions expressions) {
    return step.spec().when().map(when -> possibility.mayHold(when, expressions)).orElse(true);
  }

  void grant(Step step, Expressions expressions, Reason reason) {
    ClusterRights rights = clusters.get(step.cluster().name());
    if (rights == null) {
      return;
    }
    StepSpec spec = step.spec();
    Set<String> patched = new LinkedHashSet<>(spec.writes());
    for (String name : patched) {
      rights.object(ref(step, expressions, name), reason, "patch");
    }
    for (String name : spec.create().keySet()) {
      rights.kind(ref(step, expressions, name), reason, "create");
    }
    for (String name : spec.delete()) {
      rights.object(ref(step, expressions, name), reason, "delete");
    }
    for (String name : spec.each().keySet()) {
      rights.kind(((ObjectSource.All) plan.object(name).source()).kind(), reason, "patch");
    }
    issued(step, expressions, reason);
    takenBack(step, expressions, rights);
    manifests(step, expressions, rights, reason);
  }

  /** Tokens are issued by the cluster of their account, whichever the step writes to. */
  private void issued(Step step, Expressions expressions, Reason reason) {
    for (Template template : step.spec().contentTemplates()) {
      for (Reference reference : template.references()) {
        TokenSpec token =
            reference.path().isEmpty() ? null : plan.tokens().get(reference.path().get(0));
        if (token == null) {
          continue;
        }
        for (Need need : expressions.needs(template)) {
          ClusterRights rights = clusters.get(need.cluster().name());
          if (rights != null && need.object().name().equals(token.account())) {
            Target target =
                new Target("", "serviceaccounts/token", need.ref().namespace(), need.ref().name());
            rights.need(target, "create", reason);
          }
        }
      }
    }
  }

  private ObjectRef ref(Step step, Expressions expressions, String name) {
    return expressions.need(step.cluster(), plan.object(name)).ref();
  }

  /** An object that only this step has to do with, when the topology has no use for it any more. */
  private void takenBack(Step step, Expressions expressions, ClusterRights rights) {
    // What a pair has is taken back when the other one leaves.
    boolean pair = step.spec().forEachPair();
    boolean maybe =
        pair
            || step.spec()
                .when()
                .map(when -> possibility.dependsOnTopology(when, expressions))
                .orElse(false);
    if (!maybe) {
      return;
    }
    Reason reason = Reason.step(StepSpec.TAKE_BACK);
    for (String name : step.spec().writes()) {
      if (pair || plan.steps().stream().filter(other -> deals(other, name)).count() == 1) {
        rights.object(ref(step, expressions, name), reason, "get", "patch");
        if (step.spec().create().containsKey(name)) {
          rights.object(ref(step, expressions, name), reason, "delete");
        }
      }
    }
  }

  private static boolean deals(StepSpec step, String object) {
    return step.writes().contains(object) || step.delete().contains(object);
  }

  /** As for a cluster on which nothing is there yet. */
  private void manifests(Step step, Expressions expressions, ClusterRights rights, Reason reason) {
    if (step.spec().manifests().isEmpty()
        || !(expressions.evaluate(
                step.spec().manifests().get(), new Snapshot(new Redactor()), Map.of())
            instanceof Outcome.Value value)) {
      return;
    }
    for (JsonNode manifest : value.value()) {
      ObjectRef ref =
          ObjectRef.of(
              manifest.path("apiVersion").asText("v1"),
              manifest.path("kind").asText(),
              manifest.at("/metadata/namespace").asText(""),
              manifest.at("/metadata/name").asText());
      rights.object(ref, reason, "get");
      rights.kind(ref, reason, "create");
      if (ref.kind().equals("Namespace") && ref.group().isEmpty()) {
        rights.makes(ref.name());
      }
      delegated(manifest, ref, rights, reason);
    }
  }

  /** Nobody may give away rights that he does not have, unless he may do just that. */
  private static void delegated(
      JsonNode manifest, ObjectRef ref, ClusterRights rights, Reason reason) {
    if (!ref.group().equals(RBAC)) {
      return;
    }
    if (!ref.kind().endsWith("Binding")) {
      rights.object(ref, reason, "escalate");
      return;
    }
    String kind = manifest.at("/roleRef/kind").asText();
    String namespace = kind.equals("Role") ? ref.namespace() : "";
    ObjectRef role =
        ObjectRef.of(ref.apiVersion(), kind, namespace, manifest.at("/roleRef/name").asText());
    rights.object(role, reason, "bind");
  }
}
