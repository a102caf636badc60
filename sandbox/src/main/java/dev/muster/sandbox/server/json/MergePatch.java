package dev.muster.sandbox.server.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Applies RFC 7386 merge patches; the document given is left as it is. */
public final class MergePatch {
  private MergePatch() {}

  public static JsonNode apply(JsonNode document, JsonNode patch) {
    if (!patch.isObject()) {
      return patch.deepCopy();
    }
    ObjectNode result = document instanceof ObjectNode object ? object.deepCopy() : Json.object();
    patch
        .fields()
        .forEachRemaining(
            field -> {
              if (field.getValue().isNull()) {
                result.remove(field.getKey());
              } else {
                result.set(field.getKey(), apply(result.path(field.getKey()), field.getValue()));
              }
            });
    return result;
  }
}
