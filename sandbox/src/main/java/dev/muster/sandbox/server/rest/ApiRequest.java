package dev.muster.sandbox.server.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.server.http.Exchange;
import dev.muster.sandbox.server.http.HttpRequest;
import dev.muster.sandbox.server.json.Json;
import dev.muster.sandbox.server.kind.KindInfo;
import dev.muster.sandbox.server.store.ManagedFields;
import dev.muster.sandbox.server.store.ObjectKey;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** A request for a served kind. */
record ApiRequest(Exchange exchange, RequestInfo info, KindInfo kind, String user) {

  HttpRequest http() {
    return exchange.request();
  }

  ObjectKey key() {
    return new ObjectKey(kind.resource(), kind.namespaced() ? info.namespace() : "", info.name());
  }

  boolean dryRun() {
    return isDryRun(http());
  }

  static boolean isDryRun(HttpRequest request) {
    String value = request.parameter("dryRun").orElse("");
    if (!value.isEmpty() && !value.equals("All")) {
      throw ApiError.badRequest(
          "dryRun: Unsupported value: \"" + value + "\": supported values: \"All\"");
    }
    return value.equals("All");
  }

  ManagedFields.Writer writer(Backend backend) {
    String agent = http().header("user-agent").orElse("unknown");
    return new ManagedFields.Writer(
        http()
            .parameter("fieldManager")
            .filter(name -> !name.isEmpty())
            .orElse(agent.split("[/ ]", 2)[0]),
        info.subresource(),
        backend.now());
  }

  /** The body as a JSON object. */
  ObjectNode body() {
    String type = http().header("content-type").orElse("application/json");
    if (!type.startsWith("application/json") && !type.startsWith("*/*")) {
      throw ApiError.unsupportedMediaType(List.of("application/json"));
    }
    return object(tree());
  }

  JsonNode tree() {
    try {
      return Json.parse(http().body());
    } catch (IOException e) {
      throw ApiError.badRequest("the request body is not JSON: " + firstLine(e));
    }
  }

  static ObjectNode object(JsonNode tree) {
    if (tree instanceof ObjectNode object) {
      return object;
    }
    throw ApiError.badRequest("the request body is not a JSON object");
  }

  private static String firstLine(IOException e) {
    String message = String.valueOf(e.getMessage());
    int end = message.indexOf('\n');
    return end < 0 ? message : message.substring(0, end);
  }

  void send(int code, JsonNode body) throws IOException {
    exchange.send(code, "application/json", Json.bytes(body));
  }

  /** Sends with warnings, which kubectl prints. */
  void send(int code, JsonNode body, List<String> warnings) throws IOException {
    if (warnings.isEmpty()) {
      send(code, body);
      return;
    }
    String text = String.join("; ", warnings).replace("\\", "\\\\").replace("\"", "\\\"");
    exchange.send(
        code, "application/json", Json.bytes(body), Map.of("Warning", "299 - \"" + text + "\""));
  }
}
