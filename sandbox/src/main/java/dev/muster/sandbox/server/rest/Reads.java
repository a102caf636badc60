package dev.muster.sandbox.server.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.server.store.ObjectStore;
import java.io.IOException;
import java.util.List;

/** The verbs get and list. */
final class Reads {
  private final Backend backend;

  Reads(Backend backend) {
    this.backend = backend;
  }

  void get(ApiRequest request) throws IOException {
    ObjectNode found =
        backend
            .store()
            .get(request.key())
            .orElseThrow(() -> ApiError.notFound(request.kind().resource(), request.info().name()));
    request.send(
        200,
        Shape.wanted(request.http()).one(request.kind(), found, request.http(), backend.instant()));
  }

  void scale(ApiRequest request) throws IOException {
    ObjectNode found =
        backend
            .store()
            .get(request.key())
            .orElseThrow(() -> ApiError.notFound(request.kind().resource(), request.info().name()));
    request.send(200, Scale.of(found));
  }

  void list(ApiRequest request) throws IOException {
    Selection selection = Selection.of(request);
    ObjectStore.Listing listing =
        backend.store().list(request.kind().resource(), request.info().scope());
    List<ObjectNode> selected = listing.items().stream().filter(selection::test).toList();
    request.send(
        200,
        Shape.wanted(request.http())
            .list(request.kind(), selected, listing.revision(), request.http(), backend.instant()));
  }
}
