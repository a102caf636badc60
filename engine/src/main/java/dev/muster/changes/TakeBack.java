package dev.muster.changes;

import dev.muster.changes.StepPlan.Decision;
import dev.muster.diff.Change;
import dev.muster.diff.FieldChange;
import dev.muster.diff.Overlay;
import dev.muster.live.Failure;
import dev.muster.live.FieldManagers;
import dev.muster.live.LiveObject;
import dev.muster.live.Reading;
import dev.muster.plan.On;
import dev.muster.plan.Plan;
import dev.muster.plan.Step;
import dev.muster.plan.StepSpec;
import dev.muster.problem.Problem;
import dev.muster.resource.Declared;
import dev.muster.resource.FieldPath;
import dev.muster.resource.ObjectRef;
import dev.muster.topology.ClusterDeclaration;
import dev.muster.topology.Topology;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The steps that no plan file has: they give back objects that no step of the plan writes any more.
 * What muster made is deleted, of others its fields are removed or restored.
 */
final class TakeBack {
  /** No step of a plan may have this id. */
  static final String ID = StepSpec.TAKE_BACK;

  /** The same for objects of a member that live on the host. */
  private static final String ON_HOST = ID + "-on-host";

  private final Plan plan;
  private final Topology topology;
  private final PairIndex pairs;
  private final LiveReader reader;

  TakeBack(Plan plan, Topology topology, PairIndex pairs, LiveReader reader) {
    this.plan = plan;
    this.topology = topology;
    this.pairs = pairs;
    this.reader = reader;
  }

  static boolean is(Step step) {
    return step.spec().id().equals(ID) || step.spec().id().equals(ON_HOST);
  }

  /**
   * The steps that are needed, each after all others about its cluster.
   *
   * @param steps those of the plan
   */
  List<Step> steps(List<Step> steps, Snapshot snapshot, Predicate<String> settled) {
    if (snapshot.inventory().entries().isEmpty()) {
      return List.of();
    }
    List<Step> all = new ArrayList<>();
    Map<String, List<Step>> bySubject = new LinkedHashMap<>();
    steps.forEach(
        step -> bySubject.computeIfAbsent(step.subject().name(), n -> new ArrayList<>()).add(step));
    for (ClusterDeclaration subject : topology.clusters()) {
      if (subject.absent()) {
        continue; // It is taken out as a whole, by steps of the plan.
      }
      Set<String> clusters = new java.util.LinkedHashSet<>();
      orphans(subject, snapshot, settled).forEach(object -> clusters.add(object.cluster()));
      List<Step> others = bySubject.getOrDefault(subject.name(), List.of());
      for (String cluster : clusters) {
        topology.cluster(cluster).ifPresent(at -> all.add(step(subject, at, others)));
      }
    }
    return all;
  }

  private static Step step(
      ClusterDeclaration subject, ClusterDeclaration cluster, List<Step> others) {
    boolean onHost = cluster.host() && !subject.host();
    Optional<ClusterDeclaration> member = subject.host() ? Optional.empty() : Optional.of(subject);
    StepSpec spec =
        StepSpec.takeBack(
            onHost ? ON_HOST : ID, cluster.host() ? On.HOST : On.MEMBER, member.isPresent());
    int wave = others.stream().mapToInt(Step::wave).max().orElse(0) + 1;
    return new Step(
        spec.id() + member.map(m -> "[" + m.name() + "]").orElse(""),
        spec,
        cluster,
        member,
        Optional.empty(),
        others.stream().map(Step::id).toList(),
        wave);
  }

  private List<OwnedObject> orphans(
      ClusterDeclaration subject, Snapshot snapshot, Predicate<String> settled) {
    Releases releases =
        new Releases(snapshot.inventory(), new Writers(plan, topology, pairs, snapshot, settled));
    return snapshot.inventory().entry(subject.name()).stream()
        .flatMap(entry -> entry.objects().stream())
        .filter(object -> !releases.hasWriter(subject, object))
        .toList();
  }

  /** Reads the objects anew and computes what is to become of them. */
  StepPlan plan(Step step, Snapshot snapshot, Predicate<String> settled) {
    List<OwnedObject> orphans =
        orphans(step.subject(), snapshot, settled).stream()
            .filter(object -> object.cluster().equals(step.cluster().name()))
            .toList();
    reader.readManifests(step.cluster(), orphans.stream().map(OwnedObject::ref).toList(), snapshot);
    List<Change> changes = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    Map<ObjectRef, List<FieldChange>> shown = new LinkedHashMap<>();
    Map<ObjectRef, Set<FieldPath>> released = new LinkedHashMap<>();
    List<Ownership.Forgotten> forgotten = new ArrayList<>();
    for (OwnedObject object : orphans) {
      Reading reading =
          snapshot.manifest(step.cluster(), object.ref()).orElseGet(Reading.Absent::new);
      Optional<Failure> failure = reading.failed();
      if (failure.isPresent()) {
        problems.add(unreadable(step, object, failure.get()));
        continue;
      }
      forgotten.add(new Ownership.Forgotten(object.cluster(), object.ref()));
      reading.found().ifPresent(live -> changes.add(change(object, live, released)));
    }
    boolean writes = changes.stream().anyMatch(change -> !(change instanceof Change.Unchanged));
    boolean refused = problems.stream().anyMatch(p -> p.hints().contains(RIGHTS));
    Decision decision =
        problems.isEmpty()
            ? writes ? Decision.RUN : Decision.DONE
            : refused ? Decision.REFUSED : Decision.FAILED;
    return new StepPlan(
        step,
        decision,
        problems.isEmpty() ? "" : problems.get(0).message(),
        changes,
        shown,
        Set.of(),
        Optional.empty(),
        problems,
        Ownership.of(List.of(), released, forgotten));
  }

  private static Change change(
      OwnedObject object, LiveObject live, Map<ObjectRef, Set<FieldPath>> released) {
    if (object.made().is(live.uid()) || isCutOff(object, live)) {
      return new Change.Delete(
          object.ref(), "muster made it, and nothing declares it any more", live.uid());
    }
    Releases.Release release = Releases.all(object);
    released.put(object.ref(), release.paths());
    Declared.Fields restored = release.over(new Declared.Fields(Map.of()));
    return Change.of(
        Overlay.compare(object.ref(), live.tree(), restored, object.rules(), release.removed()),
        "nothing declares its fields any more");
  }

  /** A run was about to make it, and was cut off before it could note which object it got. */
  private static boolean isCutOff(OwnedObject object, LiveObject live) {
    return object.made().intended()
        && object.made().uid().isEmpty()
        && FieldManagers.madeByMusterAlone(live);
  }

  private static final String RIGHTS =
      "give the runner's account the right, or use another account for this cluster";

  private static Problem unreadable(Step step, OwnedObject object, Failure failure) {
    return Problem.error(
        step.subject().where(),
        "cannot read " + object.ref() + " on " + object.cluster() + ": " + failure.message(),
        failure.kind() == Failure.Kind.NOT_ALLOWED
            ? "let a version of the plan that made it take it back, or delete it by hand"
            : failure.kind().refused()
                ? RIGHTS
                : "check the cluster, then run the same command again");
  }
}
