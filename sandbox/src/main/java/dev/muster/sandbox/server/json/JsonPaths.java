package dev.muster.sandbox.server.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The part of kubectl's JSONPath that printer columns use: fields, indexes, {@code [*]} and {@code
 * [?(@.a=="b")]}.
 */
public final class JsonPaths {
  private static final Pattern STEP =
      Pattern.compile(
          "\\.((?:\\\\.|[^.\\[\\\\])+)" // .field, with escaped dots
              + "|\\['((?:\\\\.|[^'])+)']" // ['field']
              + "|\\[(-?\\d+)]"
              + "|\\[(\\*)]"
              + "|\\[\\?\\(@\\.([^=\\s]+)\\s*==\\s*['\"]([^'\"]*)['\"]\\)]");

  private JsonPaths() {}

  /**
   * Every value that the path leads to, in document order; an unknown form of path leads to
   * nothing.
   */
  public static List<JsonNode> find(JsonNode tree, String path) {
    String text = path.startsWith(".") || path.startsWith("[") ? path : "." + path;
    List<JsonNode> at = List.of(tree);
    Matcher step = STEP.matcher(text);
    int end = 0;
    while (end < text.length()) {
      if (!step.find(end) || step.start() != end) {
        return List.of();
      }
      end = step.end();
      List<JsonNode> next = new ArrayList<>();
      for (JsonNode node : at) {
        follow(node, step, next);
      }
      at = next;
    }
    return at;
  }

  private static void follow(JsonNode node, Matcher step, List<JsonNode> found) {
    String field = step.group(1) != null ? step.group(1) : step.group(2);
    if (field != null) {
      add(found, node.get(field.replace("\\", "")));
    } else if (step.group(3) != null) {
      int index = Integer.parseInt(step.group(3));
      add(found, node.get(index < 0 ? node.size() + index : index));
    } else if (step.group(4) != null) {
      node.forEach(found::add);
    } else {
      for (JsonNode element : node) {
        for (JsonNode value : find(element, step.group(5))) {
          if (value.asText().equals(step.group(6))) {
            found.add(element);
          }
        }
      }
    }
  }

  private static void add(List<JsonNode> found, @Nullable JsonNode value) {
    if (value != null && !value.isNull()) {
      found.add(value);
    }
  }
}
