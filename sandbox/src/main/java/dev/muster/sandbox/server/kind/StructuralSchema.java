package dev.muster.sandbox.server.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.server.json.Json;
import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Fits an object to a CRD's schema: sets defaults, drops unknown fields, and says what is wrong.
 */
public final class StructuralSchema {
  private static final String PRESERVE = "x-kubernetes-preserve-unknown-fields";

  private final List<FieldError> errors = new ArrayList<>();
  private final List<String> unknown = new ArrayList<>();

  /** What was found: errors refuse the object, unknown fields have been dropped from it. */
  public record Findings(List<FieldError> errors, List<String> unknown) {}

  private StructuralSchema() {}

  /** Changes the object in place; metadata, apiVersion and kind are not the schema's business. */
  public static Findings fit(ObjectNode object, JsonNode schema) {
    StructuralSchema run = new StructuralSchema();
    ObjectNode rest = object.objectNode();
    object
        .fields()
        .forEachRemaining(
            field -> {
              switch (field.getKey()) {
                case "metadata", "apiVersion", "kind" -> {}
                default -> rest.set(field.getKey(), field.getValue());
              }
            });
    ObjectNode own = schema.deepCopy();
    if (own.get("properties") instanceof ObjectNode properties) {
      properties.remove(List.of("metadata", "apiVersion", "kind"));
    }
    run.visit(rest, own, "");
    object.retain("apiVersion", "kind", "metadata");
    object.setAll(rest);
    return new Findings(run.errors, run.unknown);
  }

  private void visit(JsonNode value, JsonNode schema, String path) {
    if (value.isNull()) {
      if (!schema.path("nullable").asBoolean()) {
        type(value, schema, path);
      }
      return;
    }
    if (schema.path("x-kubernetes-int-or-string").asBoolean()) {
      if (!value.isIntegralNumber() && !value.isTextual()) {
        errors.add(
            FieldError.type(path, quoted(value), path + " in body must be of type integer,string"));
      }
      return;
    }
    if (!type(value, schema, path)) {
      return;
    }
    if (value instanceof ObjectNode object) {
      object(object, schema, path);
    } else if (value.isArray()) {
      list(value, schema, path);
    } else {
      scalar(value, schema, path);
    }
  }

  private boolean type(JsonNode value, JsonNode schema, String path) {
    String type = schema.path("type").asText();
    boolean fits =
        switch (type) {
          case "object" -> value.isObject();
          case "array" -> value.isArray();
          case "string" -> value.isTextual();
          case "boolean" -> value.isBoolean();
          case "integer" -> value.isIntegralNumber() || whole(value);
          case "number" -> value.isNumber();
          default -> true;
        };
    if (!fits) {
      String shown = shown(value);
      errors.add(
          FieldError.type(path, shown, path + " in body must be of type " + type + ": " + shown));
    }
    return fits;
  }

  private static boolean whole(JsonNode value) {
    return value.isNumber() && value.decimalValue().stripTrailingZeros().scale() <= 0;
  }

  private static String shown(JsonNode value) {
    if (value.isObject()) {
      return "\"object\"";
    }
    return value.isArray() ? "\"array\"" : quoted(value);
  }

  private static String quoted(JsonNode value) {
    return value.isTextual() ? value.toString() : "\"" + value.asText() + "\"";
  }

  private void object(ObjectNode object, JsonNode schema, String path) {
    JsonNode properties = schema.path("properties");
    JsonNode additional = schema.path("additionalProperties");
    boolean keep =
        schema.path(PRESERVE).asBoolean()
            || schema.path("x-kubernetes-embedded-resource").asBoolean();
    properties
        .fields()
        .forEachRemaining(
            property -> {
              JsonNode fallback = property.getValue().path("default");
              JsonNode present = object.path(property.getKey());
              boolean nullable = property.getValue().path("nullable").asBoolean();
              if (!fallback.isMissingNode()
                  && (present.isMissingNode() || present.isNull() && !nullable)) {
                object.set(property.getKey(), fallback.deepCopy());
              }
            });
    List<String> dropped = new ArrayList<>();
    for (var fields = object.fields(); fields.hasNext(); ) {
      var field = fields.next();
      String below = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
      if (properties.has(field.getKey())) {
        visit(field.getValue(), properties.get(field.getKey()), below);
      } else if (additional.isObject()) {
        visit(field.getValue(), additional, below);
      } else if (!additional.asBoolean() && !keep) {
        dropped.add(field.getKey());
        unknown.add(below);
      }
    }
    object.remove(dropped);
    for (JsonNode name : schema.path("required")) {
      if (!object.has(name.asText())) {
        errors.add(
            FieldError.required(path.isEmpty() ? name.asText() : path + "." + name.asText()));
      }
    }
  }

  private void list(JsonNode list, JsonNode schema, String path) {
    JsonNode items = schema.path("items");
    for (int i = 0; i < list.size(); i++) {
      visit(list.get(i), items, path + "[" + i + "]");
    }
    if (schema.has("minItems") && list.size() < schema.path("minItems").asInt()) {
      errors.add(
          FieldError.invalid(
              path,
              String.valueOf(list.size()),
              path + " in body should have at least " + schema.path("minItems") + " items"));
    }
    if (schema.has("maxItems") && list.size() > schema.path("maxItems").asInt()) {
      errors.add(
          new FieldError(
              "FieldValueTooMany",
              path,
              "Too many: "
                  + list.size()
                  + ": must have at most "
                  + schema.path("maxItems")
                  + " items"));
    }
  }

  private void scalar(JsonNode value, JsonNode schema, String path) {
    JsonNode allowed = schema.path("enum");
    if (allowed.isArray() && !contains(allowed, value)) {
      List<String> names = new ArrayList<>();
      allowed.forEach(name -> names.add(name.toString()));
      errors.add(
          new FieldError(
              "FieldValueNotSupported",
              path,
              "Unsupported value: "
                  + quoted(value)
                  + ": supported values: "
                  + String.join(", ", names)));
    }
    if (value.isTextual()) {
      text(value.textValue(), schema, path);
    } else if (value.isNumber()) {
      range(value.decimalValue(), schema, path);
    }
  }

  private void text(String text, JsonNode schema, String path) {
    String shown = "\"" + text + "\"";
    String format = schema.path("format").asText();
    if (!formatFits(text, format)) {
      errors.add(
          FieldError.invalid(
              path, shown, path + " in body must be of type " + format + ": " + shown));
    }
    String pattern = schema.path("pattern").asText();
    if (!pattern.isEmpty() && !found(pattern, text)) {
      errors.add(FieldError.invalid(path, shown, path + " in body should match '" + pattern + "'"));
    }
    int length = text.codePointCount(0, text.length());
    if (schema.has("minLength") && length < schema.path("minLength").asInt()) {
      errors.add(
          FieldError.invalid(
              path,
              shown,
              path + " in body should be at least " + schema.path("minLength") + " chars long"));
    }
    if (schema.has("maxLength") && length > schema.path("maxLength").asInt()) {
      errors.add(
          new FieldError(
              "FieldValueTooLong",
              path,
              "Too long: may not be more than " + schema.path("maxLength") + " bytes"));
    }
  }

  private static boolean formatFits(String text, String format) {
    return switch (format) {
      case "byte" -> FieldRule.Formats.isBytes(text);
      case "date-time" -> {
        try {
          OffsetDateTime.parse(text);
          yield true;
        } catch (DateTimeParseException e) {
          yield false;
        }
      }
      default -> true;
    };
  }

  private static boolean found(String pattern, String text) {
    try {
      return Pattern.compile(pattern).matcher(text).find();
    } catch (PatternSyntaxException e) {
      return true; // Go's syntax and Java's differ a little; what Java cannot read is not checked.
    }
  }

  private void range(BigDecimal number, JsonNode schema, String path) {
    JsonNode minimum = schema.path("minimum");
    if (minimum.isNumber() && number.compareTo(minimum.decimalValue()) < 0) {
      errors.add(
          FieldError.invalid(
              path,
              number.toPlainString(),
              path + " in body should be greater than or equal to " + minimum.asText()));
    }
    JsonNode maximum = schema.path("maximum");
    if (maximum.isNumber() && number.compareTo(maximum.decimalValue()) > 0) {
      errors.add(
          FieldError.invalid(
              path,
              number.toPlainString(),
              path + " in body should be less than or equal to " + maximum.asText()));
    }
  }

  private static boolean contains(JsonNode list, JsonNode wanted) {
    for (JsonNode element : list) {
      if (Json.same(element, wanted)) {
        return true;
      }
    }
    return false;
  }
}
