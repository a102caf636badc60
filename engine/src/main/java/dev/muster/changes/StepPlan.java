package dev.muster.changes;

import dev.muster.diff.Change;
import dev.muster.diff.FieldChange;
import dev.muster.gate.GateStatus;
import dev.muster.live.Failure;
import dev.muster.plan.Step;
import dev.muster.problem.Problem;
import dev.muster.resource.ObjectRef;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What one step would do.
 *
 * @param changes one for each object of the step, in the order of writing
 * @param shown the fields to tell of where these are not the change's own: a new object's one by
 *     one, a command line's by argument, and what the plan adds to a user's own manifest
 * @param manifests the objects that are made from manifests that the topology names
 * @param gate what its gate says now, when the step itself has nothing to change; empty when the
 *     step has no gate, or when the gate is waited for after its changes
 * @param problems why the step is refused, or cannot be computed
 * @param ownership what it takes charge of, and what it gives back
 */
public record StepPlan(
    Step step,
    Decision decision,
    String reason,
    List<Change> changes,
    Map<ObjectRef, List<FieldChange>> shown,
    Set<ObjectRef> manifests,
    Optional<GateStatus> gate,
    List<Problem> problems,
    Ownership ownership) {
  public StepPlan {
    Objects.requireNonNull(ownership, "ownership");
    Objects.requireNonNull(decision, "decision");
    Objects.requireNonNull(reason, "reason");
    changes = List.copyOf(changes);
    shown = Map.copyOf(shown);
    manifests = Set.copyOf(manifests);
    problems = List.copyOf(problems);
  }

  /** A step that takes charge of nothing. */
  public StepPlan(
      Step step,
      Decision decision,
      String reason,
      List<Change> changes,
      Map<ObjectRef, List<FieldChange>> shown,
      Set<ObjectRef> manifests,
      Optional<GateStatus> gate,
      List<Problem> problems) {
    this(step, decision, reason, changes, shown, manifests, gate, problems, Ownership.none());
  }

  /** The same step left for a later run, with what it would do. */
  StepPlan deferred(String why) {
    return new StepPlan(
        step,
        Decision.DEFERRED,
        why,
        changes,
        shown,
        manifests,
        Optional.empty(),
        List.of(),
        ownership);
  }

  /** The same step where it is not left for later. */
  StepPlan done() {
    return decision != Decision.DEFERRED || effective().isEmpty()
        ? this
        : new StepPlan(
            step, Decision.RUN, "", changes, shown, manifests, gate, problems, ownership);
  }

  /** The same step with only some of its changes, and with what these mean for the inventory. */
  public StepPlan only(Decision now, String why, List<Change> some, Ownership owned) {
    Map<ObjectRef, List<FieldChange>> still = new LinkedHashMap<>();
    for (Change change : some) {
      List<FieldChange> told = shown.get(change.ref());
      if (told != null) {
        still.put(
            change.ref(),
            Changes.creates(change)
                ? told
                : told.stream().filter(field -> isPart(field, change)).toList());
      }
    }
    return new StepPlan(step, now, why, some, still, manifests, Optional.empty(), problems, owned);
  }

  private static boolean isPart(FieldChange told, Change change) {
    return change.fields().stream().anyMatch(field -> told.path().startsWith(field.path()));
  }

  /** What is to become of a step. */
  public enum Decision {
    /** It has something to change, or its gate is not open. */
    RUN,
    /** All is as declared and the gate is open. */
    DONE,
    /** The plan has no use for it here. */
    NOT_NEEDED,
    /** Its cluster cannot be reached; left for a later run. */
    DEFERRED,
    /** Something that it depends on will not be done. */
    SKIPPED,
    /** Left out by the command line. */
    EXCLUDED,
    /** It must not be done: a requirement does not hold, or rights are missing. */
    REFUSED,
    /** It cannot be computed. */
    FAILED
  }

  /** Whether the objects of this step are as declared, so that later steps may build on them. */
  public boolean settled() {
    return decision == Decision.DONE || decision == Decision.NOT_NEEDED;
  }

  /** The fields of a change that are told, saved and compared. */
  public List<FieldChange> fields(Change change) {
    return shown.getOrDefault(change.ref(), change.fields());
  }

  /** Whether the object is made from a manifest that the topology names. */
  public boolean fromManifest(Change change) {
    return manifests.contains(change.ref());
  }

  /** The changes that would write something. */
  public List<Change> effective() {
    return changes.stream().filter(change -> !(change instanceof Change.Unchanged)).toList();
  }

  /** A step that waits for a cluster, or fails without it. */
  static StepPlan unusable(Step step, ClusterState state) {
    Failure failure = state.failure().orElseThrow();
    String reason = state.cluster().name() + " " + state.obstacle();
    if (state.deferred()) {
      return simple(
          step,
          Decision.DEFERRED,
          state.cluster().courier() ? "it is left for the courier" : reason);
    }
    Problem problem =
        Problem.error(
            state.cluster().where(),
            "%s \"%s\" %s"
                .formatted(
                    state.cluster().host() ? "host" : "member",
                    state.cluster().name(),
                    state.obstacle()),
            state.answered()
                ? "check with: kubectl --context "
                    + state.cluster().access().context()
                    + " get namespace kube-system"
                : "check its access in the topology, and that it runs");
    return new StepPlan(
        step,
        failure.kind().refused() ? Decision.REFUSED : Decision.FAILED,
        reason,
        List.of(),
        Map.of(),
        Set.of(),
        Optional.empty(),
        List.of(problem));
  }

  /** A step that changes nothing, for a reason. */
  static StepPlan simple(Step step, Decision decision, String reason) {
    return new StepPlan(
        step, decision, reason, List.of(), Map.of(), Set.of(), Optional.empty(), List.of());
  }
}
