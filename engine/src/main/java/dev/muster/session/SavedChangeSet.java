package dev.muster.session;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.changes.AgreedChange;
import dev.muster.changes.ChangeSet;
import dev.muster.changes.ClusterState;
import dev.muster.changes.Expectation;
import dev.muster.changes.FieldView;
import dev.muster.changes.RefusedException;
import dev.muster.changes.StepPlan;
import dev.muster.diff.Change;
import dev.muster.diff.Fingerprint;
import dev.muster.history.Checkouts;
import dev.muster.history.GitCheckout;
import dev.muster.problem.MusterException;
import dev.muster.problem.Problem;
import dev.muster.problem.Where;
import dev.muster.resource.ObjectRef;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A change set in a file: what was shown, and the texts it came from, so that exactly this can be
 * applied later. It holds no sensitive value, only keyed fingerprints of them.
 */
public final class SavedChangeSet {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
  private static final String KIND = "SavedChangeSet";
  private static final String MANIFEST = "manifest";
  private static final String EXISTED = "existed";

  private final Path file;
  private final JsonNode content;

  private SavedChangeSet(Path file, JsonNode content) {
    this.file = file;
    this.content = content;
  }

  public static void write(
      Path file,
      Loader.Loaded loaded,
      boolean prune,
      Optional<Integer> maxRemove,
      ChangeSet changeSet,
      Fingerprint fingerprint) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("apiVersion", "muster.dev/v1alpha1").put("kind", KIND);
    root.put("key", fingerprint.key());
    root.put("prune", prune);
    maxRemove.ifPresent(max -> root.put("maxRemove", max));
    root.putObject("topology")
        .put(
            "file",
            Checkouts.of(loaded.file())
                .map(GitCheckout::pinned)
                .orElseGet(() -> loaded.file().toAbsolutePath().normalize().toString()))
        .put("commit", loaded.provenance().trailer(loaded.file()))
        .put("text", loaded.topologyText());
    ObjectNode plan = root.putObject("plan");
    plan.put("title", loaded.plan().title()).put("text", loaded.planText());
    KeptPlan.manifest(loaded.plan()).ifPresent(text -> plan.put(MANIFEST, text));
    ArrayNode clusters = root.putArray("clusters");
    for (ClusterState state : changeSet.clusters()) {
      clusters.addObject().put("name", state.cluster().name()).put("uid", state.uid());
    }
    ArrayNode steps = root.putArray("steps");
    for (StepPlan step : changeSet.steps()) {
      ObjectNode node = steps.addObject().put("id", step.step().id());
      ArrayNode changes = node.putArray("changes");
      for (Change change : step.effective()) {
        ObjectNode one = changes.addObject();
        ObjectRef ref = change.ref();
        one.putObject("ref")
            .put("group", ref.group())
            .put("version", ref.version())
            .put("kind", ref.kind())
            .put("plural", ref.plural())
            .put("namespace", ref.namespace())
            .put("name", ref.name());
        AgreedChange.existed(change).ifPresent(existed -> one.put(EXISTED, existed));
        one.set("fields", JSON.valueToTree(FieldView.of(step, change, fingerprint)));
      }
    }
    try {
      WholeFile.secret(file, JSON.writeValueAsString(root) + "\n");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  public static SavedChangeSet read(Path file) {
    return of(file, Loader.read(file, "change set"));
  }

  static SavedChangeSet of(Path file, String text) {
    try {
      JsonNode content = JSON.readTree(text);
      if (content.path("kind").asText().equals(KIND)
          && content.at("/topology/text").isTextual()
          && content.at("/plan/text").isTextual()) {
        return new SavedChangeSet(file, content);
      }
    } catch (IOException e) {
      throw MusterException.of(
          file + " is broken: it is no JSON", "make it anew: muster plan --out " + file);
    }
    throw MusterException.of(
        file + " is no saved change set", "make one: muster plan --out " + file);
  }

  /** Topology and plan as they were when the change set was made. */
  public Loader.Loaded load(SecretSources secrets) {
    String name = content.at("/topology/file").asText();
    Loader.Loaded loaded =
        Loader.load(
            place(name),
            content.at("/topology/text").asText(),
            new KeptPlan(
                content.at("/plan/text").asText(),
                Optional.of(content.at("/plan/" + MANIFEST).asText()).filter(m -> !m.isEmpty())),
            secrets);
    String commit = content.at("/topology/commit").asText();
    return commit.isEmpty() ? loaded : loaded.plannedFrom(commit);
  }

  private Path place(String name) {
    try {
      return Checkouts.named(name)
          ? TopologyFile.checkout(GitCheckout.open(name)).file()
          : Path.of(name);
    } catch (InvalidPathException e) {
      throw broken("the place of its topology");
    }
  }

  private MusterException broken(String what) {
    return MusterException.of(
        file + " is broken: " + what, "make it anew: muster plan --out " + file);
  }

  /** Whether members that the topology does not name were to be taken out. */
  public boolean prune() {
    return content.path("prune").asBoolean();
  }

  public Optional<Integer> maxRemove() {
    return content.has("maxRemove")
        ? Optional.of(content.path("maxRemove").asInt())
        : Optional.empty();
  }

  public Fingerprint fingerprint() {
    try {
      return Fingerprint.withKey(content.path("key").asText());
    } catch (IllegalArgumentException e) {
      throw broken("its key");
    }
  }

  public Expectation expectation() {
    Map<String, Map<ObjectRef, AgreedChange>> steps = new LinkedHashMap<>();
    for (JsonNode step : content.path("steps")) {
      Map<ObjectRef, AgreedChange> objects = new LinkedHashMap<>();
      for (JsonNode change : step.path("changes")) {
        JsonNode ref = change.path("ref");
        List<FieldView> fields = new ArrayList<>();
        change.path("fields").forEach(field -> fields.add(field(field)));
        try {
          objects.put(ref(ref), new AgreedChange(existed(change), fields));
        } catch (IllegalArgumentException e) {
          throw broken("the name of an object");
        }
      }
      steps.put(step.path("id").asText(), objects);
    }
    return new Expectation(steps, fingerprint());
  }

  /** Empty too in a file of a muster that did not write it down. */
  private static Optional<Boolean> existed(JsonNode change) {
    return Optional.of(change.path(EXISTED)).filter(JsonNode::isBoolean).map(JsonNode::asBoolean);
  }

  static ObjectRef ref(JsonNode node) {
    return new ObjectRef(
        node.path("group").asText(),
        node.path("version").asText(),
        node.path("kind").asText(),
        node.path("plural").asText(),
        node.path("namespace").asText(),
        node.path("name").asText());
  }

  static FieldView field(JsonNode node) {
    List<String> knownAfter = new ArrayList<>();
    node.path("knownAfter").forEach(step -> knownAfter.add(step.asText()));
    return new FieldView(
        node.path("path").asText(),
        node.path("action").asText(),
        node.path("before").asText(),
        node.path("after").asText(),
        node.path("sensitive").asBoolean(),
        knownAfter,
        node.path("generated").asBoolean(),
        "", // words, which nothing compares
        node.path("released").asBoolean());
  }

  /** Refuses when behind a name is not the cluster that the change set was made for. */
  public void checkClusters(ChangeSet now) {
    List<Problem> problems = new ArrayList<>();
    for (JsonNode then : content.path("clusters")) {
      String uid = then.path("uid").asText();
      for (ClusterState state : now.clusters()) {
        if (state.cluster().name().equals(then.path("name").asText())
            && !uid.isEmpty()
            && !state.uid().isEmpty()
            && !uid.equals(state.uid())) {
          problems.add(
              Problem.error(
                  Where.file(file.toString()),
                  "behind \""
                      + state.cluster().name()
                      + "\" is another cluster than when this was planned (kube-system UID "
                      + uid
                      + " then, "
                      + state.uid()
                      + " now)",
                  "plan again"));
        }
      }
    }
    if (!problems.isEmpty()) {
      throw new RefusedException(problems);
    }
  }
}
