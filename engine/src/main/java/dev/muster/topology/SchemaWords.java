package dev.muster.topology;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.problem.Suggestion;
import dev.muster.yaml.YamlNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How {@link SchemaCheck} speaks of values, types and choices. */
final class SchemaWords {
  private SchemaWords() {}

  /** What a JSON pointer leads to, as people call it. */
  static String name(String pointer) {
    if (pointer.isEmpty()) {
      return "the file";
    }
    String last = lastSegment(pointer);
    if (last.matches("[0-9]+")) {
      return "entry " + (Integer.parseInt(last) + 1) + " of " + name(parent(pointer));
    }
    return '"' + last + '"';
  }

  static String type(JsonNode rule) {
    return switch (rule.isArray() ? String.join(" or ", texts(rule)) : rule.asText()) {
      case "object" -> "a map";
      case "array" -> "a list";
      case "string" -> "text";
      case "boolean" -> "true or false";
      case "integer" -> "a whole number";
      case "string or object" -> "text or a map";
      case "integer or string" -> "a whole number or text";
      default -> "a " + (rule.isArray() ? String.join(" or ", texts(rule)) : rule.asText());
    };
  }

  static String kind(JsonNode value) {
    return switch (value.getNodeType()) {
      case OBJECT -> "a map";
      case ARRAY -> "a list";
      case STRING -> "the text " + value;
      case NULL, MISSING -> "empty";
      case BOOLEAN -> value.toString();
      default -> "the number " + value;
    };
  }

  /** A number or a boolean that should be a text keeps its spelling in quotes only. */
  static String[] quoteHint(JsonNode rules, YamlNode value) {
    boolean unquoted = value.json().isNumber() || value.json().isBoolean();
    if (!rules.path("type").asText().equals("string")
        || !unquoted
        || !(value instanceof YamlNode.Scalar scalar)) {
      return new String[0];
    }
    String pattern = rules.path("pattern").asText();
    return new String[] {
      SchemaPatterns.fits(pattern, scalar.text())
          ? "quote it: \"" + scalar.text() + "\""
          : form(rules, pattern)
    };
  }

  static String forms(JsonNode rule) {
    List<String> forms = new ArrayList<>();
    rule.forEach(form -> forms.add(String.join(" with ", texts(form.path("required")))));
    return String.join(", ", forms);
  }

  /** What a text has to look like; the schema's own words are better than its pattern. */
  static String form(JsonNode rules, String pattern) {
    return rules.has("description")
        ? rules.path("description").asText()
        : "it has to match " + pattern;
  }

  static String[] choose(String written, List<String> allowed) {
    Optional<String> close = Suggestion.closest(written, allowed);
    if (close.isPresent()) {
      return new String[] {"did you mean " + close.get() + "?"};
    }
    return allowed.isEmpty()
        ? new String[0]
        : new String[] {
          (allowed.size() == 1 ? "it has to be " : "use one of: ") + String.join(", ", allowed)
        };
  }

  /**
   * @param free the keys that are not there yet
   * @param allowed all keys
   */
  static String[] chooseKey(String written, List<String> free, List<String> allowed) {
    Optional<String> close = Suggestion.closest(written, free);
    if (close.isPresent()) {
      return new String[] {"did you mean " + close.get() + "?"};
    }
    return allowed.isEmpty()
        ? new String[] {"take it out"}
        : new String[] {"the keys are: " + String.join(", ", allowed)};
  }

  static List<String> fieldNames(JsonNode node) {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(element -> texts.add(element.asText()));
    return texts;
  }

  static String parent(String pointer) {
    int slash = pointer.lastIndexOf('/');
    return slash < 0 ? "" : pointer.substring(0, slash);
  }

  static String lastSegment(String pointer) {
    return pointer.substring(pointer.lastIndexOf('/') + 1).replace("~1", "/").replace("~0", "~");
  }
}
