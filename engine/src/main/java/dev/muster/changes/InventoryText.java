package dev.muster.changes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.problem.MusterException;
import dev.muster.resource.DocumentPlace;
import dev.muster.resource.FieldPath;
import dev.muster.resource.FieldRules;
import dev.muster.resource.ObjectRef;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The text that the inventory keeps of one cluster, and back. */
public final class InventoryText {
  /** Raised when an older muster could not read what this one writes. */
  private static final int VERSION = 2;

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private InventoryText() {}

  public static String write(InventoryEntry entry) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("version", version(entry)).put("name", entry.name());
    root.put("role", entry.host() ? "host" : "member");
    root.put("uid", entry.uid()).put("context", entry.context()).put("run", entry.run());
    if (!entry.connection().isEmpty()) {
      root.put("connection", entry.connection());
    }
    entry.courier().ifPresent(courier -> root.set("courier", courier));
    InventoryEntry.Settled settled = entry.settled();
    if (settled.at().isPresent()) {
      root.putObject("settled").put("run", settled.run()).put("at", settled.at().get().toString());
    }
    if (!settled.key().isEmpty()) {
      root.put("key", settled.key());
    }
    ArrayNode objects = root.putArray("objects");
    entry.objects().forEach(object -> objects.add(write(object)));
    root.putObject("carried").setAll(entry.carried());
    root.putObject("rotations").setAll(entry.rotations());
    if (!entry.openRuns().isEmpty()) {
      entry.openRuns().forEach(root.putObject("openRuns")::put);
    }
    if (!entry.restarts().isEmpty()) {
      entry.restarts().forEach(root.putObject("restarts")::put);
    }
    try {
      return JSON.writeValueAsString(root) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** An older muster reads all that has no encoded document in it. */
  private static int version(InventoryEntry entry) {
    boolean encoded =
        entry.objects().stream()
            .flatMap(object -> object.rules().documents().values().stream())
            .anyMatch(place -> !place.equals(DocumentPlace.plain(place.field())));
    return encoded ? VERSION : 1;
  }

  private static ObjectNode write(OwnedObject object) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("cluster", object.cluster());
    ObjectRef ref = object.ref();
    node.put("apiVersion", ref.apiVersion()).put("kind", ref.kind());
    if (!ref.plural().equals(ObjectRef.pluralOf(ref.kind()))) {
      node.put("plural", ref.plural());
    }
    if (!ref.namespace().isEmpty()) {
      node.put("namespace", ref.namespace());
    }
    node.put("name", ref.name());
    if (object.made().intended()) {
      node.put("madeByMuster", object.made().uid());
    }
    ObjectNode rules = rules(object.rules());
    if (!rules.isEmpty()) {
      node.set("rules", rules);
    }
    ObjectNode fields = node.putObject("fields");
    object
        .fields()
        .forEach(
            (step, paths) -> {
              ArrayNode list = fields.putArray(step);
              paths.forEach(path -> list.add(path(path)));
            });
    if (!object.before().isEmpty()) {
      ArrayNode before = node.putArray("before");
      object
          .before()
          .forEach(
              (path, value) -> {
                ObjectNode one = before.addObject();
                one.set("path", path(path));
                one.set("value", value);
              });
    }
    Map<String, String> declared = new TreeMap<>();
    object
        .declared()
        .forEach(
            (path, mark) -> {
              if (path(path).isTextual()) {
                declared.put(path.toString(), mark);
              }
            });
    if (!declared.isEmpty()) {
      declared.forEach(node.putObject("declared")::put);
    }
    return node;
  }

  private static ObjectNode rules(FieldRules rules) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    if (!rules.mergeKeys().isEmpty()) {
      ObjectNode keys = node.putObject("mergeKeys");
      rules.mergeKeys().entrySet().stream()
          .sorted(Map.Entry.comparingByKey())
          .forEach(entry -> keys.put(entry.getKey(), entry.getValue()));
    }
    if (!rules.sensitive().isEmpty()) {
      ArrayNode sensitive = node.putArray("sensitive");
      rules.sensitive().forEach(sensitive::add);
    }
    if (!rules.documents().isEmpty()) {
      ObjectNode documents = node.putObject("documents");
      rules.documents().entrySet().stream()
          .sorted(Map.Entry.comparingByKey())
          .forEach(entry -> documents.set(entry.getKey(), place(entry.getValue())));
    }
    return node;
  }

  private static JsonNode place(DocumentPlace place) {
    JsonNode field = path(place.field());
    if (place.equals(DocumentPlace.plain(place.field()))) {
      return field;
    }
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.set("in", field);
    return node.put("encoding", place.encoding().name()).put("json", place.json());
  }

  private static DocumentPlace place(JsonNode node) {
    return node.isObject()
        ? new DocumentPlace(
            path(node.path("in")),
            DocumentPlace.Encoding.valueOf(node.path("encoding").asText()),
            node.path("json").asBoolean())
        : DocumentPlace.plain(path(node));
  }

  /** As people write it, where that can be read back; else segment by segment. */
  private static JsonNode path(FieldPath path) {
    String text = path.toString();
    if (FieldPath.parse(text).equals(path)) {
      return JsonNodeFactory.instance.textNode(text);
    }
    ArrayNode segments = JsonNodeFactory.instance.arrayNode();
    path.segments().forEach(segments::add);
    return segments;
  }

  /**
   * Reads the text back.
   *
   * @param where what messages call the text
   * @throws MusterException when it is broken, or of a newer muster
   */
  public static InventoryEntry read(String where, String text) {
    JsonNode root;
    try {
      root = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw broken(where, "it is no JSON");
    }
    int version = root.path("version").asInt(0);
    if (version > VERSION) {
      throw MusterException.of(
          where + " was written by a newer muster (format " + version + ")",
          "use that version; this one reads format " + VERSION);
    }
    if (version < 1 || !root.path("name").isTextual()) {
      throw broken(where, "it lacks version or name");
    }
    try {
      List<OwnedObject> objects = new ArrayList<>();
      root.path("objects").forEach(node -> objects.add(object(node)));
      return new InventoryEntry(
          root.path("name").asText(),
          root.path("role").asText().equals("host"),
          root.path("uid").asText(),
          root.path("connection").asText(""),
          root.path("context").asText(),
          root.path("run").asText(),
          objects,
          map(root.path("carried")),
          map(root.path("rotations")),
          texts(root.path("openRuns")),
          Optional.ofNullable(root.get("courier")),
          settled(where, root),
          texts(root.path("restarts")));
    } catch (IllegalArgumentException e) {
      throw broken(where, "an object in it has no kind, or a document an unknown encoding");
    }
  }

  private static InventoryEntry.Settled settled(String where, JsonNode root) {
    String key = root.path("key").asText("");
    String at = root.path("settled").path("at").asText("");
    try {
      InventoryEntry.Settled settled =
          new InventoryEntry.Settled(
              key,
              root.path("settled").path("run").asText(""),
              at.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(at)));
      settled.fingerprint();
      return settled;
    } catch (DateTimeParseException | IllegalArgumentException e) {
      throw broken(where, "its key or its time is none");
    }
  }

  private static MusterException broken(String where, String how) {
    return MusterException.of(
        where + " cannot be read: " + how,
        "restore it from a backup; without it (delete it) muster takes charge anew of what it finds as declared");
  }

  private static OwnedObject object(JsonNode node) {
    ObjectRef ref =
        ObjectRef.of(
            node.path("apiVersion").asText(),
            node.path("kind").asText(),
            node.path("namespace").asText(""),
            node.path("name").asText());
    ref = node.has("plural") ? ref.withPlural(node.path("plural").asText()) : ref;
    Map<String, List<FieldPath>> fields = new LinkedHashMap<>();
    node.path("fields")
        .properties()
        .forEach(
            entry -> {
              List<FieldPath> paths = new ArrayList<>();
              entry.getValue().forEach(path -> paths.add(path(path)));
              fields.put(entry.getKey(), paths);
            });
    Map<FieldPath, JsonNode> before = new LinkedHashMap<>();
    node.path("before")
        .forEach(
            one -> {
              if (one.has("value")) {
                before.put(path(one.path("path")), one.get("value"));
              }
            });
    Map<FieldPath, String> declared = new LinkedHashMap<>();
    texts(node.path("declared")).forEach((path, mark) -> declared.put(FieldPath.parse(path), mark));
    OwnedObject.Made made =
        node.has("madeByMuster")
            ? new OwnedObject.Made(true, node.path("madeByMuster").asText())
            : OwnedObject.Made.NOT;
    return new OwnedObject(
        node.path("cluster").asText(),
        ref,
        made,
        rulesOf(node.path("rules")),
        fields,
        before,
        declared);
  }

  private static FieldRules rulesOf(JsonNode node) {
    Map<String, String> mergeKeys = new LinkedHashMap<>();
    node.path("mergeKeys")
        .properties()
        .forEach(entry -> mergeKeys.put(entry.getKey(), entry.getValue().asText()));
    List<String> sensitive = new ArrayList<>();
    node.path("sensitive").forEach(path -> sensitive.add(path.asText()));
    Map<String, DocumentPlace> documents = new LinkedHashMap<>();
    node.path("documents")
        .properties()
        .forEach(entry -> documents.put(entry.getKey(), place(entry.getValue())));
    return new FieldRules(mergeKeys, sensitive, documents);
  }

  private static FieldPath path(JsonNode node) {
    if (!node.isArray()) {
      return FieldPath.parse(node.asText());
    }
    List<String> segments = new ArrayList<>();
    node.forEach(segment -> segments.add(segment.asText()));
    return new FieldPath(segments);
  }

  private static Map<String, JsonNode> map(JsonNode node) {
    Map<String, JsonNode> map = new LinkedHashMap<>();
    node.properties().forEach(entry -> map.put(entry.getKey(), entry.getValue()));
    return map;
  }

  private static Map<String, String> texts(JsonNode node) {
    Map<String, String> map = new LinkedHashMap<>();
    node.properties().forEach(entry -> map.put(entry.getKey(), entry.getValue().asText()));
    return map;
  }
}
