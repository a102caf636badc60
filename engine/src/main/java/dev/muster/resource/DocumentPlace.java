package dev.muster.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Where the text of an embedded document stands in its object, and how.
 *
 * @param field path of the field that holds it
 * @param encoding how the text stands in the field
 * @param json whether a document that is not there yet is written as JSON; one that is there stays
 *     in the form that it has
 */
public record DocumentPlace(FieldPath field, Encoding encoding, boolean json) {

  /** How a text stands in a field. */
  public enum Encoding {
    /** As it is. */
    PLAIN,
    /** In base64, as the data of a Secret. */
    BASE64
  }

  public DocumentPlace {
    Objects.requireNonNull(field, "field");
    Objects.requireNonNull(encoding, "encoding");
  }

  /** A text that stands in the field as it is. */
  public static DocumentPlace plain(FieldPath field) {
    return new DocumentPlace(field, Encoding.PLAIN, false);
  }

  /** The same text in the field that has other keys. */
  DocumentPlace at(UnaryOperator<String> key) {
    return new DocumentPlace(
        new FieldPath(field.segments().stream().map(key).toList()), encoding, json);
  }

  /** Whether what stands in the field has to be decoded. */
  public boolean encoded() {
    return encoding != Encoding.PLAIN;
  }

  /** The value of the field. */
  public JsonNode in(JsonNode object) {
    JsonNode value = object;
    for (String segment : field.segments()) {
      value = value.path(segment);
    }
    return value;
  }

  /** The text that a value of the field holds; empty when it holds none that can be read. */
  public Optional<String> text(JsonNode value) {
    if (!value.isTextual()) {
      return Optional.empty();
    }
    return encoded() ? decoded(value.textValue()) : Optional.of(value.textValue());
  }

  /** The value of the field that holds a text. */
  public TextNode value(String text) {
    return TextNode.valueOf(
        encoded()
            ? Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))
            : text);
  }

  /** Bytes that are no text would not come back as they were, so they count as none. */
  private static Optional<String> decoded(String value) {
    try {
      byte[] bytes = Base64.getDecoder().decode(value);
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (IllegalArgumentException | CharacterCodingException e) {
      return Optional.empty();
    }
  }

  /** The field, as people write it. */
  @Override
  public String toString() {
    return field.toString();
  }
}
