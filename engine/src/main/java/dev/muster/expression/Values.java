package dev.muster.expression;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.primitives.UnsignedLong;
import dev.cel.common.values.CelByteString;
import dev.cel.common.values.NullValue;
import java.time.Duration;
import java.time.Instant;
import java.util.AbstractList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/** JSON trees as CEL sees them, and CEL's values as JSON trees. */
final class Values {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final int MAX_NODES = 1_000_000;

  private Values() {}

  /** The value of a tree; objects and arrays are views that convert what is read of them. */
  static Object fromJson(JsonNode node) {
    return switch (node.getNodeType()) {
      case OBJECT -> new MapView((ObjectNode) node);
      case ARRAY -> Unwalked.list(new ListView((ArrayNode) node));
      case STRING -> node.textValue();
      case BOOLEAN -> node.booleanValue();
      case NUMBER -> number(node);
      case NULL, MISSING -> NullValue.NULL_VALUE;
      case BINARY, POJO -> node.asText();
    };
  }

  /** An integer that no long can hold loses digits, as it does in JavaScript. */
  private static Object number(JsonNode node) {
    if (node.isIntegralNumber() && node.canConvertToLong()) {
      return node.longValue();
    }
    return node.doubleValue();
  }

  /**
   * The tree of a value.
   *
   * @throws FunctionFailure for a value that no JSON can hold, and for one too large
   */
  static JsonNode toJson(Object value) {
    return toJson(value, new int[1]);
  }

  private static JsonNode toJson(Object value, int[] nodes) {
    if (++nodes[0] > MAX_NODES) {
      throw new FunctionFailure("costs too much: its value has more than a million parts");
    }
    if (value instanceof MapView view) {
      return view.node();
    }
    Optional<ArrayNode> array = array(value);
    if (array.isPresent()) {
      return array.get();
    }
    if (value instanceof Map<?, ?> map) {
      ObjectNode object = JSON.objectNode();
      map.forEach((key, item) -> object.set(String.valueOf(key), toJson(item, nodes)));
      return object;
    }
    if (value instanceof List<?> list) {
      ArrayNode made = JSON.arrayNode();
      list.forEach(item -> made.add(toJson(item, nodes)));
      return made;
    }
    return scalar(value);
  }

  /** The array that a list is a view of, if it is one. */
  static Optional<ArrayNode> array(Object value) {
    return value instanceof List<?> list && Unwalked.inside(list) instanceof ListView view
        ? Optional.of(view.node)
        : Optional.empty();
  }

  private static JsonNode scalar(Object value) {
    if (value instanceof String text) {
      return JSON.textNode(text);
    }
    if (value instanceof Boolean bool) {
      return JSON.booleanNode(bool);
    }
    if (value instanceof Long number) {
      // As Jackson reads it from a file: trees compare by node type as well.
      return number.intValue() == number
          ? JSON.numberNode(number.intValue())
          : JSON.numberNode(number.longValue());
    }
    if (value instanceof Double number) {
      return JSON.numberNode(number);
    }
    if (value instanceof UnsignedLong number) {
      return scalarOf(number);
    }
    if (value instanceof NullValue) {
      return JSON.nullNode();
    }
    if (value instanceof Instant instant) {
      return JSON.textNode(instant.toString());
    }
    if (value instanceof Duration duration) {
      return JSON.textNode(Sameness.goDuration(duration));
    }
    if (value instanceof CelByteString bytes) {
      return JSON.textNode(Base64.getEncoder().encodeToString(bytes.toByteArray()));
    }
    if (value instanceof Optional<?>) {
      throw new FunctionFailure(
          "gives an optional value inside another one: end it with orValue(...)");
    }
    if (value instanceof Special) {
      throw new FunctionFailure(
          "omit(), generated() and issued() must be the whole value of a field");
    }
    throw new FunctionFailure("gives a type, not a value that can be written");
  }

  private static JsonNode scalarOf(UnsignedLong number) {
    return number.bigIntegerValue().bitLength() < Long.SIZE
        ? scalar(number.longValue())
        : JSON.numberNode(number.bigIntegerValue());
  }

  /** What a value is, in words: {@code a string}, {@code a map}. */
  static String kind(JsonNode node) {
    return switch (node.getNodeType()) {
      case OBJECT -> "a map";
      case ARRAY -> "a list";
      case STRING -> "a string";
      case BOOLEAN -> "a bool";
      case NUMBER -> node.isIntegralNumber() ? "an int" : "a double";
      case NULL, MISSING -> "null";
      case BINARY, POJO -> "bytes";
    };
  }

  /** The value of a function that is no value: what to do with the field instead. */
  record Special(Outcome outcome) {}

  /**
   * CEL copies a list whose elements change identity between two readings, so the views keep what
   * they have converted. Two threads may convert the same part; either result is right.
   */
  private static final class ListView extends AbstractList<Object> implements RandomAccess {
    final ArrayNode node;
    private volatile Object @Nullable [] converted;

    ListView(ArrayNode node) {
      this.node = node;
    }

    @Override
    public Object get(int index) {
      Object[] all = converted;
      if (all == null) {
        all = new Object[node.size()];
        for (int i = 0; i < all.length; i++) {
          all[i] = fromJson(node.get(i));
        }
        converted = all;
      }
      return all[index];
    }

    @Override
    public int size() {
      return node.size();
    }
  }
}
