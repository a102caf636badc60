package dev.muster.changes;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.resource.FieldRules;
import dev.muster.resource.Redactor;
import dev.muster.topology.SecretText;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Teaches a redactor what is secret in the objects that are read. */
final class SecretsRead {
  private final Redactor redactor;

  SecretsRead(Redactor redactor) {
    this.redactor = redactor;
  }

  /**
   * Of an object.
   *
   * @param object its embedded documents opened
   */
  void learn(JsonNode object, FieldRules rules) {
    redactor.learn(object, rules.sensitive());
    encoded(object, rules);
    if (object.path("kind").asText().equals("Secret")) {
      decoded(object.path("data"), rules.open());
    }
  }

  /** A secret inside a text that is encoded is not found in it, so that is one as a whole. */
  private void encoded(JsonNode object, FieldRules rules) {
    rules
        .documents()
        .forEach(
            (name, place) -> {
              boolean secret =
                  rules.sensitive().stream().anyMatch(s -> (s + ".").startsWith(name + "."));
              if (secret && place.encoded()) {
                redactor.learn(place.in(object));
              }
            });
  }

  private void decoded(JsonNode data, List<String> open) {
    for (Map.Entry<String, JsonNode> field : data.properties()) {
      if (open.contains(field.getKey())) {
        continue;
      }
      try {
        byte[] bytes = Base64.getDecoder().decode(field.getValue().asText());
        SecretText.teach(redactor, new String(bytes, StandardCharsets.UTF_8));
      } catch (IllegalArgumentException notBase64) {
        redactor.learn(field.getValue());
      }
    }
  }
}
