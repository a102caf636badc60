package dev.muster.topology;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.problem.Problems;
import dev.muster.problem.Where;
import dev.muster.yaml.YamlNode;
import dev.muster.yaml.YamlReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Turns the text of a topology file into a {@link Topology}. */
public final class TopologyReader {
  private final YamlNode document;
  private final Path folder;

  private TopologyReader(YamlNode document, Path folder) {
    this.document = document;
    this.folder = folder;
  }

  /**
   * Parses the text; checks nothing but its syntax.
   *
   * @param file how messages name the file
   * @param folder what its relative paths are relative to
   */
  public static Optional<TopologyReader> open(
      String file, String text, Path folder, Problems problems) {
    return YamlReader.read(file, text, problems)
        .map(document -> new TopologyReader(document, folder));
  }

  /** The plan that the file names, before anything else of it is checked; empty for none. */
  public Optional<String> planName() {
    JsonNode plan = document.json().at("/spec/plan");
    return plan.isTextual() ? Optional.of(plan.asText()) : Optional.empty();
  }

  /** Where the plan is named, or the file as a whole. */
  public Where planWhere() {
    return document.at("/spec/plan").map(YamlNode::where).orElse(document.where());
  }

  /**
   * Checks the file and builds the topology.
   *
   * @param base schema of the engine's own keys
   * @param inputs what the plan adds to it; an empty object for nothing
   * @param manifests fetches the files that a {@code format: manifests} key names
   */
  public Optional<Topology> read(
      JsonNode base, JsonNode inputs, ManifestLoader manifests, Problems problems) {
    ObjectNode schema = compose(base, inputs);
    if (!new SchemaCheck(schema).check(document, problems)) {
      return Optional.empty();
    }
    JsonNode spec = document.json().path("spec");
    JsonNode defaults = spec.path("defaults");
    String name = document.json().at("/metadata/name").asText();
    Where hostWhere = where("/spec/host");
    ClusterDeclaration host =
        cluster(spec.path("host"), true, defaults, schema, manifests, hostWhere, problems);
    List<ClusterDeclaration> members = new ArrayList<>();
    Map<String, Where> seen = new HashMap<>();
    seen.put(host.name(), hostWhere);
    for (int i = 0; i < spec.path("members").size(); i++) {
      JsonNode member = spec.path("members").path(i);
      Where where = where("/spec/members/" + i + "/name");
      Where earlier = seen.putIfAbsent(member.path("name").asText(), where);
      if (earlier != null) {
        problems.error(
            where,
            "the name \"" + member.path("name").asText() + "\" is taken, see " + earlier,
            "every cluster of a topology has a name of its own");
        continue;
      }
      members.add(cluster(member, false, defaults, schema, manifests, where, problems));
    }
    return problems.hasErrors()
        ? Optional.empty()
        : Optional.of(
            new Topology(name, spec.path("plan").asText(""), timeouts(defaults), host, members));
  }

  /** The schema that a topology of a plan has to match. */
  public static ObjectNode compose(JsonNode base, JsonNode inputs) {
    ObjectNode schema = base.deepCopy();
    ObjectNode definitions = schema.withObjectProperty("$defs");
    for (String role : List.of("host", "member")) {
      ObjectNode properties = definitions.withObjectProperty(role).withObjectProperty("properties");
      inputs
          .path(role)
          .path("properties")
          .properties()
          .forEach(entry -> properties.set(entry.getKey(), entry.getValue()));
    }
    inputs
        .path("$defs")
        .properties()
        .forEach(entry -> definitions.set(entry.getKey(), entry.getValue()));
    return schema;
  }

  private ClusterDeclaration cluster(
      JsonNode declared,
      boolean host,
      JsonNode defaults,
      JsonNode schema,
      ManifestLoader manifests,
      Where where,
      Problems problems) {
    ObjectNode fields = declared.deepCopy();
    JsonNode rules = schema.at("/$defs/" + (host ? "host" : "member"));
    for (String inherited : List.of("connection", "unreachable")) {
      if (!host && !fields.has(inherited) && defaults.has(inherited)) {
        fields.set(inherited, defaults.get(inherited));
      }
    }
    fillDefaults(fields, rules, schema);
    if (!host && !fields.has("connection")) {
      fields.put("connection", "proxy");
    }
    if (!fields.has("labels")) {
      fields.putObject("labels");
    }
    loadManifests(fields, rules, schema, manifests, where, problems);
    String name = fields.path("name").asText();
    Access access = access(declared.path("access"), defaults.path("access"), name);
    fields.put("context", access.context());
    fields.remove("access");
    return new ClusterDeclaration(
        name,
        host,
        fields.path("uid").asText(""),
        access,
        !fields.path("unreachable").asText("defer").equals("fail") && !host,
        withoutPin(fields),
        where);
  }

  /** In expressions {@code uid} is what the cluster says of itself, not what the file wants. */
  private static ObjectNode withoutPin(ObjectNode fields) {
    fields.remove("uid");
    return fields;
  }

  private static void fillDefaults(ObjectNode fields, JsonNode rules, JsonNode schema) {
    for (Map.Entry<String, JsonNode> property : rules.path("properties").properties()) {
      JsonNode rule = resolve(property.getValue(), schema);
      JsonNode standard = property.getValue().path("default");
      standard = standard.isMissingNode() ? rule.path("default") : standard;
      if (!fields.has(property.getKey()) && !standard.isMissingNode()) {
        fields.set(property.getKey(), standard.deepCopy());
      }
      if (fields.get(property.getKey()) instanceof ObjectNode nested) {
        fillDefaults(nested, rule, schema);
      }
    }
  }

  private static JsonNode resolve(JsonNode rule, JsonNode schema) {
    return rule.has("$ref") ? schema.at(rule.path("$ref").asText().substring(1)) : rule;
  }

  private void loadManifests(
      ObjectNode fields,
      JsonNode rules,
      JsonNode schema,
      ManifestLoader manifests,
      Where where,
      Problems problems) {
    for (Map.Entry<String, JsonNode> property : rules.path("properties").properties()) {
      JsonNode rule = resolve(property.getValue(), schema);
      JsonNode value = fields.path(property.getKey());
      if (rule.path("format").asText().equals("manifests")) {
        if (value.isArray()) {
          ArrayNode objects = JsonNodeFactory.instance.arrayNode();
          for (JsonNode source : value) {
            manifests.load(source, folder, where, problems).forEach(objects::add);
          }
          fields.set(property.getKey(), objects);
        }
      } else if (value instanceof ObjectNode nested) {
        loadManifests(nested, rule, schema, manifests, where, problems);
      }
    }
  }

  private Access access(JsonNode own, JsonNode inherited, String clusterName) {
    JsonNode ownFile = own.path("kubeconfig");
    JsonNode file =
        ownFile.has("file") ? ownFile.path("file") : inherited.path("kubeconfig").path("file");
    String context = ownFile.path("context").asText(clusterName);
    return new Access(file.isTextual() ? List.of(resolvePath(file.asText())) : List.of(), context);
  }

  private Path resolvePath(String written) {
    if (written.equals("~") || written.startsWith("~/")) {
      return Path.of(System.getProperty("user.home"), written.substring(1)).normalize();
    }
    return folder.resolve(written).normalize();
  }

  private static Map<String, Duration> timeouts(JsonNode defaults) {
    Map<String, Duration> timeouts = new LinkedHashMap<>();
    defaults
        .path("timeouts")
        .properties()
        .forEach(
            entry ->
                Durations.parse(entry.getValue().asText())
                    .ifPresent(duration -> timeouts.put(entry.getKey(), duration)));
    return timeouts;
  }

  private Where where(String pointer) {
    return document.at(pointer).map(YamlNode::where).orElse(document.where());
  }
}
