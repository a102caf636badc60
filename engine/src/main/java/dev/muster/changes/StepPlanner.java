package dev.muster.changes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.muster.changes.StepPlan.Decision;
import dev.muster.desired.DesiredState;
import dev.muster.desired.Evaluated;
import dev.muster.desired.Expressions;
import dev.muster.desired.Need;
import dev.muster.diff.Change;
import dev.muster.diff.FieldChange;
import dev.muster.diff.Overlay;
import dev.muster.expression.Outcome;
import dev.muster.expression.Template;
import dev.muster.gate.GateCheck;
import dev.muster.gate.GateStatus;
import dev.muster.live.Failure;
import dev.muster.live.Listing;
import dev.muster.live.LiveObject;
import dev.muster.live.Reading;
import dev.muster.plan.DeclaredTemplate;
import dev.muster.plan.EachSpec;
import dev.muster.plan.ObjectSpec;
import dev.muster.plan.Plan;
import dev.muster.plan.Requirement;
import dev.muster.plan.RestartSpec;
import dev.muster.plan.Step;
import dev.muster.problem.Problem;
import dev.muster.resource.Declared;
import dev.muster.resource.FieldRules;
import dev.muster.resource.ObjectRef;
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
import java.util.stream.Stream;

/** Computes what one step would do, from what was read. */
final class StepPlanner {
  private final Plan plan;
  private final Topology topology;
  private final Step step;
  private final Snapshot snapshot;
  private final Planned planned;
  private final LiveReader reader;
  private final DesiredState desired;
  private final Expressions expressions;
  private final List<Problem> refusals = new ArrayList<>();
  private final List<Problem> failures = new ArrayList<>();
  private final Map<String, Change> byObject = new LinkedHashMap<>();
  private final Map<ObjectRef, List<FieldChange>> shown = new LinkedHashMap<>();
  private final Set<ObjectRef> fromManifests = new LinkedHashSet<>();
  private final Charge charge;

  StepPlanner(
      Plan plan,
      Topology topology,
      Step step,
      Snapshot snapshot,
      Planned planned,
      LiveReader reader,
      Predicate<String> settled) {
    this.plan = plan;
    this.topology = topology;
    this.step = step;
    this.snapshot = snapshot;
    this.planned = planned;
    this.reader = reader;
    this.desired = new DesiredState(plan, topology, step, planned, settled);
    this.expressions = desired.expressions();
    this.charge = new Charge(plan, step, snapshot, new Writers(plan, topology, snapshot, settled));
  }

  StepPlan plan() {
    Optional<Template> when = step.spec().when();
    if (when.isPresent()) {
      Evaluated needed = desired.evaluate(when.get());
      if (needed instanceof Evaluated.Value value && !value.value().asBoolean()) {
        return result(Decision.NOT_NEEDED, List.of(), Optional.empty());
      }
      if (!(needed instanceof Evaluated.Value) && !(needed instanceof Evaluated.Unknown)) {
        failed(needed);
      }
    }
    Requirements.of(step.spec(), plan).forEach(this::require);
    if (!refusals.isEmpty()) {
      return result(Decision.REFUSED, List.of(), Optional.empty());
    }
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
    desired.problems().forEach(this::failed);
    if (!refusals.isEmpty()) {
      return result(Decision.REFUSED, changes, Optional.empty());
    }
    if (!failures.isEmpty()) {
      return result(Decision.FAILED, changes, Optional.empty());
    }
    boolean writes = changes.stream().anyMatch(change -> !(change instanceof Change.Unchanged));
    Optional<GateStatus> gate = writes ? Optional.empty() : gate();
    boolean run = writes || gate.filter(GateStatus.Waiting.class::isInstance).isPresent();
    return result(run ? Decision.RUN : Decision.DONE, changes, gate);
  }

  /** What cannot be decided yet is no reason to refuse: it is asked again before the write. */
  private void require(Requirement requirement) {
    if (!refusals.isEmpty()) {
      return; // The first is the most telling; those behind it often follow from it.
    }
    Evaluated evaluated = desired.evaluate(requirement.that());
    if (evaluated instanceof Evaluated.Value value && !value.value().asBoolean()) {
      String message =
          desired.evaluate(requirement.message()) instanceof Evaluated.Value text
                  && !text.sensitive()
              ? text.value().asText()
              : requirement.message().source();
      refusals.add(
          requirement.hint().isEmpty()
              ? Problem.error(step.subject().where(), message)
              : Problem.error(step.subject().where(), message, requirement.hint()));
    } else if (evaluated instanceof Evaluated.Unreadable || evaluated instanceof Evaluated.Broken) {
      failed(evaluated);
    }
  }

  private void failed(Evaluated evaluated) {
    if (evaluated instanceof Evaluated.Unreadable unreadable) {
      unreadable(unreadable.what(), unreadable.failure());
    } else if (evaluated instanceof Evaluated.Missing missing) {
      failures.add(
          Problem.error(
              step.subject().where(),
              "step " + step.id() + " needs a value that is not there: " + missing.what(),
              "muster why " + step.subject().name()));
    } else if (evaluated instanceof Evaluated.Broken broken) {
      failures.add(
          Problem.error(
              step.spec().where(),
              "step " + step.id() + ": " + broken.message(),
              "correct the plan file"));
    }
  }

  private void unreadable(String what, Failure failure) {
    boolean rights = failure.kind().refused();
    Problem problem =
        Problem.error(
            step.subject().where(),
            "cannot read " + what + ": " + failure.message(),
            rights
                ? "give the runner's account the right, or use another account for this cluster"
                : failure.kind() == Failure.Kind.NOT_FOUND
                    ? "create it, or correct the topology, then run the same command again"
                    : "check the cluster, then run the same command again");
    (rights ? refusals : failures).add(problem);
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
      unreadable(need.toString(), failure.get());
      return;
    }
    Optional<LiveObject> live = reading.found();
    Releases.Release release =
        charge.take(need, spec.rules(), declared, live.isPresent(), create && manifest.isEmpty());
    if (live.isPresent()) {
      add(name, update(ref, live.get(), declared, spec.rules(), release), changes);
    } else if (manifest.isPresent()) {
      add(name, make(ref, manifest.get(), declared, spec.rules()), changes);
    } else if (create) {
      Declared.Fields made =
          Optional.ofNullable(step.spec().initial().get(name))
              .map(initial -> Changes.over(declared, desired.declared(initial)))
              .orElse(declared);
      shown.put(ref, Flat.creation(made, spec.rules()));
      add(name, Change.of(Overlay.create(ref, made, spec.rules()), "it does not exist"), changes);
    } else if (!declared.entries().isEmpty()) {
      absent(name, need, declared, changes);
    }
  }

  /** Fields of what is not there: somebody brings it forth, or nobody will. */
  private void absent(String name, Need need, Declared.Fields declared, List<Change> changes) {
    ObjectRef ref = need.ref();
    List<String> waitsFor = desired.waitsFor(need.object());
    if (waitsFor.isEmpty()) {
      failures.add(
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
    shown.put(ref, Flat.creation(declared, need.object().rules()));
    add(
        name,
        Changes.pending(ref, Overlay.create(ref, declared, need.object().rules()), waitsFor),
        changes);
  }

  /** Declares fields of every object of a list that the plan's condition chooses. */
  private void each(String name, EachSpec each, List<Change> changes) {
    ObjectSpec spec = plan.object(name);
    Need need = expressions.need(step.cluster(), spec);
    Listing listing = snapshot.listing(need).orElseGet(() -> new Listing.Listed(List.of(), ""));
    if (listing instanceof Listing.Failed failed) {
      unreadable(need.toString(), failed.failure());
      return;
    }
    for (LiveObject object : ((Listing.Listed) listing).objects()) {
      DesiredState about = desired.about(object.tree());
      Evaluated chosen = about.evaluate(each.where());
      if (!(chosen instanceof Evaluated.Value value)) {
        failed(chosen);
      } else if (value.value().asBoolean()) {
        Change change =
            update(
                object.ref(),
                object,
                about.declared(each.ensure()),
                spec.rules(),
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
    reading.failed().ifPresent(failure -> unreadable(need.toString(), failure));
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
      failed(evaluated);
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
      unreadable(ref + " on " + step.cluster().name(), reading.failed().get());
    } else if (reading.found().isEmpty()) {
      changes.add(make(ref, manifest, new Declared.Fields(Map.of()), FieldRules.none()));
    }
  }

  /** The annotation's value follows from the changed fields, so that it never drifts by itself. */
  private void restart(RestartSpec restart, List<Change> changes) {
    List<Change> causes =
        restart.dependsOn().stream()
            .map(byObject::get)
            .filter(change -> change instanceof Change.Patch || change instanceof Change.Pending)
            .toList();
    if (causes.isEmpty()) {
      return;
    }
    if (restart.when().isPresent()
        && desired.evaluate(restart.when().get()) instanceof Evaluated.Value value
        && !value.value().asBoolean()) {
      return;
    }
    ObjectSpec spec = plan.object(restart.object());
    Need need = expressions.need(step.cluster(), spec);
    Optional<LiveObject> live = planned.reading(need).flatMap(Reading::found);
    if (live.isEmpty()) {
      return;
    }
    Declared annotation = new Declared.Known(TextNode.valueOf(Changes.restartMark(causes)), false);
    Declared.Fields declared =
        Changes.nested(
            annotation, "spec", "template", "metadata", "annotations", "muster.dev/restarted-for");
    add(
        restart.object(),
        update(need.ref(), live.get(), declared, spec.rules(), Releases.Release.none()),
        changes);
  }

  private Optional<GateStatus> gate() {
    return plan.gate(step.spec()).map(gate -> new GateCheck(gate, this::outcome).ready());
  }

  private Outcome outcome(Template template) {
    Optional<Evaluated.Unreadable> unreadable = expressions.unreadable(template, planned);
    if (unreadable.isPresent()) {
      return new Outcome.Error(
          "cannot read " + unreadable.get().what() + ": " + unreadable.get().failure().message());
    }
    return expressions.evaluate(
        template,
        planned,
        Map.of("step", JsonNodeFactory.instance.objectNode().put("changed", false)));
  }

  private StepPlan result(Decision decision, List<Change> changes, Optional<GateStatus> gate) {
    List<Problem> problems = Stream.of(refusals, failures).flatMap(List::stream).toList();
    String reason = problems.isEmpty() ? "" : problems.get(0).message();
    return new StepPlan(
        step, decision, reason, changes, shown, fromManifests, gate, problems, charge.ownership());
  }
}
