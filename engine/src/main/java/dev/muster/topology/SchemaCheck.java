package dev.muster.topology;

import com.fasterxml.jackson.databind.JsonNode;
import dev.harrel.jsonschema.Error;
import dev.harrel.jsonschema.Validator;
import dev.harrel.jsonschema.ValidatorFactory;
import dev.harrel.jsonschema.providers.JacksonNode;
import dev.muster.problem.Problems;
import dev.muster.problem.Suggestion;
import dev.muster.problem.Where;
import dev.muster.yaml.YamlNode;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Checks a YAML tree against a JSON Schema and says what is wrong in the words of this project, at
 * the place where it stands in the file.
 */
public final class SchemaCheck {
  private final JsonNode schema;
  private final Validator validator;
  private final URI uri;

  public SchemaCheck(JsonNode schema) {
    this.schema = schema;
    validator =
        new ValidatorFactory()
            .withDisabledSchemaValidation(true)
            .withJsonNodeFactory(new JacksonNode.Factory())
            .createValidator();
    uri = validator.registerSchema(schema);
  }

  /** Reports every violation; says whether there was none. */
  public boolean check(YamlNode document, Problems problems) {
    Validator.Result result = validator.validate(uri, (Object) document.json());
    for (Error error : result.getErrors()) {
      report(error, document, problems);
    }
    return result.isValid();
  }

  private void report(Error error, YamlNode document, Problems problems) {
    String pointer = error.getInstanceLocation();
    String path = error.getEvaluationPath();
    JsonNode rule = at(error.getSchemaLocation());
    JsonNode value = document.json().at(pointer);
    Where where = document.at(pointer).map(YamlNode::where).orElse(document.where());
    String key = lastSegment(pointer);
    if (path.endsWith("/additionalProperties") || path.endsWith("/unevaluatedProperties")) {
      Where keyWhere = document.keyAt(pointer).map(YamlNode::where).orElse(where);
      List<String> allowed = allowedKeys(error.getSchemaLocation());
      allowed.removeAll(fieldNames(document.json().at(parent(pointer))));
      problems.error(keyWhere, "unknown key \"" + key + "\"", hintFor(key, allowed));
      return;
    }
    String name = pointer.isEmpty() ? "the file" : "\"" + key + "\"";
    switch (Optional.ofNullable(error.getKeyword()).orElse("")) {
      case "required" -> {
        for (JsonNode wanted : rule) {
          if (!value.has(wanted.asText())) {
            problems.error(where, name + " needs the key \"" + wanted.asText() + "\"");
          }
        }
      }
      case "type" ->
          problems.error(
              where, name + " has to be " + typeName(rule) + ", this is " + kindOf(value));
      case "enum" ->
          problems.error(where, name + " cannot be " + value, hintFor(value.asText(), texts(rule)));
      case "const" ->
          problems.error(where, name + " has to be " + rule.asText() + ", this is " + value);
      case "pattern" ->
          problems.error(
              where,
              path.contains("/propertyNames/")
                  ? "the key " + value + " is not allowed here"
                  : name + " cannot be " + value,
              "it has to match " + rule.asText());
      case "minLength" -> problems.error(where, name + " must not be empty");
      case "minItems" ->
          problems.error(where, name + " needs at least " + rule.asText() + " entry");
      case "maxLength" ->
          problems.error(
              where, name + " has more than the " + rule.asText() + " characters allowed");
      case "oneOf" ->
          problems.error(where, name + " has to have exactly one of its forms", forms(rule));
      case "" -> {}
      default -> {
        if (error.getError() != null && !path.contains("/oneOf/")) {
          problems.error(where, name + ": " + error.getError());
        }
      }
    }
  }

  private static String forms(JsonNode rule) {
    List<String> forms = new ArrayList<>();
    rule.forEach(form -> forms.add(String.join(" with ", texts(form.path("required")))));
    return "one of: " + String.join(", ", forms);
  }

  private JsonNode at(String schemaLocation) {
    int hash = schemaLocation.indexOf('#');
    return schema.at(hash < 0 ? schemaLocation : schemaLocation.substring(hash + 1));
  }

  /** The keys of the schema object that holds this {@code additionalProperties}. */
  private List<String> allowedKeys(String schemaLocation) {
    return fieldNames(at(parent(schemaLocation)).path("properties"));
  }

  private static List<String> fieldNames(JsonNode node) {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(element -> texts.add(element.asText()));
    return texts;
  }

  private static String[] hintFor(String written, List<String> allowed) {
    Optional<String> close = Suggestion.closest(written, allowed);
    if (close.isPresent()) {
      return new String[] {"did you mean " + close.get() + "?"};
    }
    return allowed.isEmpty()
        ? new String[0]
        : new String[] {"use one of: " + String.join(", ", allowed)};
  }

  private static String typeName(JsonNode rule) {
    return switch (rule.isArray() ? String.join(" or ", texts(rule)) : rule.asText()) {
      case "object" -> "a map";
      case "array" -> "a list";
      case "string" -> "text";
      case "boolean" -> "true or false";
      case "integer" -> "a whole number";
      default -> "a " + (rule.isArray() ? String.join(" or ", texts(rule)) : rule.asText());
    };
  }

  private static String kindOf(JsonNode value) {
    return switch (value.getNodeType()) {
      case OBJECT -> "a map";
      case ARRAY -> "a list";
      case STRING -> "the text " + value;
      case NULL, MISSING -> "empty";
      case BOOLEAN -> value + " (for text, quote it)";
      default -> "the number " + value + " (for text, quote it)";
    };
  }

  private static String parent(String pointer) {
    int slash = pointer.lastIndexOf('/');
    return slash < 0 ? "" : pointer.substring(0, slash);
  }

  private static String lastSegment(String pointer) {
    return pointer.substring(pointer.lastIndexOf('/') + 1).replace("~1", "/").replace("~0", "~");
  }
}
