package dev.muster.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.diff.Fingerprint;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;

/**
 * A rotation that has begun and is not over. Remembered on the host, so that every runner goes on
 * with the same one; the new value itself is nowhere but in the clusters.
 *
 * @param name of the rotation in the plan
 * @param began RFC 3339
 * @param run the run that began it
 * @param key of the fingerprint, made for this rotation
 * @param fingerprint of the new value
 */
public record OpenRotation(String name, String began, String run, String key, String fingerprint) {

  /** One that begins now. The plan sees to it that values are long enough for a fingerprint. */
  static OpenRotation of(String name, String value, Instant began, String run) {
    Fingerprint print = Fingerprint.withNewKey(new SecureRandom());
    return new OpenRotation(
        name, began.toString(), run, print.key(), print.of(value).orElseThrow());
  }

  /** The same with another value, because the first was lost before it was written anywhere. */
  OpenRotation with(String value) {
    OpenRotation again = of(name, value, Instant.EPOCH, run);
    return new OpenRotation(name, began, run, again.key, again.fingerprint);
  }

  /** Whether this is the new value. */
  public boolean isValue(String value) {
    return Fingerprint.withKey(key).of(value).map(fingerprint::equals).orElse(false);
  }

  /** As it is remembered. */
  public JsonNode json() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("began", began).put("run", run);
    return node.put("key", key).put("fingerprint", fingerprint);
  }

  /** Reads it back; empty for what is none. */
  public static Optional<OpenRotation> read(String name, JsonNode node) {
    OpenRotation read =
        new OpenRotation(
            name,
            node.path("began").asText(),
            node.path("run").asText(),
            node.path("key").asText(),
            node.path("fingerprint").asText());
    return read.key.matches("[0-9a-f]{64}") ? Optional.of(read) : Optional.empty();
  }
}
