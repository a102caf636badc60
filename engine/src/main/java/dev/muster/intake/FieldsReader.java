package dev.muster.intake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.changes.Snapshot;
import dev.muster.desired.Expressions;
import dev.muster.desired.Need;
import dev.muster.expression.Outcome;
import dev.muster.expression.Template;
import dev.muster.plan.DeclaredTemplate;
import dev.muster.plan.Plan;
import dev.muster.plan.RosterSpec;
import dev.muster.topology.ClusterDeclaration;
import dev.muster.topology.Topology;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Evaluates what a plan's roster says of a topology, for one cluster. */
public final class FieldsReader {
  private final Expressions expressions;
  private final RosterSpec.Part part;
  private final Map<String, JsonNode> item;
  private final List<String> notes = new ArrayList<>();
  private final Map<String, List<String>> unread = new LinkedHashMap<>();

  /**
   * @param topology a provisional one, in which the cluster stands
   * @param item what stands for the member on the host's list; empty for the host
   */
  public FieldsReader(
      Plan plan,
      Topology topology,
      ClusterDeclaration cluster,
      RosterSpec.Part part,
      Optional<JsonNode> item) {
    this.expressions = Expressions.ofCluster(plan, topology, cluster);
    this.part = part;
    this.item = item.map(value -> Map.of("item", value)).orElseGet(Map::of);
  }

  /** What has to be read before. */
  public Set<Need> needs() {
    Set<Need> needs = new LinkedHashSet<>();
    part.templates().forEach(template -> needs.addAll(expressions.needs(template)));
    return needs;
  }

  /** The UID that the host shows; empty when the snapshot has no value for the template. */
  public static Optional<String> text(
      Expressions expressions, Template template, Snapshot snapshot, JsonNode item) {
    return expressions.evaluate(template, snapshot, Map.of("item", item))
                instanceof Outcome.Value value
            && !value.value().asText().isEmpty()
        ? Optional.of(value.value().asText())
        : Optional.empty();
  }

  /**
   * Evaluates all of it, once.
   *
   * @param secrets whether the content of secret files is wanted
   */
  public Found read(Snapshot snapshot, boolean secrets) {
    ObjectNode fields = fields(part.fields(), snapshot, "");
    Map<String, String> files = new LinkedHashMap<>();
    part.files()
        .forEach(
            (key, file) ->
                evaluate(file.content(), snapshot)
                    .ifPresent(
                        value -> {
                          snapshot.redactor().learn(value);
                          files.put(key, secrets ? value.asText() : "");
                        }));
    for (RosterSpec.Note note : part.notes()) {
      if (evaluate(note.when(), snapshot).filter(JsonNode::asBoolean).isPresent()) {
        evaluate(note.text(), snapshot).ifPresent(text -> notes.add(text.asText()));
      }
    }
    return new Found(fields, files, notes, unread);
  }

  private ObjectNode fields(DeclaredTemplate.Fields template, Snapshot snapshot, String path) {
    ObjectNode fields = JsonNodeFactory.instance.objectNode();
    for (Template spread : template.spreads()) {
      value(spread, snapshot, path)
          .filter(JsonNode::isObject)
          .ifPresent(map -> fields.setAll((ObjectNode) map));
    }
    template
        .entries()
        .forEach(
            (key, value) ->
                tree(value, snapshot, path.isEmpty() ? key : path + "." + key)
                    .ifPresent(tree -> fields.set(key, tree)));
    return fields;
  }

  private Optional<JsonNode> tree(DeclaredTemplate template, Snapshot snapshot, String path) {
    if (template instanceof DeclaredTemplate.Fields inner) {
      ObjectNode fields = fields(inner, snapshot, path);
      return fields.isEmpty() ? Optional.empty() : Optional.of(fields);
    }
    if (template instanceof DeclaredTemplate.Items items) {
      ArrayNode array = JsonNodeFactory.instance.arrayNode();
      items.elements().forEach(each -> tree(each, snapshot, path).ifPresent(array::add));
      return array.isEmpty() ? Optional.empty() : Optional.of(array);
    }
    if (template instanceof DeclaredTemplate.Constant constant) {
      return Optional.of(constant.value());
    }
    return value(((DeclaredTemplate.Leaf) template).template(), snapshot, path);
  }

  /** A value that holds something sensitive stays out of the file, which is kept in git. */
  private Optional<JsonNode> value(Template template, Snapshot snapshot, String path) {
    Optional<Need> unreadable =
        expressions.needs(template).stream()
            .filter(need -> need.through().isEmpty())
            .filter(need -> snapshot.object(need) instanceof dev.muster.desired.Lookup.Unreadable)
            .findFirst();
    if (unreadable.isPresent()) {
      unread
          .computeIfAbsent(unreadable.get() + " cannot be read", what -> new ArrayList<>())
          .add(path);
      return Optional.empty();
    }
    Optional<JsonNode> value = evaluate(template, snapshot);
    boolean secret =
        expressions.sensitive(template)
            || value.map(JsonNode::toString).filter(t -> masked(t, snapshot)).isPresent();
    if (value.isPresent() && secret) {
      notes.add(path + " is left out: it holds a value that is secret elsewhere");
      return Optional.empty();
    }
    return value.filter(v -> !v.isNull() && !(v.isTextual() && v.asText().isEmpty()));
  }

  private static boolean masked(String text, Snapshot snapshot) {
    return !snapshot.redactor().mask(text).equals(text);
  }

  private Optional<JsonNode> evaluate(Template template, Snapshot snapshot) {
    return expressions.evaluate(template, snapshot, item) instanceof Outcome.Value value
        ? Optional.of(value.value())
        : Optional.empty();
  }
}
