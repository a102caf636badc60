package dev.muster.changes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.muster.desired.DesiredState;
import dev.muster.desired.Evaluated;
import dev.muster.desired.Expressions;
import dev.muster.desired.Need;
import dev.muster.diff.Change;
import dev.muster.diff.FieldChange;
import dev.muster.diff.Overlay;
import dev.muster.live.Failure;
import dev.muster.live.Listing;
import dev.muster.live.LiveObject;
import dev.muster.live.Reading;
import dev.muster.plan.DeclaredTemplate;
import dev.muster.plan.EachSpec;
import dev.muster.plan.ObjectSpec;
import dev.muster.plan.Plan;
import dev.muster.plan.RestartSpec;
import dev.muster.plan.Step;
import dev.muster.problem.Problem;
import dev.muster.resource.Declared;
import dev.muster.resource.FieldRules;
import dev.muster.resource.ObjectRef;
import dev.muster.topology.ClusterDeclaration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a step would change of the objects that it names, one after another. */
final class ObjectChanges {
  private final Plan plan;
  private final Step step;
  private final Snapshot snapshot;
  private final Planned planned;
  private final LiveReader reader;
  private final DesiredState desired;
  private final Expressions expressions;
  private final Charge charge;
  private final StepProblems problems;
  private final Map<String, Change> byObject = new LinkedHashMap<>();
  private final Map<ObjectRef, List<FieldChange>> shown = new LinkedHashMap<>();
  private final Set<ObjectRef> fromManifests = new LinkedHashSet<>();

  ObjectChanges(
      Plan plan,
      Step step,
      Snapshot snapshot,
      Planned planned,
      LiveReader reader,
      DesiredState desired,
      Charge charge,
      StepProblems problems) {
    this.plan = plan;
    this.step = step;
    this.snapshot = snapshot;
    this.planned = planned;
    this.reader = reader;
    this.desired = desired;
    this.expressions = desired.expressions();
    this.charge = charge;
    this.problems = problems;
  }

  /** In the order in which they are to be made. */
  List<Change> all() {
    List<Change> changes = new ArrayList<>();
    List<Change> ofPlan = new ArrayList<>();
    Map<ObjectRef, JsonNode> manifests = manifests();
    Set<ObjectRef> named = new LinkedHashSet<>();
    step.spec().ensure().forEach((name, f) -> object(name, f, false, manifests, named, ofPlan));
    step.spec().create().forEach((name, f) -> object(name, f, true, manifests, named, ofPlan));
    manifests.forEach((ref, manifest) -> fromManifest(ref, manifest, named, changes));
    changes.addAll(ofPlan);
    step.spec().each().forEach((name, each) -> each(name, each, changes));
    step.spec().delete().forEach(name -> delete(name, changes));
    step.spec().restart().ifPresent(restart -> restart(restart, changes));
    return changes;
  }

  /** The fields as they are shown, where they are told more openly than they are compared. */
  Map<ObjectRef, List<FieldChange>> shown() {
    return shown;
  }

  /** Objects that are made of the topology's manifests. */
  Set<ObjectRef> fromManifests() {
    return fromManifests;
  }

  private void object(
      String name,
      DeclaredTemplate.Fields fields,
      boolean create,
      Map<ObjectRef, JsonNode> manifests,
      Set<ObjectRef> named,
      List<Change> changes) {
    ObjectSpec spec = plan.object(name);
    Need need = expressions.need(step.cluster(), spec);
    ObjectRef ref = need.ref();
    named.add(ref);
    Declared.Fields declared = desired.declared(fields);
    Optional<JsonNode> manifest = Optional.ofNullable(manifests.get(ref));
    Reading reading = planned.reading(need).orElseGet(Reading.Absent::new);
    Optional<Failure> failure = reading.failed();
    if (failure.isPresent()) {
      problems.fail(new Evaluated.Unreadable(need.described(), failure.get()));
      return;
    }
    Optional<LiveObject> live = reading.found();
    Releases.Release release =
        charge.take(need, need.rules(), declared, live.isPresent(), create && manifest.isEmpty());
    if (live.isPresent()) {
      add(name, update(ref, live.get(), declared, need.rules(), release), changes);
    } else if (manifest.isPresent()) {
      add(name, make(ref, manifest.get(), declared, need.rules()), changes);
    } else if (create) {
      Declared.Fields made =
          Optional.ofNullable(step.spec().initial().get(name))
              .map(desired::declared)
              .map(
                  initial ->
                      HandedOn.of(
                          initial, ref, step.cluster(), step.subject(), snapshot.inventory()))
              .map(initial -> Changes.over(declared, initial))
              .orElse(declared);
      shown.put(ref, Flat.creation(made, need.rules()));
      add(name, Change.of(Overlay.create(ref, made, need.rules()), "it does not exist"), changes);
    } else if (!declared.entries().isEmpty()) {
      absent(name, need, declared, changes);
    }
  }

  /** Fields of what is not there: somebody brings it forth, or nobody will. */
  private void absent(String name, Need need, Declared.Fields declared, List<Change> changes) {
    ObjectRef ref = need.ref();
    List<String> waitsFor = desired.waitsFor(need.object());
    if (waitsFor.isEmpty()) {
      problems.fail(
          Problem.error(
              step.subject().where(),
              ref
                  + " does not exist on "
                  + step.cluster().name()
                  + ", and step "
                  + step.id()
                  + " only sets fields of it",
              "muster why " + step.subject().name()));
      return;
    }
    shown.put(ref, Flat.creation(declared, need.rules()));
    add(name, Changes.pending(ref, Overlay.create(ref, declared, need.rules()), waitsFor), changes);
  }

  /** Declares fields of every object of a list that the plan's condition chooses. */
  private void each(String name, EachSpec each, List<Change> changes) {
    ObjectSpec spec = plan.object(name);
    Need need = expressions.need(step.cluster(), spec);
    Listing listing = snapshot.listing(need).orElseGet(() -> new Listing.Listed(List.of(), ""));
    if (listing instanceof Listing.Failed failed) {
      problems.fail(new Evaluated.Unreadable(need.described(), failed.failure()));
      return;
    }
    for (LiveObject object : ((Listing.Listed) listing).objects()) {
      DesiredState about = desired.about(object.tree());
      Evaluated chosen = about.evaluate(each.where());
      if (!(chosen instanceof Evaluated.Value value)) {
        problems.fail(chosen);
      } else if (value.value().asBoolean()) {
        Change change =
            update(
                object.ref(),
                object,
                about.declared(each.ensure()),
                need.rules(),
                Releases.Release.none());
        if (!(change instanceof Change.Unchanged)) {
          changes.add(change);
        }
      }
    }
  }

  /** One that is being deleted already needs no second request, only the gate. */
  private void delete(String name, List<Change> changes) {
    Need need = expressions.need(step.cluster(), plan.object(name));
    charge.forget(need.ref());
    Reading reading = planned.reading(need).orElseGet(Reading.Absent::new);
    reading.failed().ifPresent(f -> problems.fail(new Evaluated.Unreadable(need.described(), f)));
    changes.removeIf(c -> c instanceof Change.Unchanged && c.ref().equals(need.ref()));
    reading
        .found()
        .ifPresent(
            live ->
                changes.add(
                    live.tree().at("/metadata/deletionTimestamp").isMissingNode()
                        ? new Change.Delete(need.ref(), "it is not wanted any more", live.uid())
                        : new Change.Unchanged(need.ref(), "it is being deleted")));
  }

  private Change update(
      ObjectRef ref,
      LiveObject live,
      Declared.Fields declared,
      FieldRules rules,
      Releases.Release release) {
    Declared.Fields wanted = release.over(declared);
    Change change =
        Change.of(
            Overlay.compare(ref, live.tree(), wanted, rules, release.removed()), "it differs");
    if (change instanceof Change.Patch || change instanceof Change.Pending) {
      shown.put(ref, Flat.opened(change.fields(), wanted));
    }
    return change;
  }

  private Change make(
      ObjectRef ref, JsonNode manifest, Declared.Fields declared, FieldRules rules) {
    shown.put(ref, Flat.creation(declared, rules));
    fromManifests.add(ref);
    return Change.of(
        Overlay.create(ref, Changes.over(declared, manifest), rules),
        "it does not exist; the topology names its manifest");
  }

  private void add(String name, Change change, List<Change> changes) {
    byObject.put(name, change);
    changes.add(change);
  }

  /** Objects of the topology's manifests, by reference, in the order of the files. */
  private Map<ObjectRef, JsonNode> manifests() {
    Map<ObjectRef, JsonNode> manifests = new LinkedHashMap<>();
    if (step.spec().manifests().isEmpty()) {
      return manifests;
    }
    Evaluated evaluated = desired.evaluate(step.spec().manifests().get());
    if (evaluated instanceof Evaluated.Value value) {
      for (JsonNode manifest : value.value()) {
        manifests.put(Changes.refOf(manifest), manifest);
      }
      ClusterDeclaration cluster = step.cluster();
      List<ObjectRef> unread =
          manifests.keySet().stream()
              .filter(ref -> snapshot.manifest(cluster, ref).isEmpty())
              .toList();
      reader.readManifests(cluster, unread, snapshot);
    } else if (!(evaluated instanceof Evaluated.Omitted)) {
      problems.fail(evaluated);
    }
    return manifests;
  }

  private void fromManifest(
      ObjectRef ref, JsonNode manifest, Set<ObjectRef> named, List<Change> changes) {
    if (named.contains(ref)) {
      return;
    }
    Reading reading = snapshot.manifest(step.cluster(), ref).orElseGet(Reading.Absent::new);
    if (reading.failed().isPresent()) {
      problems.fail(
          new Evaluated.Unreadable(ref + " on " + step.cluster().name(), reading.failed().get()));
    } else if (reading.found().isEmpty()) {
      changes.add(make(ref, manifest, new Declared.Fields(Map.of()), FieldRules.none()));
    }
  }

  /**
   * The annotation's value follows from the changed fields, so that it never drifts by itself; one
   * that is left from an earlier run is remembered.
   */
  private void restart(RestartSpec restart, List<Change> changes) {
    List<Change> causes =
        restart.dependsOn().stream()
            .map(byObject::get)
            .filter(change -> change instanceof Change.Patch || change instanceof Change.Pending)
            .toList();
    Need need = expressions.need(step.cluster(), plan.object(restart.object()));
    Optional<LiveObject> live = planned.reading(need).flatMap(Reading::found);
    Optional<String> mark =
        live.flatMap(object -> charge.restart(need.ref(), Changes.restartMark(causes, object)));
    if (mark.isEmpty()) {
      return;
    }
    if (restart.when().isPresent()
        && desired.evaluate(restart.when().get()) instanceof Evaluated.Value value
        && !value.value().asBoolean()) {
      charge.noRestart();
      return;
    }
    Declared annotation = new Declared.Known(TextNode.valueOf(mark.get()), false);
    Declared.Fields declared =
        Changes.nested(
            annotation, "spec", "template", "metadata", "annotations", Changes.RESTART_MARK);
    add(
        restart.object(),
        update(need.ref(), live.get(), declared, need.rules(), Releases.Release.none()),
        changes);
  }
}
