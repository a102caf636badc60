package dev.muster.drift;

import dev.muster.changes.ChangeSet;
import dev.muster.changes.Changes;
import dev.muster.changes.ClusterState;
import dev.muster.changes.Expiring;
import dev.muster.changes.FieldView;
import dev.muster.changes.Inspector;
import dev.muster.changes.InventoryEntry;
import dev.muster.changes.Snapshot;
import dev.muster.changes.StepPlan;
import dev.muster.diff.Change;
import dev.muster.diff.FieldChange;
import dev.muster.diff.Fingerprint;
import dev.muster.drift.DriftedField.Kind;
import dev.muster.gate.GateStatus;
import dev.muster.plan.Plan;
import dev.muster.problem.Problem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Explains a change set as drift: which side has moved, since when, and by whom. */
public final class DriftCheck {
  private final Snapshot snapshot;
  private final Inspector inspector;
  private final Fingerprint fingerprint;
  private final Authors authors;
  private final Outlook outlook;

  /**
   * @param snapshot what was read for the change set
   * @param fingerprint by which sensitive values are shown
   */
  public DriftCheck(Plan plan, Snapshot snapshot, Inspector inspector, Fingerprint fingerprint) {
    this.snapshot = snapshot;
    this.inspector = inspector;
    this.fingerprint = fingerprint;
    this.authors = new Authors(plan);
    this.outlook = new Outlook(plan, snapshot);
  }

  public DriftReport report(ChangeSet changeSet, Instant at, List<Expiring> expiring) {
    List<DriftedField> fields = fields(changeSet);
    List<String> closed = new ArrayList<>();
    for (StepPlan step : changeSet.steps()) {
      if (step.gate().orElse(null) instanceof GateStatus.Waiting waiting) {
        closed.add(step.step().id() + ": " + waiting.why());
      }
      inspector.unproven(step).ifPresent(why -> closed.add(step.step().id() + ": " + why));
    }
    List<Problem> problems = new ArrayList<>(changeSet.refusals());
    problems.addAll(changeSet.failures());
    return new DriftReport(
        changeSet.topology(),
        at,
        changeSet.clusters().stream().map(this::cluster).toList(),
        fields,
        closed,
        problems,
        changeSet.unmanaged(),
        expiring);
  }

  private ClusterReport cluster(ClusterState state) {
    Map<String, String> labels = new LinkedHashMap<>();
    state
        .cluster()
        .fields()
        .path("labels")
        .properties()
        .forEach(label -> labels.put(label.getKey(), label.getValue().asText()));
    return new ClusterReport(
        state.cluster().name(),
        state.cluster().host(),
        state.cluster().host() ? "" : state.cluster().fields().path("connection").asText(),
        labels,
        state.failure(),
        snapshot
            .inventory()
            .entry(state.cluster().name())
            .map(InventoryEntry::settled)
            .flatMap(InventoryEntry.Settled::at));
  }

  /** What differs, and nothing else of a report. */
  public List<DriftedField> fields(ChangeSet changeSet) {
    return changeSet.steps().stream().flatMap(step -> fields(step).stream()).toList();
  }

  private List<DriftedField> fields(StepPlan step) {
    List<DriftedField> fields = new ArrayList<>();
    String subject = step.step().subject().name();
    boolean owed = step.ownership().owesRestart(snapshot.inventory(), subject);
    for (Change change : step.effective()) {
      Sight sight = Sight.of(step, change, snapshot);
      List<FieldView> views = FieldView.of(step, change, fingerprint);
      if (change instanceof Change.Delete) {
        views.forEach(view -> fields.add(unwanted(sight, view)));
        continue;
      }
      List<FieldChange> changes = step.fields(change);
      for (int i = 0; i < changes.size(); i++) {
        FieldChange one = changes.get(i);
        if (!Changes.isRestart(one.path())) {
          fields.add(field(sight, one, views.get(i)));
        } else if (owed) { // Any other follows from what is told anyway.
          fields.add(
              field(sight, views.get(i), Kind.PENDING, Optional.empty(), List.of(Outlook.OWED)));
        }
      }
    }
    return fields;
  }

  private DriftedField field(Sight sight, FieldChange change, FieldView view) {
    boolean released = sight.step().ownership().releases(sight.change().ref(), change.path());
    Kind kind = Kinds.of(sight, change.path(), released);
    if (kind == Kind.PENDING) {
      return field(sight, view, kind, Optional.empty(), List.of());
    }
    Optional<Author> author = authors.of(sight, change);
    return field(sight, view, kind, author, outlook.of(sight, change, author));
  }

  private DriftedField unwanted(Sight sight, FieldView view) {
    Kind kind = Kinds.ofUnwanted(sight);
    Optional<Author> author = kind == Kind.DRIFT ? authors.ofUnwanted(sight) : Optional.empty();
    return field(sight, view, kind, author, List.of());
  }

  private static DriftedField field(
      Sight sight, FieldView view, Kind kind, Optional<Author> author, List<String> becomes) {
    return new DriftedField(
        sight.step().step().cluster().name(),
        sight.step().step().id(),
        sight.change().ref(),
        Changes.creates(sight.change()),
        sight.change() instanceof Change.Delete,
        view,
        kind,
        author,
        becomes);
  }
}
