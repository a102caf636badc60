package dev.muster.sandbox.controller.env;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Iterator;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Writes a tree as the YAML library of Go programs does: block style, lists not indented, quotes
 * only where needed.
 */
public final class YamlText {
  private static final Pattern PLAIN =
      Pattern.compile("(?:[A-Za-z0-9_./(\\\\$]|-(?! ))[^\\x00-\\x1f#'\"{}\\[\\],&*!|>%@`]*");
  private static final Pattern OTHER_TYPE =
      Pattern.compile(
          "(?i)true|false|yes|no|on|off|y|n|null|~|[-+]?[0-9][0-9_]*|[-+]?[0-9.]+(e[-+]?[0-9]+)?"
              + "|0x[0-9a-f]+|[0-9]{4}-[0-9]{2}-[0-9]{2}.*");

  private YamlText() {}

  public static String of(JsonNode tree) {
    StringBuilder text = new StringBuilder();
    mapping(text, tree, 0, false);
    return text.toString();
  }

  private static void mapping(StringBuilder text, JsonNode tree, int indent, boolean afterDash) {
    boolean first = afterDash;
    for (Iterator<Map.Entry<String, JsonNode>> it = tree.fields(); it.hasNext(); ) {
      Map.Entry<String, JsonNode> field = it.next();
      if (!first) {
        text.append(" ".repeat(indent));
      }
      first = false;
      text.append(scalar(field.getKey())).append(':');
      value(text, field.getValue(), indent);
    }
  }

  private static void value(StringBuilder text, JsonNode value, int indent) {
    if (value.isObject() && !value.isEmpty()) {
      text.append('\n');
      mapping(text, value, indent + 2, false);
    } else if (value.isArray() && !value.isEmpty()) {
      text.append('\n');
      for (JsonNode item : value) {
        text.append(" ".repeat(indent)).append('-');
        if (item.isObject() && !item.isEmpty()) {
          text.append(' ');
          mapping(text, item, indent + 2, true);
        } else {
          value(text, item, indent + 2);
        }
      }
    } else {
      text.append(' ').append(leaf(value)).append('\n');
    }
  }

  private static String leaf(JsonNode value) {
    if (value.isObject()) {
      return "{}";
    }
    if (value.isArray()) {
      return "[]";
    }
    return value.isTextual() ? scalar(value.asText()) : value.asText();
  }

  private static String scalar(String text) {
    if (text.isEmpty()) {
      return "\"\"";
    }
    boolean plain =
        PLAIN.matcher(text).matches()
            && !text.contains(": ")
            && !text.endsWith(":")
            && !text.endsWith(" ");
    if (plain) {
      return OTHER_TYPE.matcher(text).matches() ? '"' + text + '"' : text;
    }
    if (text.chars().allMatch(c -> c >= ' ')) {
      return "'" + text.replace("'", "''") + "'";
    }
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }
}
