package dev.muster.records;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.history.GitHistory;
import dev.muster.history.RunEntry;
import dev.muster.report.Clean;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Records for machines; the schema is {@code schemas/history.schema.json}. */
public final class RecordJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final GitHistory history;
  private final Clean clean;

  public RecordJson(GitHistory history, Clean clean) {
    this.history = history;
    this.clean = clean;
  }

  public ObjectNode runs(List<RunEntry> runs) {
    ObjectNode root = root("History");
    ArrayNode array = root.putArray("runs");
    runs.forEach(run -> array.add(run(run)));
    return root;
  }

  public ObjectNode show(RunDetails details) {
    ObjectNode root = root("Run");
    root.set("run", run(details.run()));
    if (!details.changeSet().isMissingNode()) {
      root.set("changeSet", details.changeSet());
    }
    if (!details.result().isMissingNode()) {
      root.set("result", details.result());
    }
    ArrayNode files = root.putArray("files");
    history.paths(details.run()).keySet().forEach(files::add);
    return root;
  }

  public ObjectNode blame(List<Blame.History> fields) {
    ObjectNode root = root("Blame");
    ArrayNode array = root.putArray("fields");
    for (Blame.History field : fields) {
      ObjectNode node = array.addObject();
      name(node, field.field());
      field.now().ifPresent(value -> node.set("value", value(value)));
      Optional<Event> origin = field.origin();
      origin.ifPresent(event -> node.put("setBy", event.run().runId()));
      ArrayNode events = node.putArray("events");
      field.events().forEach(event -> events.add(event(event)));
    }
    return root;
  }

  private ObjectNode event(Event event) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    RunEntry run = event.run();
    node.put("run", run.runId()).put("time", run.time().toString()).put("author", run.author());
    node.put("topologyCommit", run.trailers().getOrDefault("Topology-Commit", "none"));
    node.put("action", event.action());
    node.put("certainty", event.certainty().name().toLowerCase(Locale.ROOT));
    if (!event.step().isEmpty()) {
      node.put("step", event.step());
    }
    if (!event.outcome().isEmpty()) {
      node.put("outcome", event.outcome());
    }
    node.put("sensitive", event.sensitive());
    if (!event.sensitive()) {
      put(node, "before", event.before());
      put(node, "after", event.after());
    }
    return node;
  }

  public ObjectNode difference(Difference difference) {
    ObjectNode root = root("Difference");
    root.put("before", difference.before().runId());
    difference.after().ifPresent(run -> root.put("after", run.runId()));
    root.put("topology", clean.lines(difference.topology()));
    root.put("plan", clean.lines(difference.plan()));
    ArrayNode fields = root.putArray("fields");
    for (Difference.Field field : difference.fields()) {
      ObjectNode node = fields.addObject();
      name(node, field.name());
      field.before().ifPresent(value -> node.set("before", value(value)));
      field.after().ifPresent(value -> node.set("after", value(value)));
    }
    return root;
  }

  private ObjectNode root(String kind) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("apiVersion", "muster.dev/v1alpha1").put("kind", kind);
    return root.put("branch", history.branch());
  }

  private static ObjectNode run(RunEntry run) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("runId", run.runId()).put("commit", run.commit());
    node.put("open", run.open()).put("time", run.time().toString());
    node.put("author", run.author()).put("summary", run.summary());
    node.put("result", RunFilter.result(run)).put("signed", run.signed());
    ObjectNode trailers = node.putObject("trailers");
    run.trailers().forEach(trailers::put);
    return node;
  }

  private static void name(ObjectNode node, FieldName name) {
    if (!name.ofTopology()) {
      node.put("cluster", name.cluster()).put("object", name.object());
    }
    node.put("path", name.path().toString());
  }

  /** A value as the record has it, its texts cleaned. */
  private JsonNode value(JsonNode value) {
    return parsed(value.toString());
  }

  private void put(ObjectNode node, String key, String json) {
    if (!json.isEmpty()) {
      node.set(key, parsed(json));
    }
  }

  private JsonNode parsed(String json) {
    try {
      return JSON.readTree(clean.line(json));
    } catch (JsonProcessingException e) {
      return JsonNodeFactory.instance.textNode(clean.line(json));
    }
  }
}
