package dev.muster.topology;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.problem.Problems;
import dev.muster.problem.Where;
import dev.muster.resource.ObjectRef;
import dev.muster.yaml.YamlNode;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Builds the clusters of a topology, with the defaults of file and plan filled in. */
final class ClusterReader {
  private final YamlNode document;
  private final Path folder;
  private final JsonNode schema;
  private final JsonNode defaults;
  private final ManifestLoader manifests;
  private final SecretLoader secrets;

  ClusterReader(
      YamlNode document,
      Path folder,
      JsonNode schema,
      JsonNode defaults,
      ManifestLoader manifests,
      SecretLoader secrets) {
    this.document = document;
    this.folder = folder;
    this.schema = schema;
    this.defaults = defaults;
    this.manifests = manifests;
    this.secrets = secrets;
  }

  /** The cluster that stands at a place of the file; empty when none does. */
  Optional<ClusterDeclaration> read(String pointer, boolean host, Problems problems) {
    if (!(document.at(pointer).map(YamlNode::json).orElse(null) instanceof ObjectNode declared)) {
      return Optional.empty();
    }
    ObjectNode fields = declared.deepCopy();
    JsonNode rules = schema.at("/$defs/" + (host ? "host" : "member"));
    for (String inherited : List.of("connection", "unreachable")) {
      if (!host && !fields.has(inherited) && defaults.has(inherited)) {
        fields.set(inherited, defaults.get(inherited));
      }
    }
    fillDefaults(fields, rules);
    if (!host && !fields.has("connection")) {
      fields.put("connection", "proxy");
    }
    if (!fields.has("labels")) {
      fields.putObject("labels");
    }
    loadManifests(fields, rules, pointer, problems);
    Map<String, SecretInput> hidden = takeSecrets(fields, rules, pointer, problems);
    String name = fields.path("name").asText();
    Access access = access(pointer, declared.path("access"), name, problems);
    fields.put("context", access.context());
    fields.remove("access");
    String uid = fields.path("uid").asText("");
    // In expressions it is what the cluster says of itself, not what the file wants.
    fields.remove("uid");
    boolean defer = !host && !fields.path("unreachable").asText("defer").equals("fail");
    return Optional.of(
        new ClusterDeclaration(
            name, host, uid, access, defer, fields, hidden, placeOf(pointer + "/name", pointer)));
  }

  /**
   * A member that the file does not name any more, to be taken out.
   *
   * @param uid of the cluster that was joined; another one behind the context is refused
   * @param courier how it was reached, if not by the context
   */
  ClusterDeclaration removed(
      String name,
      String context,
      String connection,
      String uid,
      Optional<JsonNode> courier,
      Problems problems) {
    ObjectNode fields = JsonNodeFactory.instance.objectNode();
    fields.put("name", name).put("state", "absent");
    if (!connection.isEmpty()) {
      fields.put("connection", connection);
    }
    fillDefaults(fields, schema.at("/$defs/member"));
    fields.putObject("labels");
    fields.put("context", context);
    ObjectNode own = JsonNodeFactory.instance.objectNode();
    own.putObject("kubeconfig").put("context", context);
    courier.ifPresent(how -> own.set("courier", how));
    Access access = access("/spec/members", own, name, problems);
    return new ClusterDeclaration(
        name, false, uid, access, true, fields, Map.of(), placeOf("/spec/members", "/spec"));
  }

  private void fillDefaults(ObjectNode fields, JsonNode rules) {
    for (Map.Entry<String, JsonNode> property : rules.path("properties").properties()) {
      JsonNode rule = resolve(property.getValue());
      JsonNode standard = property.getValue().path("default");
      standard = standard.isMissingNode() ? rule.path("default") : standard;
      if (!fields.has(property.getKey()) && !standard.isMissingNode()) {
        fields.set(property.getKey(), standard.deepCopy());
      }
      if (fields.get(property.getKey()) instanceof ObjectNode nested) {
        fillDefaults(nested, rule);
      }
    }
  }

  /** Takes what is named as a secret out of the fields, so that nothing that shows these has it. */
  private Map<String, SecretInput> takeSecrets(
      ObjectNode fields, JsonNode rules, String pointer, Problems problems) {
    Map<String, SecretInput> taken = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> property : rules.path("properties").properties()) {
      String key = property.getKey();
      if (!resolve(property.getValue()).path("format").asText().equals("secret")) {
        continue;
      }
      JsonNode source = fields.remove(key);
      if (source instanceof ObjectNode written && written.size() == 1) {
        String kind = written.fieldNames().next();
        String at = pointer + "/" + key + "/" + kind;
        if (kind.equals("secret")) {
          onHost(written.get(kind)).ifPresent(secret -> taken.put(key, secret));
        } else if (isSecretSource(kind, written.get(kind))) {
          secrets
              .load(source, folder, placeOf(at, pointer), problems)
              .ifPresent(secret -> taken.put(key, secret));
        }
      }
    }
    return taken;
  }

  private static Optional<SecretInput> onHost(JsonNode source) {
    List<String> names =
        Stream.of("namespace", "name", "key").map(key -> source.path(key).asText()).toList();
    return names.contains("")
        ? Optional.empty()
        : Optional.of(
            new SecretInput.OnHost(
                ObjectRef.of("v1", "Secret", names.get(0), names.get(1)), names.get(2)));
  }

  /** Others have been reported. */
  private static boolean isSecretSource(String kind, JsonNode value) {
    return switch (kind) {
      case "file" -> value.isTextual() && !value.asText().isEmpty();
      case "env" -> value.asText().matches("[A-Za-z_][A-Za-z0-9_]*");
      case "exec" ->
          value.isArray()
              && !value.isEmpty()
              && StreamSupport.stream(value.spliterator(), false).allMatch(JsonNode::isTextual);
      default -> false;
    };
  }

  private JsonNode resolve(JsonNode rule) {
    return rule.has("$ref") ? schema.at(rule.path("$ref").asText().substring(1)) : rule;
  }

  private void loadManifests(ObjectNode fields, JsonNode rules, String pointer, Problems problems) {
    for (Map.Entry<String, JsonNode> property : rules.path("properties").properties()) {
      JsonNode rule = resolve(property.getValue());
      String at = pointer + "/" + property.getKey();
      JsonNode value = fields.path(property.getKey());
      if (!rule.path("format").asText().equals("manifests")) {
        if (value instanceof ObjectNode nested) {
          loadManifests(nested, rule, at, problems);
        }
      } else if (value.isArray()) {
        ArrayNode objects = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < value.size(); i++) {
          if (isSource(value.path(i))) {
            String entry = at + "/" + i;
            String named = value.path(i).has("file") ? entry + "/file" : entry + "/url";
            manifests
                .load(value.path(i), folder, placeOf(named, entry), problems)
                .forEach(objects::add);
          }
        }
        fields.set(property.getKey(), objects);
      }
    }
  }

  /** Others have been reported. */
  private static boolean isSource(JsonNode entry) {
    return entry.size() == 1
        && (entry.path("file").isTextual() || entry.path("url").asText().matches("https?://.+"));
  }

  private Access access(String pointer, JsonNode own, String clusterName, Problems problems) {
    JsonNode ownFile = own.path("kubeconfig");
    boolean hasOwn = ownFile.has("file");
    JsonNode file = hasOwn ? ownFile.path("file") : defaults.at("/access/kubeconfig/file");
    String context = ownFile.path("context").asText(clusterName);
    if (own.path("courier") instanceof ObjectNode carried) {
      return new Access(List.of(), context, courier(pointer, carried, clusterName, problems));
    }
    String at =
        hasOwn ? pointer + "/access/kubeconfig/file" : "/spec/defaults/access/kubeconfig/file";
    List<Path> files =
        file.isTextual()
            ? resolvePath(file.asText(), placeOf(at, pointer), problems).stream().toList()
            : List.of();
    return new Access(files, context);
  }

  private Optional<CourierAccess> courier(
      String pointer, ObjectNode carried, String clusterName, Problems problems) {
    String at = pointer + "/access/courier";
    Optional<Path> receipt =
        resolvePath(
            carried.path("receipt").asText(clusterName + ".receipt"),
            placeOf(at + "/receipt", at),
            problems);
    JsonNode key = carried.path("sealWith");
    if (key.has("env")) {
      return receipt.map(r -> new CourierAccess(r, true, key.path("env").asText(), carried));
    }
    Optional<Path> file =
        resolvePath(key.path("file").asText(), placeOf(at + "/sealWith/file", at), problems);
    return receipt.flatMap(r -> file.map(f -> new CourierAccess(r, false, f.toString(), carried)));
  }

  private Optional<Path> resolvePath(String written, Where where, Problems problems) {
    try {
      return Optional.of(
          written.equals("~") || written.startsWith("~/")
              ? Path.of(System.getProperty("user.home"), written.substring(1)).normalize()
              : folder.resolve(written).normalize());
    } catch (InvalidPathException e) {
      problems.error(where, "this is no path of a file: " + e.getReason());
      return Optional.empty();
    }
  }

  private Where placeOf(String pointer, String otherwise) {
    return document
        .at(pointer)
        .or(() -> document.at(otherwise))
        .map(YamlNode::where)
        .orElse(document.where());
  }
}
