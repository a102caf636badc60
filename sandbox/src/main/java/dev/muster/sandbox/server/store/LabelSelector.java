package dev.muster.sandbox.server.store;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The selector language of the labelSelector parameter. */
public final class LabelSelector {
  private static final String KEY = "[A-Za-z0-9]([-A-Za-z0-9_./]*[A-Za-z0-9])?";
  private static final Pattern SET =
      Pattern.compile("(" + KEY + ")\\s+(in|notin)\\s*\\(([^()]*)\\)");
  private static final Pattern EQUALS =
      Pattern.compile("(" + KEY + ")\\s*(==|=|!=)\\s*([-A-Za-z0-9_.]*)");
  private static final Pattern EXISTS = Pattern.compile("(!?)\\s*(" + KEY + ")");

  private LabelSelector() {}

  /** A test of an object's labels; an empty text selects all. */
  public static Predicate<JsonNode> parse(String text) {
    Predicate<JsonNode> all = object -> true;
    for (String part : split(text)) {
      all = all.and(requirement(part.strip()));
    }
    return all;
  }

  /** A test of an object's labels by a selector as objects hold it; an empty one selects all. */
  public static Predicate<JsonNode> of(JsonNode selector) {
    Predicate<JsonNode> all = object -> true;
    for (Map.Entry<String, JsonNode> wanted : selector.path("matchLabels").properties()) {
      all = all.and(object -> wanted.getValue().equals(label(object, wanted.getKey())));
    }
    for (JsonNode expression : selector.path("matchExpressions")) {
      all = all.and(expression(expression));
    }
    return all;
  }

  private static Predicate<JsonNode> expression(JsonNode expression) {
    String key = expression.path("key").asText();
    List<String> values = new ArrayList<>();
    expression.path("values").forEach(value -> values.add(value.asText()));
    Predicate<JsonNode> there = object -> label(object, key).isTextual();
    Predicate<JsonNode> in = there.and(object -> values.contains(label(object, key).textValue()));
    return switch (expression.path("operator").asText()) {
      case "In" -> in;
      case "NotIn" -> in.negate();
      case "Exists" -> there;
      case "DoesNotExist" -> there.negate();
      default -> object -> false;
    };
  }

  private static List<String> split(String text) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    int start = 0;
    for (int i = 0; i <= text.length(); i++) {
      char c = i == text.length() ? ',' : text.charAt(i);
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      if (c == ',' && (depth == 0 || i == text.length())) {
        if (!text.substring(start, i).isBlank()) {
          parts.add(text.substring(start, i));
        }
        start = i + 1;
      }
    }
    return parts;
  }

  private static Predicate<JsonNode> requirement(String part) {
    Matcher set = SET.matcher(part);
    if (set.matches()) {
      String key = set.group(1);
      Set<String> values = Set.copyOf(List.of(set.group(4).strip().split("\\s*,\\s*", -1)));
      boolean in = set.group(3).equals("in");
      return object -> {
        JsonNode label = label(object, key);
        return in
            ? label.isTextual() && values.contains(label.textValue())
            : !label.isTextual() || !values.contains(label.textValue());
      };
    }
    Matcher equals = EQUALS.matcher(part);
    if (equals.matches()) {
      String key = equals.group(1);
      String value = equals.group(4);
      boolean equal = !equals.group(3).equals("!=");
      return object -> {
        JsonNode label = label(object, key);
        return equal == (label.isTextual() && label.textValue().equals(value));
      };
    }
    Matcher exists = EXISTS.matcher(part);
    if (exists.matches()) {
      String key = exists.group(2);
      boolean wanted = exists.group(1).isEmpty();
      return object -> label(object, key).isTextual() == wanted;
    }
    throw new IllegalArgumentException(
        "unable to parse requirement: found '" + part + "', expected: identifier");
  }

  private static JsonNode label(JsonNode object, String key) {
    return object.path("metadata").path("labels").path(key);
  }
}
