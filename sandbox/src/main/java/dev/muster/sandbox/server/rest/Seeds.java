package dev.muster.sandbox.server.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.server.json.Json;
import dev.muster.sandbox.server.kind.Defaulting;
import dev.muster.sandbox.server.kind.KindInfo;
import dev.muster.sandbox.server.store.ObjectKey;
import java.util.Optional;
import java.util.UUID;

/** Puts objects into a cluster from inside the process, quickly and without asking anybody. */
public final class Seeds {
  private final Backend backend;
  private final Definitions definitions;

  public Seeds(Backend backend) {
    this.backend = backend;
    this.definitions = new Definitions(backend);
  }

  /** Stores the object as given; what is there under its name is replaced. */
  public ObjectNode put(JsonNode object) {
    ObjectNode next = object.deepCopy();
    String apiVersion = next.path("apiVersion").asText();
    KindInfo kind =
        backend
            .kinds()
            .ofObject(apiVersion, next.path("kind").asText())
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "no such kind is served: " + apiVersion + " " + next.path("kind")));
    ObjectNode metadata = Json.child(next, "metadata");
    if (kind.namespaced()) {
      Json.putIfAbsent(metadata, "namespace", "default");
    }
    Json.putIfAbsent(metadata, "uid", UUID.randomUUID().toString());
    Json.putIfAbsent(metadata, "creationTimestamp", backend.now());
    if (kind.generation()) {
      Json.putIfAbsent(metadata, "generation", 1);
    }
    ObjectKey key = Deletes.key(kind, next);
    while (true) {
      Optional<ObjectNode> before = backend.store().get(key);
      ObjectNode attempt = next.deepCopy();
      backend.defaulting().apply(kind, attempt, before);
      if (!attempt.has("status")) {
        Defaulting.firstStatus(kind).ifPresent(status -> attempt.set("status", status));
      }
      Optional<ObjectNode> stored = backend.store().put(key, before, attempt);
      if (stored.isEmpty()) {
        continue;
      }
      if (kind.groupKind().equals("Namespace")) {
        Namespaces.populate(backend, key.name());
      }
      if (kind.kind().equals("CustomResourceDefinition")) {
        definitions.establish(key);
      }
      return backend.store().get(key).orElse(stored.get());
    }
  }
}
