package dev.muster.drift;

import dev.muster.changes.ChangeSet;
import dev.muster.changes.Changes;
import dev.muster.changes.ClusterState;
import dev.muster.changes.Expiring;
import dev.muster.changes.FieldView;
import dev.muster.changes.Inspector;
import dev.muster.changes.StepPlan;
import dev.muster.changes.Unmanaged;
import dev.muster.diff.Change;
import dev.muster.diff.Fingerprint;
import dev.muster.gate.GateStatus;
import dev.muster.problem.Problem;
import dev.muster.resource.ObjectRef;
import java.util.ArrayList;
import java.util.List;

/**
 * Live against declared.
 *
 * @param fields what differs
 * @param closedGates what is as declared and yet does not work, as "step: why"
 * @param unreachable the clusters of which nothing is known
 * @param problems why something could not be compared
 * @param unmanaged members of the host that the topology does not name; they are no drift
 * @param expiring what has run out or does soon
 */
public record DriftReport(
    String topology,
    List<DriftedField> fields,
    List<String> closedGates,
    List<ClusterState> unreachable,
    List<Problem> problems,
    Unmanaged unmanaged,
    List<Expiring> expiring) {
  public DriftReport {
    expiring = List.copyOf(expiring);
    fields = List.copyOf(fields);
    closedGates = List.copyOf(closedGates);
    unreachable = List.copyOf(unreachable);
    problems = List.copyOf(problems);
  }

  /**
   * A field that differs.
   *
   * @param objectGone whether the whole object is missing
   * @param objectUnwanted whether the whole object should be gone
   */
  public record DriftedField(
      String cluster, ObjectRef ref, boolean objectGone, boolean objectUnwanted, FieldView field) {}

  /** Whether there is something for a person to see to. */
  public boolean calls() {
    return !fields.isEmpty() || !closedGates.isEmpty() || !expiring.isEmpty();
  }

  public static DriftReport of(
      ChangeSet changeSet, Inspector inspector, Fingerprint fingerprint, List<Expiring> expiring) {
    List<DriftedField> fields = new ArrayList<>();
    List<String> closed = new ArrayList<>();
    for (StepPlan step : changeSet.steps()) {
      for (Change change : step.effective()) {
        boolean gone = Changes.creates(change);
        for (FieldView field : FieldView.of(step, change, fingerprint)) {
          String cluster = step.step().cluster().name();
          boolean unwanted = change instanceof Change.Delete;
          fields.add(new DriftedField(cluster, change.ref(), gone, unwanted, field));
        }
      }
      if (step.gate().orElse(null) instanceof GateStatus.Waiting waiting) {
        closed.add(step.step().id() + ": " + waiting.why());
      }
      inspector.unproven(step).ifPresent(why -> closed.add(step.step().id() + ": " + why));
    }
    List<Problem> problems = new ArrayList<>(changeSet.refusals());
    problems.addAll(changeSet.failures());
    return new DriftReport(
        changeSet.topology(),
        fields,
        closed,
        changeSet.clusters().stream().filter(s -> s.failure().isPresent()).toList(),
        problems,
        changeSet.unmanaged(),
        expiring);
  }
}
