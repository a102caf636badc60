package dev.muster.session;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.bound.BoundedFile;
import dev.muster.bound.Bounds;
import dev.muster.changes.FieldView;
import dev.muster.changes.StepPlan;
import dev.muster.live.Failure;
import dev.muster.problem.MusterException;
import dev.muster.rehearsal.RecordedDoors;
import dev.muster.rehearsal.Rehearsed;
import dev.muster.resource.ObjectRef;
import dev.muster.topology.SecretInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The files of a rehearsal: a recorded fleet, and what was written when it was played. */
public final class FleetSnapshot {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SNAPSHOT = "FleetSnapshot";
  private static final String REHEARSAL = "Rehearsal";

  private final JsonNode content;

  private FleetSnapshot(JsonNode content) {
    this.content = content;
  }

  // --- writing

  static ObjectNode head(Loader.Loaded loaded, boolean prune) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("apiVersion", "muster.dev/v1alpha1").put("kind", SNAPSHOT);
    root.put("muster", Data.version());
    root.put("prune", prune);
    root.putObject("topology")
        .put("file", loaded.file().getFileName().toString())
        .put("text", loaded.topologyText());
    root.putObject("plan").put("title", loaded.plan().title()).put("text", loaded.planText());
    return root;
  }

  /** What steps would write or have written, free of sensitive values. */
  static ArrayNode steps(List<StepPlan> steps) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    Rehearsed.of(steps.stream().filter(step -> !step.effective().isEmpty()).toList())
        .steps()
        .forEach(
            (id, objects) -> {
              ArrayNode changes = array.addObject().put("id", id).putArray("changes");
              objects.forEach(
                  (ref, fields) -> {
                    ObjectNode one = changes.addObject();
                    one.putObject("ref")
                        .put("group", ref.group())
                        .put("version", ref.version())
                        .put("kind", ref.kind())
                        .put("plural", ref.plural())
                        .put("namespace", ref.namespace())
                        .put("name", ref.name());
                    one.set("fields", JSON.valueToTree(fields));
                  });
            });
    return array;
  }

  public static void saveRehearsal(Path file, FleetSnapshot snapshot, List<StepPlan> performed) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("apiVersion", "muster.dev/v1alpha1").put("kind", REHEARSAL);
    root.put("note", "a simulation wrote this; nothing of it has happened on any cluster");
    root.put("recorded", snapshot.recorded());
    root.set("steps", steps(performed));
    save(file, root.toPrettyString());
  }

  static void save(Path file, String text) {
    WholeFile.secret(file, text + "\n");
  }

  // --- reading

  public static FleetSnapshot read(Path file) {
    return new FleetSnapshot(content(file, SNAPSHOT, "record one: muster plan --snapshot " + file));
  }

  public static Rehearsed rehearsal(Path file) {
    JsonNode content =
        content(
            file, REHEARSAL, "make one: muster apply --dry-run --offline SNAPSHOT --out " + file);
    return rehearsed(content.path("steps"));
  }

  private static JsonNode content(Path file, String kind, String hint) {
    try {
      JsonNode content = JSON.readTree(BoundedFile.text(file, Bounds.RECORDED));
      if (content.path("kind").asText().equals(kind)) {
        return content;
      }
    } catch (BoundedFile.TooLarge e) {
      throw MusterException.of(file + " " + e.getMessage() + "; it is no " + kind, hint);
    } catch (IOException e) {
      throw MusterException.of(
          Files.exists(file) ? file + " cannot be read, or is no JSON" : "there is no file " + file,
          hint);
    }
    throw MusterException.of(file + " is no " + kind, hint);
  }

  private static Rehearsed rehearsed(JsonNode steps) {
    Map<String, Map<ObjectRef, List<FieldView>>> all = new LinkedHashMap<>();
    for (JsonNode step : steps) {
      Map<ObjectRef, List<FieldView>> objects = new LinkedHashMap<>();
      for (JsonNode change : step.path("changes")) {
        List<FieldView> fields = new ArrayList<>();
        change.path("fields").forEach(field -> fields.add(SavedChangeSet.field(field)));
        objects.put(SavedChangeSet.ref(change.path("ref")), fields);
      }
      all.put(step.path("id").asText(), objects);
    }
    return new Rehearsed(all);
  }

  public String recorded() {
    return content.path("recorded").asText();
  }

  /** Whether members that vanished from the topology are taken out. */
  public boolean prune() {
    return content.path("prune").asBoolean();
  }

  /** What the plan was when the fleet was recorded. */
  public Rehearsed planned() {
    return rehearsed(content.path("planned"));
  }

  /** The topology and the plan as they were, with what they named elsewhere. */
  public Loader.Loaded load(Path file) {
    Map<JsonNode, List<JsonNode>> manifests = new HashMap<>();
    for (JsonNode each : content.at("/sources/manifests")) {
      List<JsonNode> objects = new ArrayList<>();
      each.path("objects").forEach(objects::add);
      manifests.put(each.path("source"), objects);
    }
    Map<JsonNode, String> secrets = new HashMap<>();
    content
        .at("/sources/secrets")
        .forEach(each -> secrets.put(each.path("source"), each.path("value").asText()));
    return Loader.load(
        file.resolveSibling(content.at("/topology/file").asText("topology.yaml")),
        content.at("/topology/text").asText(),
        Optional.of(content.at("/plan/text").asText()),
        (source, folder, where, problems) -> manifests.getOrDefault(source, List.of()),
        (source, folder, where, problems) ->
            Optional.of(new SecretInput.Text(secrets.getOrDefault(source, ""))));
  }

  /** The clusters as they were. */
  public RehearsalStage.Fleet fleet() {
    List<RehearsalStage.RecordedCluster> clusters = new ArrayList<>();
    for (JsonNode cluster : content.path("clusters")) {
      List<JsonNode> objects = new ArrayList<>();
      cluster.path("objects").forEach(objects::add);
      clusters.add(
          new RehearsalStage.RecordedCluster(
              cluster.path("name").asText(),
              cluster.path("role").asText().equals("host"),
              cluster.path("uid").asText(),
              !cluster.has("failure"),
              objects));
    }
    return new RehearsalStage.Fleet(
        clusters,
        doors().all().stream()
            .map(door -> new RehearsalStage.Door(door.kubeconfig(), door.cluster()))
            .toList());
  }

  /** The kubeconfigs through which something was read, and where they led. */
  public RecordedDoors doors() {
    Map<String, String> clusters = new HashMap<>();
    for (JsonNode cluster : content.path("clusters")) {
      clusters.put(cluster.path("uid").asText(), cluster.path("name").asText());
    }
    clusters.remove("");
    List<RecordedDoors.Door> doors = new ArrayList<>();
    for (JsonNode door : content.path("doors")) {
      Map<String, Failure> failures = new HashMap<>();
      for (JsonNode failure : door.path("failures")) {
        failures.put(
            failure.path("path").asText(),
            new Failure(
                Failure.Kind.valueOf(failure.path("kind").asText()),
                failure.path("message").asText()));
      }
      String uid = door.path("uid").asText();
      doors.add(
          new RecordedDoors.Door(
              door.path("kubeconfig").asText(), clusters.getOrDefault(uid, ""), uid, failures));
    }
    return new RecordedDoors(doors);
  }
}
