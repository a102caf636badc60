package dev.muster.yaml;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.problem.Where;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A value of a file together with the place where it is written. */
public sealed interface YamlNode {
  /** Where the value begins. */
  Where where();

  /** The value without its places. */
  JsonNode json();

  /** The child with this key or position. */
  Optional<YamlNode> child(String segment);

  /** The value that a JSON pointer such as {@code /spec/members/0/name} leads to. */
  default Optional<YamlNode> at(String pointer) {
    return at(JsonPointer.compile(pointer));
  }

  default Optional<YamlNode> at(JsonPointer pointer) {
    if (pointer.matches()) {
      return Optional.of(this);
    }
    return child(pointer.getMatchingProperty()).flatMap(child -> child.at(pointer.tail()));
  }

  /** The key that a JSON pointer ends with, for problems that are about the key itself. */
  default Optional<Scalar> keyAt(String pointer) {
    JsonPointer compiled = JsonPointer.compile(pointer);
    if (compiled.matches()) {
      return Optional.empty();
    }
    String key = compiled.last().getMatchingProperty();
    return at(compiled.head())
        .filter(Mapping.class::isInstance)
        .flatMap(parent -> ((Mapping) parent).entry(key))
        .map(Entry::key);
  }

  /** One key with its value; the key's {@link Scalar#text()} is what counts. */
  record Entry(Scalar key, YamlNode value) {
    public Entry {
      Objects.requireNonNull(key, "key");
      Objects.requireNonNull(value, "value");
    }
  }

  /** Keys in the order of the file, each once. */
  record Mapping(Where where, List<Entry> entries) implements YamlNode {
    public Mapping {
      Objects.requireNonNull(where, "where");
      entries = List.copyOf(entries);
    }

    public Optional<Entry> entry(String key) {
      return entries.stream().filter(entry -> entry.key().text().equals(key)).findFirst();
    }

    @Override
    public Optional<YamlNode> child(String segment) {
      return entry(segment).map(Entry::value);
    }

    @Override
    public JsonNode json() {
      ObjectNode object = JsonNodeFactory.instance.objectNode();
      entries.forEach(entry -> object.set(entry.key().text(), entry.value().json()));
      return object;
    }
  }

  record Sequence(Where where, List<YamlNode> elements) implements YamlNode {
    public Sequence {
      Objects.requireNonNull(where, "where");
      elements = List.copyOf(elements);
    }

    @Override
    public Optional<YamlNode> child(String segment) {
      if (!segment.matches("0|[1-9][0-9]{0,8}") || Integer.parseInt(segment) >= elements.size()) {
        return Optional.empty();
      }
      return Optional.of(elements.get(Integer.parseInt(segment)));
    }

    @Override
    public JsonNode json() {
      ArrayNode array = JsonNodeFactory.instance.arrayNode();
      elements.forEach(element -> array.add(element.json()));
      return array;
    }
  }

  /**
   * @param text as written, without quotes
   * @param plain whether it stands without quotes, so that its type was inferred
   * @param json the value by YAML 1.2
   */
  record Scalar(Where where, String text, boolean plain, JsonNode json) implements YamlNode {
    public Scalar {
      Objects.requireNonNull(where, "where");
      Objects.requireNonNull(text, "text");
      Objects.requireNonNull(json, "json");
    }

    @Override
    public Optional<YamlNode> child(String segment) {
      return Optional.empty();
    }
  }
}
