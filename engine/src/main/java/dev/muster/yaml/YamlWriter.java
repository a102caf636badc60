package dev.muster.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.muster.yaml.Part.Style;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes a tree as YAML in block style, in the order of its keys, the same text each time. */
public final class YamlWriter {
  private final int step;
  private final int dashOffset;
  private final boolean literals;

  /**
   * @param step how much deeper a mapping stands than its key
   * @param dashOffset how much deeper a list's dash stands than its key
   * @param literals whether texts of several lines become literal blocks
   */
  YamlWriter(int step, int dashOffset, boolean literals) {
    this.step = step;
    this.dashOffset = dashOffset;
    this.literals = literals;
  }

  int step() {
    return step;
  }

  int dashOffset() {
    return dashOffset;
  }

  public static String write(JsonNode value) {
    return String.join("\n", new YamlWriter(2, 0, true).lines(value)) + "\n";
  }

  /** Whether the value stands on the line of its key: a scalar without lines, or {@code {}}. */
  boolean inline(JsonNode value) {
    return value.isContainerNode() ? value.isEmpty() : literal(value).isEmpty();
  }

  private Optional<String[]> literal(JsonNode value) {
    return literals ? ScalarText.literal(value, step) : Optional.empty();
  }

  /** The value as a block that begins in column 0. */
  List<String> lines(JsonNode value) {
    List<String> lines = new ArrayList<>();
    if (value.isObject() && !value.isEmpty()) {
      for (Map.Entry<String, JsonNode> field : value.properties()) {
        lines.addAll(entry(field.getKey(), field.getValue()));
      }
    } else if (value.isArray() && !value.isEmpty()) {
      for (JsonNode element : value) {
        lines.addAll(element(element));
      }
    } else {
      lines.addAll(literal(value).map(List::of).orElseGet(() -> List.of(onOneLine(value))));
    }
    return lines;
  }

  /** {@code key: value}, with what lies below. */
  List<String> entry(String key, JsonNode value) {
    List<String> lines = new ArrayList<>();
    String name = ScalarText.of(TextNode.valueOf(key), Style.PLAIN, false);
    if (inline(value)) {
      lines.add(name + ": " + onOneLine(value));
      return lines;
    }
    List<String> below = lines(value);
    if (value.isContainerNode()) {
      lines.add(name + ":");
      lines.addAll(indented(below, value.isArray() ? dashOffset : step));
    } else {
      lines.add(name + ": " + below.get(0));
      lines.addAll(below.subList(1, below.size()));
    }
    return lines;
  }

  /** {@code - value}, with what lies below. */
  List<String> element(JsonNode value) {
    List<String> inner = lines(value);
    List<String> lines = new ArrayList<>();
    lines.add("- " + inner.get(0));
    lines.addAll(indented(inner.subList(1, inner.size()), 2));
    return lines;
  }

  static List<String> indented(List<String> lines, int by) {
    String indent = " ".repeat(by);
    return lines.stream().map(line -> line.isEmpty() ? line : indent + line).toList();
  }

  /**
   * The value between braces or brackets, or a scalar, on one line.
   *
   * @param json whether texts and keys are quoted as JSON wants it
   */
  static String flow(JsonNode value, boolean json) {
    if (value.isObject()) {
      List<String> parts = new ArrayList<>();
      for (Map.Entry<String, JsonNode> field : value.properties()) {
        parts.add(flowKey(field.getKey(), json) + ": " + flow(field.getValue(), json));
      }
      return "{" + String.join(", ", parts) + "}";
    }
    if (value.isArray()) {
      List<String> parts = new ArrayList<>();
      value.forEach(element -> parts.add(flow(element, json)));
      return "[" + String.join(", ", parts) + "]";
    }
    return ScalarText.of(value, json ? Style.DOUBLE_QUOTED : Style.PLAIN, true);
  }

  static String flowKey(String key, boolean json) {
    Style style = json ? Style.DOUBLE_QUOTED : Style.PLAIN;
    return ScalarText.of(TextNode.valueOf(key), style, true);
  }

  private static String onOneLine(JsonNode value) {
    return value.isContainerNode() ? flow(value, false) : ScalarText.of(value, Style.PLAIN, false);
  }
}
