package dev.muster.topology;

import com.fasterxml.jackson.databind.JsonNode;
import dev.harrel.jsonschema.Error;
import dev.harrel.jsonschema.Validator;
import dev.harrel.jsonschema.ValidatorFactory;
import dev.harrel.jsonschema.providers.JacksonNode;
import dev.muster.bound.Bounds;
import dev.muster.problem.Problems;
import dev.muster.problem.Where;
import dev.muster.yaml.YamlNode;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Checks a YAML tree against a JSON Schema and says what is wrong in the words of this project, at
 * the place where it stands in the file.
 */
public final class SchemaCheck {
  private static final URI META_SCHEMA = URI.create("https://json-schema.org/draft/2020-12/schema");

  private final JsonNode schema;
  private final Validator validator;
  private final URI uri;

  public SchemaCheck(JsonNode schema) {
    this.schema = schema;
    validator = validator();
    uri = validator.registerSchema(schema);
  }

  private static Validator validator() {
    return new ValidatorFactory()
        .withDisabledSchemaValidation(true)
        .withEvaluatorFactory(SchemaPatterns.EVALUATORS)
        .withJsonNodeFactory(new JacksonNode.Factory())
        .createValidator();
  }

  /** Checks that a part of a file is itself a JSON Schema; reports what is not. */
  public static void checkSchema(YamlNode written, Problems problems) {
    Validator.Result result = validator().validate(META_SCHEMA, (Object) written.json());
    List<String> seen = new ArrayList<>();
    for (Error error : result.getErrors()) {
      String pointer = error.getInstanceLocation();
      String keyword = Optional.ofNullable(error.getKeyword()).orElse("");
      boolean composed = keyword.isEmpty() || keyword.endsWith("Of") || keyword.endsWith("Ref");
      if (!composed && !problems.full() && !seen.contains(pointer)) {
        seen.add(pointer);
        problems.error(
            written.at(pointer).map(YamlNode::where).orElse(written.where()),
            SchemaWords.name(pointer) + " is not what JSON Schema allows here",
            "see https://json-schema.org/understanding-json-schema");
      }
    }
  }

  /** Reports every violation; says whether there was none. */
  public boolean check(YamlNode document, Problems problems) {
    Validator.Result result = validator.validate(uri, (Object) document.json());
    for (Error error : inOrder(result.getErrors(), document)) {
      if (problems.full()) {
        problems.more(document.where());
        break;
      }
      // Each form of a oneOf complains of its own; that none or two fit is what counts.
      if (!error.getEvaluationPath().contains("/oneOf/")) {
        report(error, document, problems);
      }
    }
    return result.isValid();
  }

  /** As they stand in the file, if not all of them can be told. */
  private static List<Error> inOrder(List<Error> errors, YamlNode document) {
    if (errors.size() <= Bounds.PROBLEMS) {
      return errors;
    }
    Map<String, Integer> places = new HashMap<>();
    number(document, "", places);
    List<Error> sorted = new ArrayList<>(errors);
    sorted.sort(Comparator.comparing(error -> places.getOrDefault(error.getInstanceLocation(), 0)));
    return sorted;
  }

  private static void number(YamlNode node, String pointer, Map<String, Integer> places) {
    places.put(pointer, places.size());
    if (node instanceof YamlNode.Mapping mapping) {
      for (YamlNode.Entry entry : mapping.entries()) {
        String key = entry.key().text().replace("~", "~0").replace("/", "~1");
        number(entry.value(), pointer + "/" + key, places);
      }
    } else if (node instanceof YamlNode.Sequence sequence) {
      int index = 0;
      for (YamlNode element : sequence.elements()) {
        number(element, pointer + "/" + index++, places);
      }
    }
  }

  private void report(Error error, YamlNode document, Problems problems) {
    String pointer = error.getInstanceLocation();
    String path = error.getEvaluationPath();
    if (path.endsWith("/additionalProperties") || path.endsWith("/unevaluatedProperties")) {
      unknownKey(error, document, problems);
      return;
    }
    String keyword = Optional.ofNullable(error.getKeyword()).orElse("");
    JsonNode rules = at(error.getSchemaLocation());
    JsonNode rule = rules.path(keyword);
    if (path.contains("/propertyNames/")) {
      keys(keyword, rules, document, pointer, problems);
      return;
    }
    YamlNode value = document.at(pointer).orElse(document);
    Where where = value.where();
    String name = SchemaWords.name(pointer);
    if (rules.path("format").asText().equals("secret") && keyword.equals("type")) {
      LiteralSecrets.reportInput(where, name, problems);
      return;
    }
    switch (keyword) {
      case "required" -> {
        for (JsonNode wanted : rule) {
          if (!value.json().has(wanted.asText())) {
            problems.error(
                keyPlace(document, pointer), name + " needs the key \"" + wanted.asText() + "\"");
          }
        }
      }
      case "type" ->
          problems.error(
              where,
              name
                  + " has to be "
                  + SchemaWords.type(rule)
                  + ", this is "
                  + SchemaWords.kind(value.json()),
              SchemaWords.quoteHint(rules, value));
      case "enum" ->
          problems.error(
              where,
              name + " cannot be " + value.json(),
              SchemaWords.choose(value.json().asText(), SchemaWords.texts(rule)));
      case "const" -> {
        List<String> hints = new ArrayList<>();
        hints.add("it has to be " + (rule.isTextual() ? rule.asText() : rule.toString()));
        if (pointer.equals("/apiVersion") && value.json().asText().startsWith("muster.dev/")) {
          hints.add("a newer muster may know it");
        }
        problems.error(where, name + " cannot be " + value.json(), hints.toArray(String[]::new));
      }
      case "pattern" -> {
        if (!value.json().asText().isEmpty() || !rules.has("minLength")) {
          problems.error(
              where, name + " cannot be " + value.json(), SchemaWords.form(rules, rule.asText()));
        }
      }
      case "minimum" ->
          problems.error(
              where,
              name + " cannot be " + value.json(),
              rules.has("description")
                  ? rules.path("description").asText()
                  : "at least " + rule.asText());
      case "minLength" -> problems.error(where, name + " must not be empty");
      case "minItems", "minProperties" ->
          problems.error(
              where,
              name
                  + " must have at least "
                  + (rule.asInt() == 1 ? "one entry" : rule + " entries"));
      case "maxLength" ->
          problems.error(
              where,
              name + " is too long: " + value.json().asText().length() + " characters",
              "at most " + rule.asText() + " are allowed");
      case "oneOf" -> {
        if (value.json().isObject()) {
          problems.error(
              keyPlace(document, pointer),
              name + " has to have exactly one of: " + SchemaWords.forms(rule));
        }
      }
      case "" -> {}
      default -> {
        if (error.getError() != null) {
          problems.error(where, name + ": " + error.getError());
        }
      }
    }
  }

  private void unknownKey(Error error, YamlNode document, Problems problems) {
    String pointer = error.getInstanceLocation();
    Where where = document.keyAt(pointer).map(YamlNode.Scalar::where).orElseGet(document::where);
    String key = SchemaWords.lastSegment(pointer);
    List<String> allowed =
        SchemaWords.fieldNames(
            at(SchemaWords.parent(error.getSchemaLocation())).path("properties"));
    if (SchemaPatterns.anyFits(
        at(SchemaWords.parent(error.getSchemaLocation())).path("patternProperties"), key)) {
      return; // its value is wrong, which is told, and the validator takes it for unknown then
    }
    String name = SchemaWords.name(SchemaWords.parent(pointer));
    if (at(SchemaWords.parent(error.getSchemaLocation()))
        .path("format")
        .asText()
        .equals("secret")) {
      LiteralSecrets.reportInput(where, name, problems);
      return;
    }
    if (LiteralSecrets.isSecret(key, document.at(pointer))) {
      LiteralSecrets.report(where, key, problems);
      return;
    }
    List<String> free = new ArrayList<>(allowed);
    free.removeAll(SchemaWords.fieldNames(document.json().at(SchemaWords.parent(pointer))));
    problems.error(
        where, "unknown key \"" + key + "\" in " + name, SchemaWords.chooseKey(key, free, allowed));
  }

  /** The validator does not say which key it is about, so all are looked at. */
  private static void keys(
      String keyword, JsonNode rules, YamlNode document, String pointer, Problems problems) {
    if (!keyword.equals("pattern")
        || !(document.at(pointer).orElse(document) instanceof YamlNode.Mapping mapping)) {
      return;
    }
    String pattern = rules.path("pattern").asText();
    for (YamlNode.Entry entry : mapping.entries()) {
      if (!SchemaPatterns.fits(pattern, entry.key().text())) {
        problems.error(
            entry.key().where(),
            "the key \"" + entry.key().text() + "\" is not allowed here",
            SchemaWords.form(rules, pattern));
      }
    }
  }

  /** What lacks something is named at its key, which stands before anything that it has. */
  private static Where keyPlace(YamlNode document, String pointer) {
    return document
        .keyAt(pointer)
        .map(YamlNode.Scalar::where)
        .orElseGet(() -> document.at(pointer).orElse(document).where());
  }

  private JsonNode at(String schemaLocation) {
    int hash = schemaLocation.indexOf('#');
    return schema.at(hash < 0 ? "" : schemaLocation.substring(hash + 1));
  }
}
