package dev.muster.sandbox.server.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.server.http.Exchange;
import dev.muster.sandbox.server.json.Json;
import dev.muster.sandbox.server.kind.KindInfo;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * The least OpenAPI that kubectl is content with: it looks for the parameter fieldValidation of
 * each kind's patch operation and then leaves validation to the server.
 */
final class OpenApi {
  private final Backend backend;

  OpenApi(Backend backend) {
    this.backend = backend;
  }

  /** Answers a path below /openapi; false when there is no such document. */
  boolean serve(Exchange exchange, List<String> path) throws IOException {
    if (path.size() < 2 || !path.get(0).equals("openapi")) {
      return false;
    }
    Map<String, Map<String, List<KindInfo>>> groups = backend.kinds().byGroupAndVersion();
    if (path.get(1).equals("v2") && path.size() == 2) {
      ObjectNode document = Json.object().put("swagger", "2.0");
      info(document).putObject("paths");
      document.putObject("definitions");
      send(exchange, document);
      return true;
    }
    if (!path.get(1).equals("v3")) {
      return false;
    }
    if (path.size() == 2) {
      ObjectNode index = Json.object();
      ObjectNode paths = index.putObject("paths");
      groups.forEach(
          (group, versions) ->
              versions.forEach(
                  (version, kinds) -> {
                    String name =
                        group.isEmpty() ? "api/" + version : "apis/" + group + "/" + version;
                    paths
                        .putObject(name)
                        .put(
                            "serverRelativeURL",
                            "/openapi/v3/" + name + "?hash=" + kinds.hashCode());
                  }));
      send(exchange, index);
      return true;
    }
    boolean core = path.get(2).equals("api");
    String group = core || path.size() < 4 ? "" : path.get(3);
    String version = path.get(path.size() - 1);
    List<KindInfo> kinds = groups.getOrDefault(group, Map.of()).get(version);
    if (kinds == null) {
      return false;
    }
    send(exchange, document(kinds));
    return true;
  }

  private static ObjectNode document(List<KindInfo> kinds) {
    ObjectNode document = Json.object().put("openapi", "3.0.0");
    ObjectNode paths = info(document).putObject("paths");
    ObjectNode schemas = document.putObject("components").putObject("schemas");
    for (KindInfo kind : kinds) {
      String base = kind.group().isEmpty() ? "/api/" : "/apis/" + kind.group() + "/";
      String path =
          base
              + kind.version()
              + (kind.namespaced() ? "/namespaces/{namespace}/" : "/")
              + kind.plural()
              + "/{name}";
      ObjectNode patch = paths.putObject(path).putObject("patch");
      for (String name : new String[] {"dryRun", "fieldManager", "fieldValidation", "force"}) {
        ObjectNode parameter =
            patch.withArray("/parameters").addObject().put("name", name).put("in", "query");
        parameter.putObject("schema").put("type", name.equals("force") ? "boolean" : "string");
      }
      gvk(patch.putObject("x-kubernetes-group-version-kind"), kind);
      ObjectNode schema =
          schemas.putObject(kind.apiVersion().replace('/', '.') + "." + kind.kind());
      kind.schema().ifPresent(own -> schema.setAll((ObjectNode) own.deepCopy()));
      Json.putIfAbsent(schema, "type", "object");
      gvk(schema.putArray("x-kubernetes-group-version-kind").addObject(), kind);
    }
    return document;
  }

  private static ObjectNode gvk(ObjectNode node, KindInfo kind) {
    return node.put("group", kind.group()).put("kind", kind.kind()).put("version", kind.version());
  }

  private static ObjectNode info(ObjectNode document) {
    document.putObject("info").put("title", "muster sandbox (simulation)").put("version", "v1");
    return document;
  }

  private static void send(Exchange exchange, ObjectNode body) throws IOException {
    exchange.send(200, "application/json", Json.bytes(body));
  }
}
