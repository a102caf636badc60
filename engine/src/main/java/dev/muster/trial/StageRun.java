package dev.muster.trial;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.apply.Apply;
import dev.muster.apply.InventoryKeeper;
import dev.muster.apply.RunLock;
import dev.muster.apply.RunReport;
import dev.muster.apply.StepOutcome;
import dev.muster.apply.StepRunner;
import dev.muster.changes.ChangeSet;
import dev.muster.changes.Expectation;
import dev.muster.changes.InventoryObjects;
import dev.muster.changes.StepPlan;
import dev.muster.diff.Fingerprint;
import dev.muster.gate.StepVariable;
import dev.muster.plan.Step;
import dev.muster.problem.Problem;
import dev.muster.resource.ObjectRef;
import dev.muster.session.Books;
import dev.muster.session.RotationRun;
import dev.muster.session.RotationStart;
import dev.muster.session.Rotations;
import dev.muster.session.Selectors;
import dev.muster.session.Session;
import dev.muster.topology.ClusterDeclaration;
import dev.muster.yaml.YamlNode;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** One plan of a case and, where it asks for it, the apply: as the program does them, in memory. */
final class StageRun {
  /** So that what is generated is the same each time. */
  private static final long SEED = 20260101;

  private static final String RUN = "20260101-000000-case";

  private final Stage stage;
  private final Session session;
  private final TrialClusters clusters;
  private final Laying laying;
  private final TrialTime time;
  private final Ending ending;
  private final Coverage coverage;
  private final Map<String, JsonNode> unexpected = new LinkedHashMap<>();
  private final ObjectNode steps = JsonNodeFactory.instance.objectNode();

  StageRun(
      Stage stage,
      Session session,
      TrialClusters clusters,
      Laying laying,
      TrialTime time,
      Ending ending,
      Coverage coverage) {
    this.stage = stage;
    this.session = session;
    this.clusters = clusters;
    this.laying = laying;
    this.time = time;
    this.ending = ending;
    this.coverage = coverage;
  }

  /**
   * @param lay makes the clusters be as a part of the case says
   */
  Seen run(Consumer<YamlNode> lay) {
    RotationStart start = RotationRun.prepare(session, stage.rotation(), RUN, time.now());
    Optional<RotationRun> rotation = start.rotation();
    List<String> notes = new ArrayList<>(session.loaded().notes());
    rotation.map(RotationRun::notes).ifPresent(notes::addAll);
    ChangeSet changeSet =
        session.plan(
            new Selectors(stage.selectors("only"), stage.selectors("exclude"))
                .selection(session.topology(), session.planFile()));
    start.insist(changeSet);
    cover(changeSet);
    ObjectNode changes = ChangesTree.of(changeSet);
    clusters.all().forEach(TrialCluster::written);
    Map<String, Map<String, JsonNode>> before = FinalObjects.state(clusters);
    TrialGates gates = new TrialGates(session, time.now(), answers(lay), coverage);
    int exit = ending.planned(changeSet);
    List<Problem> problems =
        Stream.concat(changeSet.refusals().stream(), changeSet.failures().stream()).toList();
    if (stage.applies() && changeSet.refusals().isEmpty() && changeSet.hasWork()) {
      RunReport report = apply(changeSet, rotation, gates);
      exit = ending.ran(report, changeSet);
    } else {
      changeSet.steps().forEach(step -> steps.put(step.step().id(), decided(step)));
    }
    ObjectNode said = said(changeSet, gates);
    Secrets secrets =
        new Secrets(
            session.planFile(), session.topology(), clusters, session.snapshot().redactor());
    FinalObjects objects = new FinalObjects(session.planFile(), clusters, laying, secrets, before);
    Map<String, String> bad = new LinkedHashMap<>();
    unexpected.forEach((step, how) -> bad.put(step, how.asText()));
    return new Seen(
        changes,
        problems.stream().map(Problem::message).distinct().toList(),
        notes,
        said,
        steps,
        bad,
        exit,
        objects,
        objects.written(written()));
  }

  private void cover(ChangeSet changeSet) {
    for (StepPlan step : changeSet.steps()) {
      coverage.said(step.problems());
      if (step.decision() == StepPlan.Decision.RUN || step.decision() == StepPlan.Decision.DONE) {
        coverage.step(step.step().spec());
      }
    }
  }

  private java.util.function.Predicate<Step> answers(Consumer<YamlNode> lay) {
    Map<String, Integer> used = new HashMap<>();
    return step -> {
      List<YamlNode> all = stage.answers(step.id());
      int next = used.merge(step.id(), 1, Integer::sum) - 1;
      if (next >= all.size()) {
        return false;
      }
      lay.accept(all.get(next));
      return true;
    };
  }

  private RunReport apply(ChangeSet changeSet, Optional<RotationRun> rotation, TrialGates gates) {
    InventoryKeeper keeper = new Books(session, changeSet).keeper(RUN, RunLock.none());
    Rotations rotations = new Rotations(session);
    rotation.ifPresent(r -> r.begin(rotations, keeper));
    StepRunner runner =
        new StepRunner(
                session.planFile(),
                session.planner(),
                session.reader(),
                session.clusters(),
                Expectation.of(changeSet, Fingerprint.withNewKey(new SecureRandom())),
                gates,
                RunLock.none(),
                keeper,
                event -> {})
            .generating(new SplittableRandom(SEED));
    // One thread, so that the order of steps that do not wait for each other is the same each time.
    RunReport played =
        new Apply(runner, event -> {}, 1)
            .run(
                RUN,
                changeSet,
                session.snapshot(),
                Executors.newSingleThreadExecutor(
                    task -> {
                      Thread thread = new Thread(task, "muster-case");
                      thread.setDaemon(true);
                      return thread;
                    }));
    rotations.end(keeper, played.complete() && whole() && changeSet.leavesNothing());
    RunReport report = Books.finish(keeper, RunLock.none(), played, event -> {});
    report
        .outcomes()
        .forEach(
            (id, outcome) -> {
              String said =
                  outcome.done() || outcome.detail().isEmpty()
                      ? outcome.word()
                      : outcome.word() + ": " + outcome.detail();
              steps.put(id, said);
              boolean left =
                  outcome instanceof StepOutcome.Skipped
                      || outcome instanceof StepOutcome.Deferred
                      || outcome instanceof StepOutcome.LeftAlone;
              boolean planned = changeSet.step(id).filter(s -> !s.problems().isEmpty()).isPresent();
              if (!outcome.done() && !left && !planned) {
                unexpected.put(id, JsonNodeFactory.instance.textNode(said));
              }
            });
    return report;
  }

  private boolean whole() {
    return stage.selectors("only").isEmpty() && stage.selectors("exclude").isEmpty();
  }

  private static String decided(StepPlan step) {
    String word = step.decision().name().toLowerCase(Locale.ROOT).replace('_', ' ');
    return step.reason().isEmpty() ? word : word + ": " + step.reason();
  }

  /** What the gates said that the run came to, and what those say that the case asks about. */
  private ObjectNode said(ChangeSet changeSet, TrialGates gates) {
    ObjectNode all = JsonNodeFactory.instance.objectNode();
    for (StepPlan planned : changeSet.steps()) {
      Step step = planned.step();
      Optional<YamlNode> asked =
          stage.node().child("gates").flatMap(written -> written.child(step.id()));
      List<GateSaid> said = new ArrayList<>(gates.said().getOrDefault(step.id(), List.of()));
      if (said.isEmpty() && asked.isPresent()) {
        session
            .planFile()
            .gate(step.spec())
            .ifPresent(gate -> said.add(gates.look(step, gate, variable(asked.get()), time.now())));
      }
      if (said.size() == 1) {
        all.set(step.id(), said.get(0).json());
      } else if (!said.isEmpty()) {
        ArrayNode list = all.putArray(step.id());
        said.forEach(one -> list.add(one.json()));
      }
    }
    return all;
  }

  /** A case may say what a run is to have written before the gate is looked at. */
  private Map<String, JsonNode> variable(YamlNode asked) {
    List<String> wrote = new ArrayList<>();
    asked.child("wrote").ifPresent(list -> list.json().forEach(e -> wrote.add(e.asText())));
    return wrote.isEmpty() ? StepVariable.untouched() : StepVariable.of(wrote, time.now());
  }

  private Map<String, List<ObjectRef>> written() {
    Map<String, List<ObjectRef>> written = new LinkedHashMap<>();
    String inventory = InventoryObjects.refOf(session.topology().name(), "").name();
    for (ClusterDeclaration declaration : session.topology().clusters()) {
      List<ObjectRef> refs =
          clusters.named(declaration.name()).orElseThrow().written().stream()
              .filter(
                  ref ->
                      !(ref.namespace().equals("kube-system")
                          && ref.kind().equals("ConfigMap")
                          && ref.name().startsWith(inventory)))
              .toList();
      written.put(declaration.name(), refs);
    }
    return written;
  }
}
