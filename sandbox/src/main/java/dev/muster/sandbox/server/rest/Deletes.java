package dev.muster.sandbox.server.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.server.json.Json;
import dev.muster.sandbox.server.kind.KindInfo;
import dev.muster.sandbox.server.store.ObjectKey;
import java.io.IOException;
import java.util.Optional;

/** The verbs delete and deletecollection, finalizers, and what falls with a deleted object. */
final class Deletes {
  private final Backend backend;
  private final Definitions definitions;

  Deletes(Backend backend, Definitions definitions) {
    this.backend = backend;
    this.definitions = definitions;
  }

  void one(ApiRequest request) throws IOException {
    ObjectNode options = options(request);
    boolean dryRun = request.dryRun() || options.path("dryRun").path(0).asText().equals("All");
    KindInfo kind = request.kind();
    ObjectKey key = request.key();
    while (true) {
      ObjectNode before =
          backend
              .store()
              .get(key)
              .orElseThrow(() -> ApiError.notFound(kind.resource(), key.name()));
      checkPreconditions(kind, key, before, options.path("preconditions"));
      Candidate.admit(backend, request, key, "DELETE", Optional.of(before), Optional.empty());
      if (dryRun) {
        request.send(200, success(kind, before));
        return;
      }
      Optional<ObjectNode> marked = delete(kind, key, before, orphans(request, options));
      if (marked.isPresent()) {
        boolean gone = backend.store().get(key).isEmpty() && !isNamespace(kind);
        request.send(200, gone ? success(kind, before) : Backend.view(kind, marked.get()));
        return;
      }
    }
  }

  void collection(ApiRequest request) throws IOException {
    ObjectNode options = options(request);
    boolean orphans = orphans(request, options);
    Selection selection = Selection.of(request);
    ObjectNode list = Json.object();
    list.put("kind", request.kind().kind() + "List");
    list.put("apiVersion", request.kind().apiVersion());
    ArrayNode items = list.putArray("items");
    for (ObjectNode item :
        backend.store().list(request.kind().resource(), request.info().scope()).items()) {
      if (selection.test(item)) {
        ObjectKey key = key(request.kind(), item);
        Candidate.admit(backend, request, key, "DELETE", Optional.of(item), Optional.empty());
        items.add(item);
        if (!request.dryRun()) {
          deleteLatest(request.kind(), key, orphans);
        }
      }
    }
    list.putObject("metadata").put("resourceVersion", Long.toString(backend.store().revision()));
    request.send(200, list);
  }

  private static ObjectNode options(ApiRequest request) {
    return request.http().body().length == 0 ? Json.object() : ApiRequest.object(request.tree());
  }

  private static boolean orphans(ApiRequest request, ObjectNode options) {
    String policy =
        request
            .http()
            .parameter("propagationPolicy")
            .orElse(options.path("propagationPolicy").asText("Background"));
    return policy.equals("Orphan") || options.path("orphanDependents").asBoolean();
  }

  private static void checkPreconditions(
      KindInfo kind, ObjectKey key, ObjectNode before, JsonNode wanted) {
    String[][] fields = {{"uid", "UID"}, {"resourceVersion", "ResourceVersion"}};
    for (String[] field : fields) {
      String value = wanted.path(field[0]).asText("");
      String live = before.path("metadata").path(field[0]).asText();
      if (!value.isEmpty() && !value.equals(live)) {
        throw ApiError.precondition(kind.resource(), key.name(), field[1], value, live);
      }
    }
  }

  private static ObjectNode success(KindInfo kind, ObjectNode object) {
    ObjectNode status = Json.object().put("kind", "Status").put("apiVersion", "v1");
    status.putObject("metadata");
    status.put("status", "Success");
    ObjectNode details = status.putObject("details");
    details.put("name", object.at("/metadata/name").asText());
    if (!kind.group().isEmpty()) {
      details.put("group", kind.group());
    }
    details.put("kind", kind.plural()).put("uid", object.at("/metadata/uid").asText());
    return status;
  }

  /** Deletes or marks for deletion; the state then, or empty when somebody else was faster. */
  private Optional<ObjectNode> delete(
      KindInfo kind, ObjectKey key, ObjectNode before, boolean orphans) {
    boolean waits = !before.path("metadata").path("finalizers").isEmpty() || isNamespace(kind);
    if (!waits) {
      Optional<ObjectNode> last = backend.store().remove(key, before);
      last.ifPresent(object -> removed(key, object, orphans));
      return last;
    }
    ObjectNode marked = before;
    if (!before.path("metadata").has("deletionTimestamp")) {
      ObjectNode next = before.deepCopy();
      ObjectNode metadata = Json.child(next, "metadata");
      metadata.put("deletionTimestamp", backend.now()).put("deletionGracePeriodSeconds", 0);
      if (kind.generation()) {
        metadata.put("generation", metadata.path("generation").asLong() + 1);
      }
      if (isNamespace(kind)) {
        Json.child(next, "status").put("phase", "Terminating");
      }
      Optional<ObjectNode> stored = backend.store().put(key, Optional.of(before), next);
      if (stored.isEmpty()) {
        return Optional.empty();
      }
      marked = stored.get();
    }
    if (isNamespace(kind)) {
      empty(key.name());
      Namespaces.finishIfEmpty(backend, key.name());
    }
    return Optional.of(marked);
  }

  private static boolean isNamespace(KindInfo kind) {
    return kind.groupKind().equals("Namespace");
  }

  private void empty(String namespace) {
    for (KindInfo kind : backend.kinds().onePerResource()) {
      if (kind.namespaced()) {
        for (ObjectNode item :
            backend.store().list(kind.resource(), Optional.of(namespace)).items()) {
          deleteLatest(kind, key(kind, item), false);
        }
      }
    }
  }

  /** Deletes whatever state the object is in by now. */
  void deleteLatest(KindInfo kind, ObjectKey key, boolean orphans) {
    while (true) {
      ObjectNode before = backend.store().get(key).orElse(null);
      if (before == null || delete(kind, key, before, orphans).isPresent()) {
        return;
      }
    }
  }

  static ObjectKey key(KindInfo kind, ObjectNode object) {
    return new ObjectKey(
        kind.resource(),
        kind.namespaced() ? object.at("/metadata/namespace").asText() : "",
        object.at("/metadata/name").asText());
  }

  /** True when an object marked for deletion has nothing left to wait for. */
  static boolean isFinished(ObjectNode object) {
    JsonNode metadata = object.path("metadata");
    return metadata.has("deletionTimestamp")
        && metadata.path("finalizers").isEmpty()
        && !object.path("kind").asText().equals("Namespace");
  }

  /** Removes an object whose last finalizer the given write takes away. */
  Optional<ObjectNode> removeFor(ObjectKey key, ObjectNode before, ObjectNode next) {
    Optional<ObjectNode> last = backend.store().remove(key, before);
    if (last.isEmpty()) {
      return last;
    }
    removed(key, last.get(), false);
    Json.child(next, "metadata")
        .put("resourceVersion", last.get().at("/metadata/resourceVersion").asText());
    return Optional.of(next);
  }

  private void removed(ObjectKey key, ObjectNode last, boolean orphans) {
    if (key.resource().plural().equals("pods") && key.resource().group().isEmpty()) {
      backend.logs().forget(key.namespace(), key.name());
    }
    definitions.removed(key, last, this);
    dependents(last.at("/metadata/uid").asText(), orphans);
    if (!key.namespace().isEmpty()) {
      Namespaces.finishIfEmpty(backend, key.namespace());
    }
  }

  /** Plays the garbage collector: what the object alone owned goes too, or loses its owner. */
  private void dependents(String uid, boolean orphans) {
    for (KindInfo kind : backend.kinds().onePerResource()) {
      for (ObjectNode item : backend.store().list(kind.resource(), Optional.empty()).items()) {
        JsonNode owners = item.at("/metadata/ownerReferences");
        if (!owns(owners, uid)) {
          continue;
        }
        ObjectKey key = key(kind, item);
        if (owners.size() == 1 && !orphans) {
          deleteLatest(kind, key, false);
        } else {
          disown(key, uid);
        }
      }
    }
  }

  private static boolean owns(JsonNode owners, String uid) {
    for (JsonNode owner : owners) {
      if (owner.path("uid").asText().equals(uid)) {
        return true;
      }
    }
    return false;
  }

  private void disown(ObjectKey key, String uid) {
    while (true) {
      ObjectNode before = backend.store().get(key).orElse(null);
      if (before == null) {
        return;
      }
      ObjectNode next = before.deepCopy();
      ObjectNode metadata = Json.child(next, "metadata");
      ArrayNode kept = Json.array();
      for (JsonNode owner : metadata.path("ownerReferences")) {
        if (!owner.path("uid").asText().equals(uid)) {
          kept.add(owner);
        }
      }
      metadata.set("ownerReferences", kept);
      if (kept.isEmpty()) {
        metadata.remove("ownerReferences");
      }
      if (backend.store().put(key, Optional.of(before), next).isPresent()) {
        return;
      }
    }
  }
}
