package dev.muster.sandbox.server.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.server.json.Json;
import dev.muster.sandbox.server.json.JsonPatchApply;
import dev.muster.sandbox.server.json.MergePatch;
import dev.muster.sandbox.server.json.PatchFailure;
import dev.muster.sandbox.server.json.StrategicMerge;
import dev.muster.sandbox.server.kind.KindInfo;
import dev.muster.sandbox.server.store.ObjectKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.UnaryOperator;

/** The verbs create, update and patch. */
final class Writes {
  private static final String SUFFIX_LETTERS = "bcdfghjklmnpqrstvwxz2456789";
  private static final int MAX_PATCH_OPERATIONS = 10_000;

  private final Backend backend;
  private final Deletes deletes;
  private final Definitions definitions;

  Writes(Backend backend, Deletes deletes, Definitions definitions) {
    this.backend = backend;
    this.deletes = deletes;
    this.definitions = definitions;
  }

  void create(ApiRequest request) throws IOException {
    KindInfo kind = request.kind();
    ObjectNode body = request.body();
    ObjectNode metadata = Json.child(body, "metadata");
    if (metadata.path("name").asText().isEmpty() && metadata.hasNonNull("generateName")) {
      metadata.put("name", metadata.path("generateName").asText() + suffix());
    }
    if (!metadata.path("resourceVersion").asText().isEmpty()) {
      throw ApiError.badRequest("resourceVersion should not be set on objects to be created");
    }
    String name = metadata.path("name").asText();
    ObjectKey key =
        new ObjectKey(kind.resource(), kind.namespaced() ? request.info().namespace() : "", name);
    List<String> warnings = new ArrayList<>();
    Candidate candidate = new Candidate(backend, request, key, warnings);
    ObjectNode next = candidate.created(body);
    if (kind.namespaced()) {
      requireNamespace(request);
    }
    if (backend.store().get(key).isPresent()) {
      throw ApiError.alreadyExists(kind.resource(), name);
    }
    candidate.admit("CREATE", Optional.empty(), Optional.of(next));
    if (!request.dryRun()) {
      next =
          backend
              .store()
              .put(key, Optional.empty(), next)
              .orElseThrow(() -> ApiError.alreadyExists(kind.resource(), name));
      definitions.changed(kind, next);
      if (kind.groupKind().equals("Namespace")) {
        Namespaces.populate(backend, name);
      }
    }
    request.send(201, Backend.view(kind, next), warnings);
  }

  private void requireNamespace(ApiRequest request) {
    String namespace = request.info().namespace();
    ObjectNode found =
        backend
            .store()
            .get(Namespaces.key(namespace))
            .orElseThrow(() -> ApiError.notFound(Namespaces.RESOURCE, namespace));
    if (found.path("metadata").has("deletionTimestamp")) {
      throw ApiError.forbidden(
          request.kind().resource(),
          "",
          "unable to create new content in namespace "
              + namespace
              + " because it is being terminated");
    }
  }

  void update(ApiRequest request) throws IOException {
    ObjectNode body = request.body();
    change(request, before -> body.deepCopy(), true, UnaryOperator.identity());
  }

  void patch(ApiRequest request) throws IOException {
    change(request, patched(request), false, UnaryOperator.identity());
  }

  /** Writes the scale of a workload: the same rules on another view of it. */
  void scale(ApiRequest request) throws IOException {
    UnaryOperator<ObjectNode> edit;
    if (request.info().verb().equals("update")) {
      ObjectNode body = request.body();
      edit = scale -> body;
    } else {
      edit = patched(request);
    }
    change(
        request, before -> Scale.applied(before, edit.apply(Scale.of(before))), false, Scale::of);
  }

  /** What the body of a patch request makes of an object. */
  private static UnaryOperator<ObjectNode> patched(ApiRequest request) {
    String type = request.http().header("content-type").orElse("").split(";", 2)[0].strip();
    KindInfo kind = request.kind();
    switch (type) {
      case "application/json-patch+json":
        JsonNode operations = request.tree();
        if (operations.size() > MAX_PATCH_OPERATIONS) {
          throw ApiError.badRequest("the JSON patch has too many operations");
        }
        return before -> jsonPatched(before, operations);
      case "application/merge-patch+json":
        ObjectNode merged = ApiRequest.object(request.tree());
        return before -> ApiRequest.object(MergePatch.apply(before, merged));
      case "application/strategic-merge-patch+json":
        if (!kind.builtIn()) {
          throw ApiError.unsupportedMediaType(patchTypes(kind));
        }
        ObjectNode directives = ApiRequest.object(request.tree());
        return before -> strategic(before, directives);
      case "application/apply-patch+yaml":
      case "application/apply-patch+cbor":
        throw ApiError.noServerSideApply();
      default:
        throw ApiError.unsupportedMediaType(patchTypes(kind));
    }
  }

  private static List<String> patchTypes(KindInfo kind) {
    return kind.builtIn()
        ? List.of(
            "application/json-patch+json",
            "application/merge-patch+json",
            "application/strategic-merge-patch+json")
        : List.of("application/json-patch+json", "application/merge-patch+json");
  }

  private static ObjectNode jsonPatched(ObjectNode before, JsonNode patch) {
    try {
      JsonNode after = JsonPatchApply.apply(before, patch);
      if (after instanceof ObjectNode object) {
        return object;
      }
      throw ApiError.unprocessable();
    } catch (PatchFailure e) {
      throw e.isMalformed()
          ? ApiError.badRequest(String.valueOf(e.getMessage()))
          : ApiError.unprocessable();
    }
  }

  private static ObjectNode strategic(ObjectNode before, ObjectNode patch) {
    try {
      return StrategicMerge.apply(before, patch);
    } catch (PatchFailure e) {
      throw ApiError.badRequest(String.valueOf(e.getMessage()));
    }
  }

  /** Read, change, compare and set until nobody else was faster: as a real server treats etcd. */
  private void change(
      ApiRequest request,
      UnaryOperator<ObjectNode> edit,
      boolean isUpdate,
      UnaryOperator<ObjectNode> shown)
      throws IOException {
    KindInfo kind = request.kind();
    ObjectKey key = request.key();
    while (true) {
      ObjectNode before =
          backend
              .store()
              .get(key)
              .orElseThrow(() -> ApiError.notFound(kind.resource(), key.name()));
      List<String> warnings = new ArrayList<>();
      Candidate candidate = new Candidate(backend, request, key, warnings);
      ObjectNode edited = edit.apply(Backend.view(kind, before));
      ObjectNode next = candidate.changed(before, edited, isUpdate);
      candidate.admit("UPDATE", Optional.of(before), Optional.of(next));
      if (request.dryRun() || next == before) {
        request.send(200, shown.apply(Backend.view(kind, next)), warnings);
        return;
      }
      Optional<ObjectNode> stored =
          Deletes.isFinished(next)
              ? deletes.removeFor(key, before, next)
              : backend.store().put(key, Optional.of(before), next);
      if (stored.isPresent()) {
        definitions.changed(kind, stored.get());
        if (kind.groupKind().equals("Namespace")) {
          Namespaces.finishIfEmpty(backend, key.name());
        }
        request.send(200, shown.apply(Backend.view(kind, stored.get())), warnings);
        return;
      }
    }
  }

  private static String suffix() {
    StringBuilder suffix = new StringBuilder();
    for (int i = 0; i < 5; i++) {
      suffix.append(
          SUFFIX_LETTERS.charAt(ThreadLocalRandom.current().nextInt(SUFFIX_LETTERS.length())));
    }
    return suffix.toString();
  }
}
