package dev.muster.sandbox.server.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.server.json.Json;
import dev.muster.sandbox.server.kind.KindInfo;
import dev.muster.sandbox.server.kind.ResourceId;
import dev.muster.sandbox.server.store.ObjectKey;
import java.util.Optional;

/** What happens to namespaces besides being stored: first contents, emptying, the end. */
final class Namespaces {
  static final ResourceId RESOURCE = new ResourceId("", "namespaces");

  private Namespaces() {}

  static ObjectKey key(String name) {
    return new ObjectKey(RESOURCE, "", name);
  }

  /** Every namespace has the service account "default". */
  static void populate(Backend backend, String namespace) {
    KindInfo kind = backend.kinds().find("", "v1", "serviceaccounts").orElseThrow();
    ObjectKey key = new ObjectKey(kind.resource(), namespace, "default");
    ObjectNode account = Json.object().put("apiVersion", "v1").put("kind", "ServiceAccount");
    ObjectNode metadata = Json.child(account, "metadata");
    metadata.put("name", "default").put("namespace", namespace);
    Candidate.born(backend, kind, metadata);
    backend.store().put(key, Optional.empty(), account);
  }

  /** Removes a namespace that is being deleted and has become empty. */
  static void finishIfEmpty(Backend backend, String namespace) {
    ObjectKey key = key(namespace);
    ObjectNode found = backend.store().get(key).orElse(null);
    if (found == null
        || !found.path("metadata").has("deletionTimestamp")
        || !found.path("metadata").path("finalizers").isEmpty()) {
      return;
    }
    for (KindInfo kind : backend.kinds().onePerResource()) {
      if (kind.namespaced()
          && !backend.store().list(kind.resource(), Optional.of(namespace)).items().isEmpty()) {
        return;
      }
    }
    backend.store().remove(key, found);
  }
}
