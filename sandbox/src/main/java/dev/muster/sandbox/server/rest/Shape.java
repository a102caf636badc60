package dev.muster.sandbox.server.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.server.http.HttpRequest;
import dev.muster.sandbox.server.json.Json;
import dev.muster.sandbox.server.kind.KindInfo;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** In which form the client wants objects: whole, as rows of a table, or metadata only. */
enum Shape {
  OBJECT,
  TABLE,
  METADATA;

  static Shape wanted(HttpRequest request) {
    for (String type : request.header("accept").orElse("").split(",", -1)) {
      String accept = type.strip().toLowerCase(Locale.ROOT);
      if (!accept.startsWith("application/json")) {
        continue;
      }
      if (accept.contains("as=table")) {
        return TABLE;
      }
      if (accept.contains("as=partialobjectmetadata")) {
        return METADATA;
      }
      return OBJECT;
    }
    return OBJECT;
  }

  ObjectNode one(KindInfo kind, ObjectNode stored, HttpRequest request, Instant now) {
    ObjectNode shown = Backend.view(kind, stored);
    return switch (this) {
      case OBJECT -> shown;
      case METADATA -> Tables.metadataOnly(shown);
      case TABLE ->
          Tables.table(
              kind,
              List.of(shown),
              shown.path("metadata").path("resourceVersion").asText(),
              request.parameter("includeObject").orElse("Metadata"),
              now);
    };
  }

  ObjectNode list(
      KindInfo kind, List<ObjectNode> stored, long revision, HttpRequest request, Instant now) {
    List<ObjectNode> shown = stored.stream().map(o -> Backend.view(kind, o)).toList();
    if (this == TABLE) {
      return Tables.table(
          kind,
          shown,
          Long.toString(revision),
          request.parameter("includeObject").orElse("Metadata"),
          now);
    }
    ObjectNode list = Json.object();
    list.put("kind", this == METADATA ? "PartialObjectMetadataList" : kind.kind() + "List");
    list.put("apiVersion", this == METADATA ? "meta.k8s.io/v1" : kind.apiVersion());
    list.putObject("metadata").put("resourceVersion", Long.toString(revision));
    ArrayNode items = list.putArray("items");
    for (ObjectNode object : shown) {
      items.add(this == METADATA ? Tables.metadataOnly(object) : listed(kind, object));
    }
    return list;
  }

  /** Typed lists of a real server leave kind and apiVersion out of their items. */
  private static JsonNode listed(KindInfo kind, ObjectNode object) {
    if (!kind.builtIn()) {
      return object;
    }
    ObjectNode item = Json.object();
    item.setAll(object);
    item.remove(List.of("kind", "apiVersion"));
    return item;
  }
}
