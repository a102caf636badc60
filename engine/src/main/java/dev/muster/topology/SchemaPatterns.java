package dev.muster.topology;

import dev.harrel.jsonschema.EvaluationContext;
import dev.harrel.jsonschema.Evaluator;
import dev.harrel.jsonschema.EvaluatorFactory;
import dev.harrel.jsonschema.JsonNode;
import dev.harrel.jsonschema.SchemaParsingContext;
import dev.muster.bound.LinearPattern;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The regular expressions of JSON Schemas. Those of a topology come from a plan, which may be
 * somebody else's, and the validator's own can be made to try for ever.
 */
final class SchemaPatterns {
  /** In the place of the validator's own, which are asked for all other keywords. */
  static final EvaluatorFactory EVALUATORS =
      (context, keyword, value) ->
          switch (keyword) {
            case "pattern" -> value.isString() ? Optional.of(text(value.asString())) : none();
            case "patternProperties" ->
                value.isObject() ? Optional.of(new Keys(context, value)) : none();
            default -> none();
          };

  private SchemaPatterns() {}

  private static Optional<Evaluator> none() {
    return Optional.empty();
  }

  /** Whether a part of the text matches; one that is no pattern was reported with its schema. */
  static boolean fits(String pattern, String text) {
    return compiled(pattern).map(compiled -> finds(compiled, text)).orElse(true);
  }

  /** Whether one of the keys of {@code patternProperties} matches. */
  static boolean anyFits(com.fasterxml.jackson.databind.JsonNode patterns, String key) {
    for (Iterator<String> names = patterns.fieldNames(); names.hasNext(); ) {
      if (fits(names.next(), key)) {
        return true;
      }
    }
    return false;
  }

  private static Optional<LinearPattern> compiled(String pattern) {
    try {
      return Optional.of(LinearPattern.of(pattern));
    } catch (LinearPattern.Unusable e) {
      return Optional.empty();
    }
  }

  /** A text that is too long to be searched is told as one that does not fit. */
  private static boolean finds(LinearPattern pattern, String text) {
    try {
      return pattern.find(text);
    } catch (LinearPattern.TooLong e) {
      return false;
    }
  }

  private static Evaluator text(String pattern) {
    Optional<LinearPattern> compiled = compiled(pattern);
    return (context, node) ->
        !node.isString() || compiled.map(p -> finds(p, node.asString())).orElse(true)
            ? Evaluator.Result.success()
            : Evaluator.Result.failure("it does not match " + pattern);
  }

  /** Says which keys it looked at, for {@code additionalProperties} beside it. */
  private static final class Keys implements Evaluator {
    private final Map<LinearPattern, String> schemas = new LinkedHashMap<>();

    Keys(SchemaParsingContext parsing, JsonNode patterns) {
      patterns
          .asObject()
          .forEach(
              (pattern, schema) ->
                  compiled(pattern).ifPresent(p -> schemas.put(p, parsing.getAbsoluteUri(schema))));
    }

    @Override
    public Result evaluate(EvaluationContext context, JsonNode node) {
      if (!node.isObject()) {
        return Result.success();
      }
      boolean valid = true;
      Set<String> looked = new HashSet<>();
      for (Map.Entry<String, JsonNode> property : node.asObject().entrySet()) {
        for (Map.Entry<LinearPattern, String> schema : schemas.entrySet()) {
          if (finds(schema.getKey(), property.getKey())) {
            looked.add(property.getKey());
            valid &= context.resolveInternalRefAndValidate(schema.getValue(), property.getValue());
          }
        }
      }
      return valid ? Result.success(looked) : Result.failure();
    }
  }
}
