package dev.muster.sandbox.server.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.server.json.Json;
import dev.muster.sandbox.server.kind.Defaulting;
import dev.muster.sandbox.server.kind.FieldError;
import dev.muster.sandbox.server.kind.KindInfo;
import dev.muster.sandbox.server.kind.StructuralSchema;
import dev.muster.sandbox.server.kind.Validation;
import dev.muster.sandbox.server.store.ManagedFields;
import dev.muster.sandbox.server.store.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What a client sent, on its way to what is stored: system fields, defaults, schema, generation,
 * ownership.
 */
final class Candidate {
  private static final List<String> SYSTEM_FIELDS =
      List.of(
          "uid",
          "creationTimestamp",
          "deletionTimestamp",
          "deletionGracePeriodSeconds",
          "generation",
          "resourceVersion",
          "managedFields");

  private final Backend backend;
  private final ApiRequest request;
  private final KindInfo kind;
  private final ObjectKey key;
  private final List<String> warnings;

  Candidate(Backend backend, ApiRequest request, ObjectKey key, List<String> warnings) {
    this.backend = backend;
    this.request = request;
    this.kind = request.kind();
    this.key = key;
    this.warnings = warnings;
  }

  /** The new object to store; the body is changed on the way. */
  ObjectNode created(ObjectNode body) {
    identify(body);
    ObjectNode metadata = Json.child(body, "metadata");
    metadata.remove(SYSTEM_FIELDS);
    metadata.remove("selfLink");
    if (kind.statusSubresource()) {
      body.remove("status");
      Defaulting.firstStatus(kind).ifPresent(status -> body.set("status", status));
    }
    clean(body, false);
    born(backend, kind, metadata);
    finish(body, Optional.empty());
    ManagedFields.update(Json.object(), body, request.writer(backend), kind.builtIn());
    return body;
  }

  /** Gives a new object what the server alone decides. */
  static void born(Backend backend, KindInfo kind, ObjectNode metadata) {
    metadata.put("uid", UUID.randomUUID().toString());
    metadata.put("creationTimestamp", backend.now());
    if (kind.generation()) {
      metadata.put("generation", 1);
    }
  }

  /** The changed object to store, or {@code before} itself when nothing would change. */
  ObjectNode changed(ObjectNode before, ObjectNode edited, boolean isUpdate) {
    identify(edited);
    JsonNode old = before.path("metadata");
    ObjectNode metadata = Json.child(edited, "metadata");
    checkVersion(old, metadata, isUpdate);
    String uid = metadata.path("uid").asText();
    if (!uid.isEmpty() && !uid.equals(old.path("uid").asText())) {
      throw ApiError.precondition(
          kind.resource(), key.name(), "UID", uid, old.path("uid").asText());
    }
    ObjectNode next = kind.statusSubresource() ? oneHalf(before, edited) : edited;
    ObjectNode nextMetadata = Json.child(next, "metadata");
    for (String field : SYSTEM_FIELDS) {
      if (old.has(field)) {
        nextMetadata.set(field, old.get(field));
      } else {
        nextMetadata.remove(field);
      }
    }
    checkFinalizers(old, nextMetadata);
    next.put("apiVersion", before.path("apiVersion").asText());
    clean(next, !isUpdate);
    finish(next, Optional.of(before));
    if (Json.same(before, next)) {
      return before;
    }
    if (kind.generation() && !Json.same(counted(before), counted(next))) {
      nextMetadata.put("generation", old.path("generation").asLong() + 1);
    }
    ManagedFields.update(before, next, request.writer(backend), kind.builtIn());
    return next;
  }

  private void checkVersion(JsonNode old, ObjectNode metadata, boolean isUpdate) {
    String version = metadata.path("resourceVersion").asText();
    if (version.isEmpty()) {
      boolean unconditional =
          kind.builtIn()
              && !kind.kind().equals("Lease")
              && !kind.kind().equals("CustomResourceDefinition");
      if (isUpdate && !unconditional) {
        throw ApiError.invalid(
            kind,
            key.name(),
            List.of(
                FieldError.invalid(
                    "metadata.resourceVersion", "0x0", "must be specified for an update")));
      }
    } else if (!version.equals(old.path("resourceVersion").asText())) {
      throw ApiError.modified(kind.resource(), key.name());
    }
  }

  /**
   * With a status subresource each way of writing moves its own half and cannot touch the other.
   */
  private ObjectNode oneHalf(ObjectNode before, ObjectNode edited) {
    boolean status = request.info().subresource().equals("status");
    ObjectNode next = status ? before.deepCopy() : edited;
    JsonNode kept = (status ? edited : before).get("status");
    if (kept == null) {
      next.remove("status");
    } else {
      next.set("status", kept);
    }
    return next;
  }

  private void checkFinalizers(JsonNode old, ObjectNode metadata) {
    if (!old.has("deletionTimestamp")) {
      return;
    }
    List<String> known = new ArrayList<>();
    old.path("finalizers").forEach(f -> known.add(f.asText()));
    for (JsonNode finalizer : metadata.path("finalizers")) {
      if (!known.contains(finalizer.asText())) {
        throw ApiError.invalid(
            kind,
            key.name(),
            List.of(
                new FieldError(
                    "FieldValueForbidden",
                    "metadata.finalizers",
                    "Forbidden: no new finalizers can be added if the object is being deleted,"
                        + " found new finalizers []string{\""
                        + finalizer.asText()
                        + "\"}")));
      }
    }
  }

  /** The part of an object whose changes the generation counts. */
  private JsonNode counted(ObjectNode object) {
    ObjectNode rest = Json.object();
    rest.setAll(object);
    rest.remove("metadata");
    if (kind.statusSubresource()) {
      rest.remove("status");
    }
    return rest;
  }

  private void identify(ObjectNode object) {
    Json.putIfAbsent(object, "apiVersion", kind.apiVersion());
    Json.putIfAbsent(object, "kind", kind.kind());
    String apiVersion = object.path("apiVersion").asText();
    String kindName = object.path("kind").asText();
    if (!apiVersion.equals(kind.apiVersion())) {
      throw ApiError.badRequest(
          "the API version in the data ("
              + apiVersion
              + ") does not match the expected API version ("
              + kind.apiVersion()
              + ")");
    }
    if (!kindName.equals(kind.kind())) {
      throw ApiError.badRequest(
          kindName
              + " in version \""
              + kind.version()
              + "\" cannot be handled as a "
              + kind.kind()
              + ": no match");
    }
    ObjectNode metadata = Json.child(object, "metadata");
    String name = metadata.path("name").asText();
    if (name.isEmpty() && !key.name().isEmpty()) {
      metadata.put("name", key.name());
    } else if (!name.equals(key.name())) {
      throw ApiError.badRequest(
          "the name of the object ("
              + name
              + ") does not match the name on the URL ("
              + key.name()
              + ")");
    }
    String namespace = metadata.path("namespace").asText();
    if (!kind.namespaced()) {
      metadata.remove("namespace");
    } else if (namespace.isEmpty()) {
      metadata.put("namespace", key.namespace());
    } else if (!namespace.equals(key.namespace())) {
      throw ApiError.badRequest(
          "the namespace of the provided object does not match the namespace sent on the request");
    }
  }

  /** Drops what no server would store and fits the object to its schema. */
  private void clean(ObjectNode object, boolean isPatch) {
    ObjectNode metadata = Json.child(object, "metadata");
    if (kind.builtIn()) {
      Json.dropNulls(object);
    } else {
      Json.dropNulls(metadata);
      kind.schema().ifPresent(schema -> fit(object, schema, isPatch));
    }
    for (String map : new String[] {"labels", "annotations", "finalizers", "ownerReferences"}) {
      if (metadata.has(map) && metadata.path(map).isEmpty()) {
        metadata.remove(map);
      }
    }
    for (String map : new String[] {"labels", "annotations"}) {
      strings(metadata.path(map), "metadata." + map);
    }
    if (kind.groupKind().equals("ConfigMap") || kind.groupKind().equals("Secret")) {
      strings(object.path("data"), "data");
    }
  }

  private void strings(JsonNode map, String path) {
    for (JsonNode value : map) {
      if (!value.isTextual()) {
        throw ApiError.badRequest(
            kind.kind()
                + " in version \""
                + kind.version()
                + "\" cannot be handled as a "
                + kind.kind()
                + ": json: cannot unmarshal "
                + (value.isNumber() ? "number" : value.isBoolean() ? "bool" : "object")
                + " into Go struct field "
                + kind.kind()
                + "."
                + path
                + " of type string");
      }
    }
  }

  private void fit(ObjectNode object, JsonNode schema, boolean isPatch) {
    StructuralSchema.Findings findings = StructuralSchema.fit(object, schema);
    if (!findings.unknown().isEmpty()) {
      String mode = request.http().parameter("fieldValidation").orElse("Warn");
      List<String> unknown =
          findings.unknown().stream().map(path -> "unknown field \"" + path + "\"").toList();
      if (mode.equals("Strict")) {
        String why = "strict decoding error: " + String.join(", ", unknown);
        if (isPatch) {
          throw ApiError.invalid(
              kind, key.name(), List.of(FieldError.invalid("patch", "\"\"", why)));
        }
        throw ApiError.badRequest(
            kind.kind()
                + " in version \""
                + kind.version()
                + "\" cannot be handled as a "
                + kind.kind()
                + ": "
                + why);
      }
      if (mode.equals("Warn")) {
        warnings.addAll(unknown);
      }
    }
    if (!findings.errors().isEmpty()) {
      throw ApiError.invalid(kind, key.name(), findings.errors());
    }
  }

  private void finish(ObjectNode object, Optional<ObjectNode> before) {
    backend.defaulting().apply(kind, object, before);
    List<FieldError> errors = Validation.of(kind, object, before);
    if (!errors.isEmpty()) {
      throw ApiError.invalid(kind, key.name(), errors);
    }
  }

  void admit(String operation, Optional<ObjectNode> before, Optional<ObjectNode> object) {
    admit(backend, request, key, operation, before, object);
  }

  static void admit(
      Backend backend,
      ApiRequest request,
      ObjectKey key,
      String operation,
      Optional<ObjectNode> before,
      Optional<ObjectNode> object) {
    AdmissionHook.Review review =
        new AdmissionHook.Review(
            operation,
            request.kind(),
            key.namespace(),
            key.name(),
            request.info().subresource(),
            before,
            object,
            request.user(),
            request.dryRun());
    for (AdmissionHook hook : backend.hooks()) {
      hook.review(review)
          .ifPresent(
              denial -> {
                throw ApiError.denied(denial);
              });
    }
    Webhooks.review(backend, review);
  }
}
