package dev.muster.sandbox.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/** Reads, writes and makes JSON trees; all of them keep the order of their fields. */
public final class Json {
  static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}

  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  public static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }

  /** Any Java maps, lists and scalars as a tree. */
  public static JsonNode tree(Object value) {
    return MAPPER.valueToTree(value);
  }

  public static String text(JsonNode node) {
    try {
      return MAPPER.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not writable as JSON", e);
    }
  }

  /** The text in several lines, for logs. */
  public static String prettyText(JsonNode node) {
    return node.toPrettyString();
  }

  /** The object in the text; anything else is an {@link IOException}. */
  static ObjectNode parse(byte[] text) throws IOException {
    if (MAPPER.readTree(text) instanceof ObjectNode object) {
      return object;
    }
    throw new IOException("not a JSON object");
  }

  /** The object in a text that this program wrote or a server sent. */
  public static ObjectNode parse(String text) {
    try {
      return (ObjectNode) MAPPER.readTree(text);
    } catch (JsonProcessingException | ClassCastException e) {
      throw new IllegalArgumentException("not a JSON object", e);
    }
  }

  public static String name(JsonNode object) {
    return object.path("metadata").path("name").asText();
  }

  public static String namespace(JsonNode object) {
    return object.path("metadata").path("namespace").asText();
  }

  public static String uid(JsonNode object) {
    return object.path("metadata").path("uid").asText();
  }

  public static boolean isBeingDeleted(JsonNode object) {
    return object.path("metadata").hasNonNull("deletionTimestamp");
  }

  /** The object at a path of field names, made where it is missing. */
  public static ObjectNode at(ObjectNode root, String... fields) {
    ObjectNode here = root;
    for (String field : fields) {
      here = here.get(field) instanceof ObjectNode next ? next : here.putObject(field);
    }
    return here;
  }
}
