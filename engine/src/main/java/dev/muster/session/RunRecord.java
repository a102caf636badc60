package dev.muster.session;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.apply.RunReport;
import dev.muster.apply.StepOutcome;
import dev.muster.changes.ChangeSet;
import dev.muster.changes.StepPlan;
import dev.muster.diff.Fingerprint;
import dev.muster.report.DeclaredFields;
import dev.muster.report.PlanJson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the history keeps of a run; free of sensitive values. */
public final class RunRecord {
  /** The manifest of a registry by which the plan is known to be the one that was pinned. */
  static final String MANIFEST = "plan-manifest.json";

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final Session session;
  private final ChangeSet changeSet;
  private final String runId;
  private final Optional<String> rotation;
  private final boolean heals;
  private final Optional<Rollback> rollback;

  public RunRecord(
      Session session,
      ChangeSet changeSet,
      String runId,
      Optional<RotationRun> rotation,
      Optional<Rollback> rollback) {
    this.heals = session.heals();
    this.rollback = rollback;
    this.rotation = rotation.map(RotationRun::name);
    this.session = session;
    this.changeSet = changeSet;
    this.runId = runId;
  }

  public String intent() {
    return session.topology().name()
        + occasion()
        + ": about to make "
        + count(changeSet.changes().size(), "change");
  }

  /** What the run is, where it is no plain apply. */
  private String occasion() {
    return rotation
        .map(name -> ": rotate " + name)
        .or(() -> rollback.map(r -> ": rollback to " + r.target().runId()))
        .orElse(heals ? ": heal drift" : "");
  }

  public Map<String, String> files() {
    Map<String, String> files = new LinkedHashMap<>();
    files.put("topology.yaml", session.loaded().topologyText());
    files.put("plan.yaml", session.loaded().planText());
    KeptPlan.manifest(session.planFile()).ifPresent(text -> files.put(MANIFEST, text));
    // Fingerprints of another key each time would be all that differs between many runs.
    files.put(
        "change-set.json",
        new PlanJson(session.planFile(), Fingerprint.none(), session.clean()).render(changeSet));
    return files;
  }

  public Map<String, String> trailers() {
    Map<String, String> trailers = new LinkedHashMap<>();
    Loader.Loaded loaded = session.loaded();
    trailers.put("Topology-Commit", loaded.provenance().trailer(loaded.file()));
    trailers.put("Plan", session.planFile().title());
    session
        .planFile()
        .origin()
        .ifPresent(
            origin -> {
              trailers.put(FirstUse.SOURCE, origin.source());
              trailers.put(FirstUse.DIGEST, origin.digest());
            });
    rotation.ifPresent(name -> trailers.put("Rotation", name));
    rollback.ifPresent(r -> trailers.putAll(r.trailers()));
    return trailers;
  }

  public String summary(RunReport report) {
    String result =
        report.interrupted() ? "interrupted" : report.complete() ? "done" : "not all done";
    return session.topology().name()
        + occasion()
        + ": "
        + count(report.changes(), "change")
        + ", "
        + result
        + "\n\n"
        + new RunStory(session.clean()).of(changeSet, report);
  }

  public Map<String, String> files(RunReport report) {
    Map<String, String> files = files();
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("runId", runId).put("changes", report.changes());
    root.put("complete", report.complete()).put("interrupted", report.interrupted());
    report.behind().ifPresent(b -> root.put("inventoryBehind", session.clean().line(b.why())));
    root.put("seconds", report.took().toMillis() / 1000.0);
    ArrayNode steps = root.putArray("steps");
    report
        .outcomes()
        .forEach(
            (id, outcome) -> {
              if (!(outcome instanceof StepOutcome.NotNeeded)) {
                ObjectNode step = steps.addObject().put("id", id).put("result", outcome.word());
                if (!outcome.detail().isEmpty()) {
                  step.put("detail", session.clean().line(outcome.detail()));
                }
                if (!outcome.took().isZero()) {
                  step.put("seconds", outcome.took().toMillis() / 1000.0);
                }
              }
            });
    try {
      files.put("result.json", JSON.writeValueAsString(root) + "\n");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
    for (StepPlan step : changeSet.steps()) {
      if (step.decision() == StepPlan.Decision.NOT_NEEDED) {
        continue;
      }
      files.putAll(
          new DeclaredFields(session.planFile(), session.topology(), session.snapshot())
              .files(step.step()));
    }
    return files;
  }

  public Map<String, String> trailers(RunReport report) {
    Map<String, String> trailers = trailers();
    trailers.put(
        "Result", report.interrupted() ? "interrupted" : report.complete() ? "done" : "partial");
    trailers.put("Changed", String.valueOf(report.changes()));
    List<String> deferred =
        changeSet.deferred().stream().map(state -> state.cluster().name()).toList();
    trailers.put("Deferred", deferred.isEmpty() ? "none" : String.join(", ", deferred));
    report
        .stopped()
        .ifPresent(stop -> trailers.put("Left-Alone", String.join(", ", stop.leftAlone())));
    return trailers;
  }

  private static String count(int number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }
}
