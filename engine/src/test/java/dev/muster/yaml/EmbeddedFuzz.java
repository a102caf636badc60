package dev.muster.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.muster.fuzz.Promises;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * YAML of somebody else in which one field is set: what is read back differs in that field alone.
 */
public final class EmbeddedFuzz {
  private EmbeddedFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length == 0) {
      return;
    }
    int choice = input[0] & 0xff;
    byte[] text = java.util.Arrays.copyOfRange(input, 1, input.length);
    Promises.hold(
        text,
        yaml -> {
          YamlDocument document = YamlDocument.parse(yaml);
          List<String> path = new ArrayList<>();
          JsonNode at = document.json();
          for (int depth = 0; at.isObject() && !at.isEmpty() && depth < 6; depth++) {
            List<Map.Entry<String, JsonNode>> fields = List.copyOf(at.properties());
            Map.Entry<String, JsonNode> field = fields.get(choice % fields.size());
            path.add(field.getKey());
            at = field.getValue();
          }
          JsonNode value =
              choice % 3 == 0 ? IntNode.valueOf(choice) : TextNode.valueOf("x y: #" + choice);
          if (path.isEmpty()) {
            path.add("added");
          }
          if (path.stream().anyMatch(key -> key.startsWith("[") || key.isEmpty())) {
            return;
          }
          YamlDocument edited = document.set(path, value);
          ObjectNode wanted = (ObjectNode) document.json();
          ObjectNode parent = wanted;
          for (String key : path.subList(0, path.size() - 1)) {
            parent = (ObjectNode) parent.get(key);
          }
          parent.set(path.get(path.size() - 1), value);
          Promises.that(Scalars.same(edited.json(), wanted), "another value was changed: " + path);
          // What stands between the elements of a list goes with the list.
          if (!at.isContainerNode() && !at.asText().contains("# kept")) {
            kept(yaml, edited.text());
          }
          Promises.that(
              edited.set(path, value).text().equals(edited.text()), "the same again is a change");
        });
  }

  /** One edit is in one place: around it, everything is as it was. */
  private static void kept(String before, String after) {
    int start = 0;
    int shortest = Math.min(before.length(), after.length());
    while (start < shortest && before.charAt(start) == after.charAt(start)) {
      start++;
    }
    int end = 0;
    while (end < shortest - start
        && before.charAt(before.length() - 1 - end) == after.charAt(after.length() - 1 - end)) {
      end++;
    }
    long comments = comments(before.substring(start, before.length() - end));
    Promises.that(comments == 0, "a comment was lost");
  }

  private static long comments(String part) {
    return part.lines().filter(line -> line.stripLeading().startsWith("# kept")).count();
  }
}
