package dev.muster.drift;

import dev.muster.changes.Changes;
import dev.muster.changes.Lens;
import dev.muster.changes.Snapshot;
import dev.muster.changes.StepPlan;
import dev.muster.changes.StepPlan.Decision;
import dev.muster.diff.Change;
import dev.muster.diff.FieldChange;
import dev.muster.drift.DriftedField.Kind;
import dev.muster.resource.FieldPath;
import dev.muster.resource.ObjectRef;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * Shows of each step only what has drifted, so that a run puts just that right. What is pending
 * stays: nothing of it is written, and nothing of it enters the inventory. Safe for several
 * threads.
 */
public final class Healing implements Lens {
  private final Set<String> left = new ConcurrentSkipListSet<>();

  /** What is pending and therefore left alone, as {@code CLUSTER:KIND/NAME:FIELD}, in order. */
  public Set<String> left() {
    return new TreeSet<>(left);
  }

  @Override
  public StepPlan seen(StepPlan step, Snapshot snapshot) {
    boolean decided = step.decision() == Decision.RUN || step.decision() == Decision.DEFERRED;
    if (!decided) {
      return step;
    }
    List<Change> healed = new ArrayList<>();
    Set<ObjectRef> made = new LinkedHashSet<>();
    Set<ObjectRef> deleted = new LinkedHashSet<>();
    List<Change> restarts = new ArrayList<>();
    for (Change change : step.effective()) {
      if (isRestart(change)) {
        restarts.add(change);
        continue;
      }
      Change part = part(Sight.of(step, change, snapshot));
      if (!(part instanceof Change.Unchanged)) {
        healed.add(part);
        if (Changes.creates(part)) {
          made.add(part.ref());
        } else if (part instanceof Change.Delete) {
          deleted.add(part.ref());
        }
      }
    }
    String subject = step.step().subject().name();
    if (healed.isEmpty() && !step.ownership().owesRestart(snapshot.inventory(), subject)) {
      return step.only(
          Decision.EXCLUDED,
          "nothing of it has drifted",
          List.of(),
          step.ownership().only(Set.of(), Set.of()));
    }
    healed.addAll(restarts);
    return step.only(step.decision(), step.reason(), healed, step.ownership().only(made, deleted));
  }

  private static boolean isRestart(Change change) {
    return !change.fields().isEmpty()
        && change.fields().stream().allMatch(field -> Changes.isRestart(field.path()));
  }

  private Change part(Sight sight) {
    Change change = sight.change();
    if (change instanceof Change.Delete) {
      return Kinds.ofUnwanted(sight) == Kind.DRIFT ? change : leave(sight, List.of());
    }
    List<FieldPath> pending =
        change.fields().stream()
            .map(FieldChange::path)
            .filter(path -> kind(sight, path) == Kind.PENDING)
            .toList();
    if (change instanceof Change.Patch patch) {
      leave(sight, pending);
      return Change.of(patch.diff().only(path -> !pending.contains(path)), "it has drifted");
    }
    // An object that is made is made whole, and one whose values are not known yet is seen again.
    boolean whole =
        Changes.creates(change) ? anyPendingShown(sight) : pending.size() == change.fields().size();
    return whole ? leave(sight, pending) : change;
  }

  private boolean anyPendingShown(Sight sight) {
    return sight.step().fields(sight.change()).stream()
        .anyMatch(field -> kind(sight, field.path()) == Kind.PENDING);
  }

  private static Kind kind(Sight sight, FieldPath path) {
    return Kinds.of(sight, path, sight.step().ownership().releases(sight.change().ref(), path));
  }

  private Change leave(Sight sight, List<FieldPath> fields) {
    String object = sight.step().step().cluster().name() + ":" + sight.change().ref();
    if (fields.isEmpty() && !(sight.change() instanceof Change.Patch)) {
      left.add(object);
    }
    fields.forEach(field -> left.add(object + ":" + field));
    return new Change.Unchanged(sight.change().ref(), "it is pending");
  }
}
