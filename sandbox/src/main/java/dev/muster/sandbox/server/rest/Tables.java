package dev.muster.sandbox.server.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.server.json.Json;
import dev.muster.sandbox.server.kind.Column;
import dev.muster.sandbox.server.kind.KindInfo;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Server-side printing: what {@code kubectl get} shows. */
final class Tables {
  private Tables() {}

  static ObjectNode table(
      KindInfo kind,
      List<ObjectNode> objects,
      String resourceVersion,
      String includeObject,
      Instant now) {
    List<Column> columns = new ArrayList<>();
    columns.add(Column.jsonPath("Name", "string", 0, ".metadata.name"));
    columns.addAll(kind.columns());
    if (kind.columns().stream().noneMatch(c -> c.name().equalsIgnoreCase("age"))) {
      // kubectl prints AGE last; a wide column comes after it, as real printers do.
      int at = 1;
      while (at < columns.size() && columns.get(at).priority() == 0) {
        at++;
      }
      columns.add(at, Column.jsonPath("Age", "date", 0, ".metadata.creationTimestamp"));
    }
    ObjectNode table = Json.object().put("kind", "Table").put("apiVersion", "meta.k8s.io/v1");
    table.putObject("metadata").put("resourceVersion", resourceVersion);
    ArrayNode definitions = table.putArray("columnDefinitions");
    for (Column column : columns) {
      definitions
          .addObject()
          .put("name", column.name())
          .put("type", column.type().equals("date") ? "string" : column.type())
          .put("format", column.name().equals("Name") ? "name" : "")
          .put("description", "")
          .put("priority", column.priority());
    }
    ArrayNode rows = table.putArray("rows");
    for (ObjectNode object : objects) {
      ObjectNode row = rows.addObject();
      ArrayNode cells = row.putArray("cells");
      for (Column column : columns) {
        JsonNode cell = column.cell().apply(object);
        cells.add(column.type().equals("date") ? age(cell, now) : cell);
      }
      if (includeObject.equals("Object")) {
        row.set("object", object);
      } else if (!includeObject.equals("None")) {
        row.set("object", metadataOnly(object));
      }
    }
    return table;
  }

  static ObjectNode metadataOnly(ObjectNode object) {
    ObjectNode partial =
        Json.object().put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/v1");
    partial.set("metadata", object.path("metadata"));
    return partial;
  }

  private static JsonNode age(JsonNode time, Instant now) {
    if (!time.isTextual()) {
      return Json.array().textNode("<unknown>");
    }
    try {
      return Json.array().textNode(human(Duration.between(Instant.parse(time.asText()), now)));
    } catch (DateTimeException e) {
      return Json.array().textNode("<invalid>");
    }
  }

  /** As kubectl writes durations: 5s, 2m3s, 17m, 3h20m, 5d2h, 42d. */
  static String human(Duration age) {
    long seconds = Math.max(0, age.toSeconds());
    if (seconds < 120) {
      return seconds + "s";
    }
    long minutes = seconds / 60;
    if (minutes < 10) {
      return minutes + "m" + (seconds % 60 == 0 ? "" : seconds % 60 + "s");
    }
    if (minutes < 180) {
      return minutes + "m";
    }
    long hours = minutes / 60;
    if (hours < 8) {
      return hours + "h" + (minutes % 60 == 0 ? "" : minutes % 60 + "m");
    }
    if (hours < 48) {
      return hours + "h";
    }
    long days = hours / 24;
    if (days < 8) {
      return days + "d" + (hours % 24 == 0 ? "" : hours % 24 + "h");
    }
    return days < 730 ? days + "d" : days / 365 + "y";
  }
}
