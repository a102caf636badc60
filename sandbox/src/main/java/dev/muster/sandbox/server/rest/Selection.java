package dev.muster.sandbox.server.rest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.sandbox.server.store.FieldSelector;
import dev.muster.sandbox.server.store.LabelSelector;
import java.util.function.Predicate;

/** Which objects a list, watch or collection delete is about. */
record Selection(Predicate<JsonNode> labels, Predicate<JsonNode> fields, String name) {

  static Selection of(ApiRequest request) {
    String fields = request.http().parameter("fieldSelector").orElse("");
    String labels = request.http().parameter("labelSelector").orElse("");
    try {
      return new Selection(
          LabelSelector.parse(labels),
          FieldSelector.parse(fields, request.kind().builtIn()),
          request.info().name());
    } catch (IllegalArgumentException e) {
      throw ApiError.badRequest(String.valueOf(e.getMessage()));
    }
  }

  boolean test(JsonNode object) {
    return (name.isEmpty() || object.path("metadata").path("name").asText().equals(name))
        && labels.test(object)
        && fields.test(object);
  }
}
