package dev.muster.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.yaml.YamlWriter;
import java.util.ArrayList;
import java.util.List;

/** A topology as a file with comments, its keys in the order of the schema, defaults left out. */
public final class TopologyText {
  private static final int WIDTH = 110;

  private final JsonNode schema;
  private final Clean clean;
  private final StringBuilder out = new StringBuilder();

  /**
   * A cluster of the file.
   *
   * @param notes become comments above it
   * @param off whether it stands there as a comment only, to be taken in by hand
   */
  public record Entry(ObjectNode fields, List<String> notes, boolean off) {
    public Entry {
      notes = List.copyOf(notes);
    }
  }

  /**
   * What stands above host and members.
   *
   * @param heading comments at the top
   * @param plan empty for the default one
   * @param kubeconfig file for all clusters; empty for kubectl's own
   */
  public record Head(List<String> heading, String name, String plan, String kubeconfig) {
    public Head {
      heading = List.copyOf(heading);
    }
  }

  /**
   * @param schema of topologies with the plan's own keys in it
   */
  public TopologyText(JsonNode schema, Clean clean) {
    this.schema = schema;
    this.clean = clean;
  }

  public String render(Head head, Entry host, List<Entry> members) {
    head.heading().forEach(text -> comment("", text));
    ObjectNode top = JsonNodeFactory.instance.objectNode();
    top.put("apiVersion", "muster.dev/v1alpha1").put("kind", "Topology");
    top.putObject("metadata").put("name", head.name());
    block("", top);
    out.append("spec:\n");
    ObjectNode spec = JsonNodeFactory.instance.objectNode();
    if (!head.plan().isEmpty()) {
      spec.put("plan", head.plan());
    }
    if (!head.kubeconfig().isEmpty()) {
      spec.putObject("defaults")
          .putObject("access")
          .putObject("kubeconfig")
          .put("file", head.kubeconfig());
    }
    if (!spec.isEmpty()) {
      block("  ", spec);
    }
    host.notes().forEach(note -> comment("  ", note));
    ObjectNode ofHost = ordered(host.fields(), schema.at("/$defs/host"));
    ObjectNode named = JsonNodeFactory.instance.objectNode();
    named.set("host", ofHost);
    block("  ", named);
    out.append(members.stream().allMatch(Entry::off) ? "  members: []\n" : "  members:\n");
    members.stream().filter(entry -> !entry.off()).forEach(this::member);
    members.stream().filter(Entry::off).forEach(this::member);
    return out.toString();
  }

  private void member(Entry entry) {
    entry.notes().forEach(note -> comment("  ", note));
    ObjectNode fields = ordered(entry.fields(), schema.at("/$defs/member"));
    block(entry.off() ? "  # " : "  ", JsonNodeFactory.instance.arrayNode().add(fields));
  }

  /** By the schema's order, with what it does not know behind, and without defaults. */
  private ObjectNode ordered(JsonNode fields, JsonNode rule) {
    ObjectNode ordered = JsonNodeFactory.instance.objectNode();
    JsonNode properties = rule.path("properties");
    List<String> keys = new ArrayList<>();
    properties.fieldNames().forEachRemaining(keys::add);
    fields.fieldNames().forEachRemaining(key -> keys.add(keys.contains(key) ? "" : key));
    for (String key : keys) {
      JsonNode value = fields.path(key);
      JsonNode written = properties.path(key);
      JsonNode inner = resolve(written);
      JsonNode standard = written.has("default") ? written.path("default") : inner.path("default");
      if (value.isObject()) {
        value = ordered(value, inner);
      }
      boolean empty = value.isMissingNode() || value.isContainerNode() && value.isEmpty();
      if (!key.isEmpty() && !empty && !value.equals(standard)) {
        ordered.set(key, value);
      }
    }
    return ordered;
  }

  private JsonNode resolve(JsonNode rule) {
    return rule.has("$ref") ? schema.at(rule.path("$ref").asText().substring(1)) : rule;
  }

  private void block(String indent, JsonNode value) {
    YamlWriter.write(value).lines().forEach(line -> out.append(indent).append(line).append('\n'));
  }

  private void comment(String indent, String text) {
    StringBuilder line = new StringBuilder(indent + "#");
    for (String word : clean.line(text).split(" ")) {
      if (line.length() + word.length() + 1 > WIDTH && line.length() > indent.length() + 1) {
        out.append(line.toString().stripTrailing()).append('\n');
        line = new StringBuilder(indent + "#");
      }
      line.append(' ').append(word);
    }
    out.append(line.toString().stripTrailing()).append('\n');
  }
}
