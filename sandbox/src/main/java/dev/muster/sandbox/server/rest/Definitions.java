package dev.muster.sandbox.server.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.server.json.Json;
import dev.muster.sandbox.server.kind.Column;
import dev.muster.sandbox.server.kind.KindInfo;
import dev.muster.sandbox.server.kind.ResourceId;
import dev.muster.sandbox.server.store.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Serves the kinds that CustomResourceDefinition objects describe, a moment after they are created.
 */
public final class Definitions {
  private static final ResourceId RESOURCE =
      new ResourceId("apiextensions.k8s.io", "customresourcedefinitions");
  private static final long ESTABLISH_AFTER_MILLIS = 30;

  private final Backend backend;

  public Definitions(Backend backend) {
    this.backend = backend;
  }

  /** Follows a stored change; other kinds are not looked at. */
  void changed(KindInfo kind, ObjectNode stored) {
    if (!kind.resource().equals(RESOURCE) || stored.path("metadata").has("deletionTimestamp")) {
      return;
    }
    if (isEstablished(stored)) {
      register(stored);
      return;
    }
    ObjectKey key = Deletes.key(kind, stored);
    try {
      backend
          .settings()
          .later()
          .schedule(() -> establish(key), ESTABLISH_AFTER_MILLIS, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      // The server is closing.
    }
  }

  private static boolean isEstablished(JsonNode definition) {
    for (JsonNode condition : definition.at("/status/conditions")) {
      if (condition.path("type").asText().equals("Established")) {
        return condition.path("status").asText().equals("True");
      }
    }
    return false;
  }

  /** Serves the kind now and says so in the object's status. */
  public void establish(ObjectKey key) {
    while (true) {
      ObjectNode before = backend.store().get(key).orElse(null);
      if (before == null) {
        return;
      }
      register(before);
      ObjectNode next = before.deepCopy();
      ObjectNode status = Json.object();
      status.set("acceptedNames", next.at("/spec/names").deepCopy());
      ArrayNode conditions = status.putArray("conditions");
      condition(conditions, "NamesAccepted", "NoConflicts", "no conflicts found");
      condition(
          conditions,
          "Established",
          "InitialNamesAccepted",
          "the initial names have been accepted");
      ArrayNode stored = status.putArray("storedVersions");
      for (JsonNode version : next.at("/spec/versions")) {
        if (version.path("storage").asBoolean()) {
          stored.add(version.path("name").asText());
        }
      }
      next.set("status", status);
      if (backend.store().put(key, Optional.of(before), next).isPresent()) {
        return;
      }
    }
  }

  private void condition(ArrayNode conditions, String type, String reason, String message) {
    conditions
        .addObject()
        .put("lastTransitionTime", backend.now())
        .put("message", message)
        .put("reason", reason)
        .put("status", "True")
        .put("type", type);
  }

  private void register(ObjectNode definition) {
    JsonNode spec = definition.path("spec");
    for (JsonNode version : spec.path("versions")) {
      if (version.path("served").asBoolean()) {
        backend.kinds().register(kind(spec, version));
      }
    }
  }

  /** The kind that one version of a definition describes. */
  public static KindInfo kind(JsonNode spec, JsonNode version) {
    JsonNode names = spec.path("names");
    String group = spec.path("group").asText();
    String name = version.path("name").asText();
    String kindName = names.path("kind").asText();
    String plural = names.path("plural").asText();
    KindInfo kind =
        spec.path("scope").asText().equals("Cluster")
            ? KindInfo.clusterScoped(group, name, kindName, plural)
            : KindInfo.namespaced(group, name, kindName, plural);
    kind =
        kind.withShortNames(texts(names.path("shortNames")))
            .withCategories(texts(names.path("categories")))
            .withColumns(columns(version));
    if (version.at("/subresources/status").isObject()) {
      kind = kind.withStatusSubresource();
    }
    JsonNode schema = version.at("/schema/openAPIV3Schema");
    return schema.isObject() ? kind.withSchema(schema) : kind;
  }

  private static List<Column> columns(JsonNode version) {
    List<Column> columns = new ArrayList<>();
    for (JsonNode column : version.path("additionalPrinterColumns")) {
      columns.add(
          Column.jsonPath(
              column.path("name").asText(),
              column.path("type").asText(),
              column.path("priority").asInt(),
              column.path("jsonPath").asText()));
    }
    return columns;
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(element -> texts.add(element.asText()));
    return texts;
  }

  /** With its definition a kind's objects go as well. */
  void removed(ObjectKey key, ObjectNode last, Deletes deletes) {
    if (!key.resource().equals(RESOURCE)) {
      return;
    }
    ResourceId defined =
        new ResourceId(last.at("/spec/group").asText(), last.at("/spec/names/plural").asText());
    for (KindInfo kind : backend.kinds().onePerResource()) {
      if (kind.resource().equals(defined)) {
        for (ObjectNode item : backend.store().list(defined, Optional.empty()).items()) {
          deletes.deleteLatest(kind, Deletes.key(kind, item), false);
        }
      }
    }
    backend.kinds().remove(defined);
  }
}
