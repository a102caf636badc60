package dev.muster.drift;

import dev.muster.changes.Claim;
import dev.muster.changes.InventoryEntry;
import dev.muster.changes.OwnedObject;
import dev.muster.changes.Snapshot;
import dev.muster.changes.StepPlan;
import dev.muster.diff.Change;
import dev.muster.live.FieldManagers;
import dev.muster.live.LiveObject;
import dev.muster.plan.ObjectSpec;
import dev.muster.resource.DocumentPlace;
import dev.muster.resource.FieldPath;
import dev.muster.resource.FieldRules;
import dev.muster.resource.ObjectRef;
import java.util.List;
import java.util.Optional;

/** One changed object as everything that is known of it: live, remembered and declared. */
record Sight(
    StepPlan step,
    Change change,
    Optional<LiveObject> live,
    Optional<InventoryEntry> entry,
    Optional<OwnedObject> owned,
    Optional<Claim> claim,
    List<ObjectSpec> names) {

  static Sight of(StepPlan step, Change change, Snapshot snapshot) {
    ObjectRef ref = change.ref();
    Optional<InventoryEntry> entry = snapshot.inventory().entry(step.step().subject().name());
    return new Sight(
        step,
        change,
        snapshot.live(step.step().cluster(), ref),
        entry,
        entry.flatMap(e -> e.object(step.step().cluster().name(), ref)),
        step.ownership().claims().stream()
            .filter(claim -> claim.ref().path().equals(ref.path()))
            .findFirst(),
        snapshot.namesOf(step.step().cluster(), ref));
  }

  /** Whether a run has settled the step's part in the object before. */
  boolean settledBefore() {
    return owned.filter(o -> o.fields().containsKey(step.step().spec().id())).isPresent();
  }

  Optional<FieldManagers> managers() {
    return live.map(FieldManagers::of);
  }

  /** Where the object itself has a field: that of an embedded document has none of its own. */
  FieldPath place(FieldPath field) {
    if (field.segments().isEmpty()) {
      return field;
    }
    DocumentPlace document = rules().documents().get(field.segments().get(0));
    return document == null ? field : document.field();
  }

  /** Whether a field is one inside a text. */
  boolean inDocument(FieldPath field) {
    return !place(field).equals(field);
  }

  private FieldRules rules() {
    return claim
        .map(Claim::rules)
        .or(() -> owned.map(OwnedObject::rules))
        .or(() -> names.stream().map(ObjectSpec::rules).findFirst())
        .orElseGet(FieldRules::none);
  }
}
