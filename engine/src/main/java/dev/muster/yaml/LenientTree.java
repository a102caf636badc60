package dev.muster.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;

/**
 * Gives parts the value that Go programs see, which are what reads embedded documents: the last of
 * duplicate keys wins, {@code True} and {@code yes} are booleans, merge keys are followed.
 */
final class LenientTree {
  private static final int MAX_ALIASED = 10_000;

  private final List<String> duplicates = new ArrayList<>();
  private int aliased;
  private int aliasDepth;

  /** Dotted paths of the keys that occur more than once in their mapping. */
  List<String> duplicates() {
    return List.copyOf(duplicates);
  }

  JsonNode value(Part part, String path) throws Refused {
    if (aliasDepth > 0 && ++aliased > MAX_ALIASED) {
      throw new Refused(part.start(), "aliases expand to more than " + MAX_ALIASED + " values", "");
    }
    if (part instanceof Part.Alias alias) {
      aliasDepth++;
      JsonNode value = value(alias.target(), path);
      aliasDepth--;
      return value;
    }
    if (part instanceof Part.Mapping mapping) {
      return mapping(mapping, path);
    }
    if (part instanceof Part.Sequence sequence) {
      ArrayNode array = JsonNodeFactory.instance.arrayNode();
      for (Part element : sequence.elements()) {
        array.add(value(element, path + "[" + array.size() + "]"));
      }
      return array;
    }
    return scalar((Part.Scalar) part);
  }

  static JsonNode scalar(Part.Scalar scalar) {
    boolean text = scalar.tag().equals("tag:yaml.org,2002:str") || scalar.tag().equals("!");
    if (!scalar.plain() || text) {
      return TextNode.valueOf(scalar.text());
    }
    JsonNode value = Scalars.go(scalar.text());
    return value.isMissingNode() ? TextNode.valueOf(scalar.text()) : value;
  }

  static String keyOf(Part key) throws Refused {
    if (key instanceof Part.Scalar scalar) {
      JsonNode value = scalar(scalar);
      return value.isFloatingPointNumber() ? scalar.text() : value.asText();
    }
    throw new Refused(key.start(), "a key that is not a text", "");
  }

  static boolean isMerge(Part key) {
    return key instanceof Part.Scalar scalar && scalar.plain() && scalar.text().equals("<<");
  }

  private JsonNode mapping(Part.Mapping mapping, String path) throws Refused {
    ObjectNode own = JsonNodeFactory.instance.objectNode();
    ObjectNode merged = JsonNodeFactory.instance.objectNode();
    for (Part.Pair pair : mapping.pairs()) {
      if (isMerge(pair.key())) {
        merge(value(pair.value(), path), merged, pair.key());
        continue;
      }
      String key = keyOf(pair.key());
      String below = path.isEmpty() ? key : path + "." + key;
      JsonNode value = value(pair.value(), below);
      if (own.has(key) && aliasDepth == 0 && !duplicates.contains(below)) {
        duplicates.add(below);
      }
      own.set(key, value);
    }
    if (merged.isEmpty()) {
      return own;
    }
    merged.properties().forEach(field -> own.putIfAbsent(field.getKey(), field.getValue()));
    return own;
  }

  private static void merge(JsonNode source, ObjectNode into, Part key) throws Refused {
    if (source.isObject()) {
      source.properties().forEach(field -> into.putIfAbsent(field.getKey(), field.getValue()));
    } else if (source.isArray()) {
      for (JsonNode element : source) {
        merge(element, into, key);
      }
    } else {
      throw new Refused(key.start(), "a merge key without a mapping", "");
    }
  }
}
