package dev.muster.sandbox.server.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.server.json.Json;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the protobuf bodies that kubectl's imperative create commands send (create namespace,
 * configmap, secret, serviceaccount, deployment) and auth can-i; kubectl does not fall back to JSON
 * when refused.
 */
final class Protobuf {
  private static final byte[] MAGIC = {'k', '8', 's', 0};

  private enum Form {
    TEXT,
    BYTES,
    NUMBER,
    FLAG,
    TEXTS,
    TEXT_MAP,
    BYTES_MAP,
    MESSAGE,
    MESSAGES
  }

  private record Field(String name, Form form, Map<Integer, Field> message) {}

  private static Field field(String name, Form form) {
    return new Field(name, form, Map.of());
  }

  private static final Map<Integer, Field> METADATA =
      Map.of(
          1, field("name", Form.TEXT),
          2, field("generateName", Form.TEXT),
          3, field("namespace", Form.TEXT),
          11, field("labels", Form.TEXT_MAP),
          12, field("annotations", Form.TEXT_MAP));
  private static final Field META = new Field("metadata", Form.MESSAGE, METADATA);

  private static final Map<Integer, Field> PORT =
      Map.of(
          1, field("name", Form.TEXT),
          3, field("containerPort", Form.NUMBER),
          4, field("protocol", Form.TEXT));
  private static final Map<Integer, Field> CONTAINER =
      Map.of(
          1, field("name", Form.TEXT),
          2, field("image", Form.TEXT),
          3, field("command", Form.TEXTS),
          4, field("args", Form.TEXTS),
          6, new Field("ports", Form.MESSAGES, PORT));
  private static final Map<Integer, Field> TEMPLATE =
      Map.of(
          1,
          META,
          2,
          new Field(
              "spec", Form.MESSAGE, Map.of(2, new Field("containers", Form.MESSAGES, CONTAINER))));
  private static final Map<Integer, Field> DEPLOYMENT_SPEC =
      Map.of(
          1, field("replicas", Form.NUMBER),
          2, new Field("selector", Form.MESSAGE, Map.of(1, field("matchLabels", Form.TEXT_MAP))),
          3, new Field("template", Form.MESSAGE, TEMPLATE));

  private static final Map<Integer, Field> ACCESS =
      Map.of(
          1,
          new Field(
              "resourceAttributes",
              Form.MESSAGE,
              Map.of(
                  1, field("namespace", Form.TEXT),
                  2, field("verb", Form.TEXT),
                  3, field("group", Form.TEXT),
                  5, field("resource", Form.TEXT),
                  6, field("subresource", Form.TEXT),
                  7, field("name", Form.TEXT))),
          2,
          new Field(
              "nonResourceAttributes",
              Form.MESSAGE,
              Map.of(1, field("path", Form.TEXT), 2, field("verb", Form.TEXT))));

  private static final Map<String, Map<Integer, Field>> KINDS =
      Map.of(
          "SelfSubjectAccessReview", Map.of(2, new Field("spec", Form.MESSAGE, ACCESS)),
          "SelfSubjectRulesReview",
              Map.of(2, new Field("spec", Form.MESSAGE, Map.of(1, field("namespace", Form.TEXT)))),
          "Namespace", Map.of(1, META),
          "ServiceAccount", Map.of(1, META),
          "ConfigMap",
              Map.of(
                  1, META,
                  2, field("data", Form.TEXT_MAP),
                  3, field("binaryData", Form.BYTES_MAP),
                  4, field("immutable", Form.FLAG)),
          "Secret",
              Map.of(
                  1, META,
                  2, field("data", Form.BYTES_MAP),
                  3, field("type", Form.TEXT),
                  4, field("stringData", Form.TEXT_MAP),
                  5, field("immutable", Form.FLAG)),
          "Deployment", Map.of(1, META, 2, new Field("spec", Form.MESSAGE, DEPLOYMENT_SPEC)));

  private static final Map<Integer, Field> ENVELOPE =
      Map.of(
          1,
          new Field(
              "type",
              Form.MESSAGE,
              Map.of(1, field("apiVersion", Form.TEXT), 2, field("kind", Form.TEXT))),
          2,
          field("raw", Form.BYTES));

  private Protobuf() {}

  /** The object as JSON; empty when its kind is not one of those that can be read. */
  static Optional<ObjectNode> read(byte[] body) {
    if (body.length < 4 || !Arrays.equals(MAGIC, 0, 4, body, 0, 4)) {
      return Optional.empty();
    }
    try {
      ObjectNode envelope = message(ByteBuffer.wrap(body, 4, body.length - 4), ENVELOPE);
      String kind = envelope.at("/type/kind").asText();
      Map<Integer, Field> fields = KINDS.get(kind);
      if (fields == null) {
        return Optional.empty();
      }
      byte[] raw = Base64.getDecoder().decode(envelope.path("raw").asText());
      ObjectNode object =
          Json.object()
              .put("apiVersion", envelope.at("/type/apiVersion").asText())
              .put("kind", kind);
      object.setAll(message(ByteBuffer.wrap(raw), fields));
      return Optional.of(object);
    } catch (BufferUnderflowException
        | IllegalArgumentException
        | IndexOutOfBoundsException
        | ArithmeticException e) {
      throw ApiError.badRequest("the request body is not valid protobuf");
    }
  }

  private static ObjectNode message(ByteBuffer in, Map<Integer, Field> fields) {
    ObjectNode object = Json.object();
    while (in.hasRemaining()) {
      long tag = varint(in);
      Field field = fields.get((int) (tag >>> 3));
      switch ((int) tag & 7) {
        case 0 -> {
          long number = varint(in);
          if (field != null && field.form() == Form.NUMBER) {
            object.put(field.name(), (int) number);
          } else if (field != null && field.form() == Form.FLAG) {
            object.put(field.name(), number != 0);
          }
        }
        case 1 -> in.position(in.position() + 8);
        case 2 -> {
          int length = Math.toIntExact(varint(in));
          ByteBuffer part = in.slice(in.position(), length);
          in.position(in.position() + length);
          if (field != null) {
            set(object, field, part);
          }
        }
        case 5 -> in.position(in.position() + 4);
        default -> throw new IllegalArgumentException("wire type");
      }
    }
    return object;
  }

  private static void set(ObjectNode object, Field field, ByteBuffer part) {
    switch (field.form()) {
      case TEXT -> {
        if (part.hasRemaining()) {
          object.put(field.name(), text(part));
        }
      }
      case BYTES -> object.put(field.name(), base64(part));
      case TEXTS -> object.withArray("/" + field.name()).add(text(part));
      case MESSAGE -> object.set(field.name(), message(part, field.message()));
      case MESSAGES -> object.withArray("/" + field.name()).add(message(part, field.message()));
      case TEXT_MAP -> entry(object, field, part, Form.TEXT);
      case BYTES_MAP -> entry(object, field, part, Form.BYTES);
      default -> throw new IllegalArgumentException("length of a number");
    }
  }

  private static void entry(ObjectNode object, Field field, ByteBuffer part, Form value) {
    ObjectNode entry = message(part, Map.of(1, field("key", Form.TEXT), 2, field("value", value)));
    JsonNode shown = entry.path("value");
    Json.child(object, field.name()).put(entry.path("key").asText(), shown.asText(""));
  }

  private static String text(ByteBuffer part) {
    return StandardCharsets.UTF_8.decode(part).toString();
  }

  private static String base64(ByteBuffer part) {
    byte[] bytes = new byte[part.remaining()];
    part.get(bytes);
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static long varint(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      byte b = in.get();
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("varint too long");
  }
}
