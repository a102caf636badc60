package dev.muster.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.changes.ChangeSet;
import dev.muster.changes.Changes;
import dev.muster.changes.ClusterState;
import dev.muster.changes.FieldView;
import dev.muster.changes.StepPlan;
import dev.muster.changes.Waves;
import dev.muster.diff.Change;
import dev.muster.diff.Fingerprint;
import dev.muster.gate.GateStatus;
import dev.muster.plan.Plan;
import dev.muster.resource.ObjectRef;
import java.io.IOException;
import java.util.Locale;

/** A change set for machines; its schema is {@code schemas/change-set.schema.json}. */
public final class PlanJson {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final Plan plan;
  private final Fingerprint fingerprint;
  private final Clean clean;

  public PlanJson(Plan plan, Fingerprint fingerprint, Clean clean) {
    this.plan = plan;
    this.fingerprint = fingerprint;
    this.clean = clean;
  }

  public String render(ChangeSet changeSet) {
    return text(tree(changeSet));
  }

  /** The text of a tree. */
  public static String text(ObjectNode tree) {
    try {
      return JSON.writeValueAsString(tree) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  public ObjectNode tree(ChangeSet changeSet) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("apiVersion", "muster.dev/v1alpha1").put("kind", "ChangeSet");
    root.put("topology", changeSet.topology()).put("plan", changeSet.plan());
    plan.origin()
        .ifPresent(
            origin ->
                root.putObject("planOrigin")
                    .put("source", clean.line(origin.source()))
                    .put("digest", origin.digest()));
    ObjectNode summary = root.putObject("summary");
    summary.put("work", changeSet.hasWork());
    summary.put("changes", changeSet.changes().size());
    summary.put("closedGates", changeSet.closedGates().size());
    summary.put("deferred", changeSet.deferred().size());
    summary.put("refused", changeSet.refusals().size());
    summary.put("failed", changeSet.failures().size());
    if (!changeSet.guards().isEmpty()) {
      ArrayNode guards = root.putArray("guards");
      changeSet.guards().forEach(guard -> guards.add(clean.line(guard.message())));
    }
    ArrayNode clusters = root.putArray("clusters");
    for (ClusterState state : changeSet.clusters()) {
      ObjectNode cluster = clusters.addObject();
      cluster.put("name", state.cluster().name());
      cluster.put("role", state.cluster().host() ? "host" : "member");
      cluster.put("uid", state.uid());
      cluster.put(
          "state",
          state.failure().isEmpty() ? "reached" : state.deferred() ? "deferred" : "failed");
      state
          .failure()
          .ifPresent(
              failure ->
                  cluster
                      .putObject("failure")
                      .put("kind", failure.kind().name().toLowerCase(Locale.ROOT).replace('_', '-'))
                      .put("message", clean.line(failure.message())));
    }
    waves(changeSet.waves(), root);
    ArrayNode steps = root.putArray("steps");
    changeSet.steps().forEach(step -> steps.add(step(step)));
    UnmanagedText.put(root, changeSet.unmanaged(), clean);
    return root;
  }

  private void waves(Waves waves, ObjectNode root) {
    if (waves.list().isEmpty()) {
      return;
    }
    ObjectNode rollout = root.putObject("rollout");
    rollout.put("stopAfter", waves.stopAfter());
    ArrayNode list = rollout.putArray("waves");
    for (Waves.Wave wave : waves.list()) {
      ObjectNode node = list.addObject();
      node.put("number", wave.number()).put("by", clean.line(wave.by()));
      ArrayNode members = node.putArray("members");
      wave.members().forEach(members::add);
    }
  }

  private ObjectNode step(StepPlan step) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("id", step.step().id()).put("title", step.step().spec().title());
    node.put("cluster", step.step().cluster().name());
    step.step().member().ifPresent(member -> node.put("member", member.name()));
    step.step().peer().ifPresent(peer -> node.put("peer", peer.name()));
    node.put("wave", step.step().wave());
    ArrayNode after = node.putArray("after");
    step.step().dependsOn().forEach(after::add);
    node.put("decision", step.decision().name().toLowerCase(Locale.ROOT).replace('_', '-'));
    if (!step.reason().isEmpty()) {
      node.put("reason", clean.line(step.reason()));
    }
    ArrayNode changes = node.putArray("changes");
    step.changes().forEach(change -> changes.add(change(step, change)));
    plan.gate(step.step().spec())
        .ifPresent(
            gate -> {
              ObjectNode view = node.putObject("gate");
              view.put("name", gate.name());
              if (step.gate().orElse(null) instanceof GateStatus.Waiting waiting) {
                view.put("state", "waiting").put("why", clean.line(waiting.why()));
              } else {
                view.put("state", step.gate().isPresent() ? "ready" : "awaited");
              }
            });
    return node;
  }

  private ObjectNode change(StepPlan step, Change change) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("action", action(change));
    node.set("ref", ref(change.ref()));
    node.put("fromManifest", step.fromManifest(change));
    ArrayNode waitsFor = node.putArray("knownAfter");
    Changes.waitsFor(change).forEach(waitsFor::add);
    ArrayNode fields = node.putArray("fields");
    for (FieldView view : FieldView.of(step, change, fingerprint)) {
      ObjectNode field = fields.addObject();
      field.put("path", clean.line(view.path())).put("action", view.action());
      field.put("sensitive", view.sensitive());
      put(field, "before", view.before(), view.sensitive());
      put(field, "after", view.after(), view.sensitive());
      if (view.generated()) {
        field.put("generated", true);
        if (!view.making().isEmpty()) {
          field.put("issued", clean.line(view.making()));
        }
      }
      if (view.released()) {
        field.put("released", true);
      }
      if (!view.knownAfter().isEmpty()) {
        ArrayNode after = field.putArray("knownAfter");
        view.knownAfter().forEach(after::add);
      }
    }
    return node;
  }

  /** A sensitive value is told apart by its fingerprint only; another stands as it is. */
  private void put(ObjectNode field, String name, String text, boolean sensitive) {
    if (text.isEmpty()) {
      return;
    }
    if (sensitive && !text.equals(FieldView.EMPTY)) {
      field.put(name + "Fingerprint", text);
      return;
    }
    try {
      field.set(name, JSON.readTree(clean.line(text)));
    } catch (IOException e) {
      field.put(name, clean.line(text));
    }
  }

  static ObjectNode ref(ObjectRef ref) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("apiVersion", ref.apiVersion()).put("kind", ref.kind());
    if (!ref.namespace().isEmpty()) {
      node.put("namespace", ref.namespace());
    }
    return node.put("name", ref.name());
  }

  static String action(Change change) {
    if (change instanceof Change.Pending) {
      return "pending";
    }
    return change.getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }
}
