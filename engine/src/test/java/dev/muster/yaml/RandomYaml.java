package dev.muster.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Documents as people and templates write them, with every layout, and edits of them. */
final class RandomYaml {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String[] TEXTS = {
    "no",
    "on",
    "1.10",
    "017",
    "22:22",
    "2020-01-02",
    "a: b",
    "x # y",
    " lead",
    "trail ",
    "",
    "~",
    "null",
    "true",
    "say \"hi\"",
    "it's",
    "back\\slash",
    "tab\there",
    "two\nlines",
    "two\nlines\n",
    "a\n\n  b\n",
    "\nstart",
    "end\n\n",
    "-",
    "- x",
    "?",
    "key:",
    "{a}",
    "[b]",
    "&a",
    "*a",
    "!t",
    "%p",
    "@h",
    "`q`",
    "|",
    ">",
    "0x1F",
    "1e3",
    "1_000",
    ".5",
    "+1",
    "=",
    "<<",
    "y",
    "北京",
    "\uD83D\uDE00 face",
    "\u0085nel",
    "bell\u0007",
    "http://10.0.0.1:8080",
    "v1.2.3",
    "x,y",
    "..."
  };

  /**
   * @param owner the field that the line belongs to; for comments the mapping around them
   */
  record Line(String text, List<String> owner, boolean comment) {}

  record Edit(List<String> path, Optional<JsonNode> value) {}

  private final Random random;
  private final List<Line> lines = new ArrayList<>();
  private final String newline;
  private final boolean finalNewline;
  private final int step;
  private final int dash;
  private int budget;

  RandomYaml(long seed, int size) {
    this.random = new Random(seed);
    this.budget = size;
    this.newline = chance(5) ? "\r\n" : "\n";
    this.finalNewline = !chance(5);
    this.step = chance(4) ? 4 : 2;
    this.dash = chance(2) ? 2 : 0;
    if (chance(4)) {
      lines.add(new Line("# head \uD83D\uDE00", List.of(), true));
      lines.add(new Line("---", List.of(), true));
    }
    mapping(List.of(), 0);
    if (chance(4)) {
      lines.add(new Line("# tail", List.of(), true));
    }
  }

  String text() {
    StringBuilder text = new StringBuilder();
    lines.forEach(line -> text.append(line.text()).append(newline));
    if (!finalNewline && text.length() > 0) {
      text.setLength(text.length() - newline.length());
    }
    return text.toString();
  }

  List<Line> lines() {
    return lines;
  }

  Edit edit(JsonNode tree) {
    List<String> path = new ArrayList<>();
    JsonNode node = tree;
    while (node.isObject()) {
      List<String> keys = new ArrayList<>();
      node.fieldNames().forEachRemaining(keys::add);
      if (keys.isEmpty() || chance(4)) {
        path.add("new" + lines.size() + random.nextInt(1_000_000));
        if (chance(3)) {
          path.add("deeper");
        }
        break;
      }
      String key = keys.get(random.nextInt(keys.size()));
      path.add(key);
      node = node.get(key);
      if (!node.isEmpty() && chance(4)) {
        break;
      }
    }
    boolean list = node.isArray() && !node.isEmpty() && chance(2);
    if (list && chance(2)) {
      return new Edit(path, Optional.of(shuffled((ArrayNode) node)));
    }
    return new Edit(path, chance(4) ? Optional.empty() : Optional.of(value(2)));
  }

  private JsonNode shuffled(ArrayNode list) {
    ArrayNode copy = list.deepCopy();
    if (chance(2)) {
      copy.remove(random.nextInt(copy.size()));
    }
    if (chance(2)) {
      copy.insert(random.nextInt(copy.size() + 1), value(1));
    }
    return copy;
  }

  JsonNode value(int depth) {
    int kind = random.nextInt(depth > 0 ? 10 : 8);
    if (kind < 5) {
      return JSON.textNode(TEXTS[random.nextInt(TEXTS.length)]);
    }
    if (kind == 5) {
      return chance(2) ? JSON.numberNode(random.nextInt()) : JSON.numberNode(random.nextDouble());
    }
    if (kind < 8) {
      return kind == 6 ? JSON.booleanNode(chance(2)) : JSON.nullNode();
    }
    if (kind == 8) {
      ObjectNode object = JSON.objectNode();
      for (int i = random.nextInt(4); i > 0; i--) {
        object.set(chance(6) ? TEXTS[random.nextInt(TEXTS.length)] : "k" + i, value(depth - 1));
      }
      return object;
    }
    ArrayNode array = JSON.arrayNode();
    for (int i = random.nextInt(4); i > 0; i--) {
      array.add(value(depth - 1));
    }
    return array;
  }

  private void mapping(List<String> path, int indent) {
    int keys = 1 + random.nextInt(4);
    for (int i = 0; i < keys && (i == 0 || budget > 0); i++) {
      budget--;
      noise(path, indent);
      entry(" ".repeat(indent), below(path, "k" + i), indent);
    }
  }

  private void entry(String lead, List<String> path, int indent) {
    String key = path.get(path.size() - 1);
    String name = lead + (chance(8) ? "\"" + key + "\"" : key) + (chance(10) ? " :" : ":");
    int kind = budget <= 0 ? 0 : random.nextInt(10);
    if (kind < 4) {
      String scalar = scalar();
      add(name + (scalar.isEmpty() ? "" : (chance(6) ? "   " : " ") + scalar) + trailing(), path);
    } else if (kind < 7) {
      add(name + trailing(), path);
      mapping(path, indent + step);
    } else if (kind == 7) {
      add(name + " |" + trailing(), path);
      add(" ".repeat(indent + step) + "some text", path);
      add(" ".repeat(indent + step) + "# no comment", path);
    } else if (kind == 8) {
      list(name, path, indent);
    } else {
      flow(name, path, indent);
    }
  }

  private void list(String name, List<String> path, int indent) {
    add(name + trailing(), path);
    String lead = " ".repeat(indent + dash);
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      noise(path, indent + dash);
      if (chance(3)) {
        add(lead + "- k0: " + scalar() + trailing(), path);
        add(lead + "  k1: " + scalar(), path);
      } else {
        add(lead + "- " + scalar() + trailing(), path);
      }
    }
  }

  private void flow(String name, List<String> path, int indent) {
    String in = " ".repeat(indent + step);
    switch (random.nextInt(4)) {
      case 0 -> add(name + " {}" + trailing(), path);
      case 1 -> add(name + " {k0: 1, k1: [a, 'b'], \"k2\": {k3: x}}" + trailing(), path);
      case 2 -> add(name + " [a, {k0: b}, []]" + trailing(), path);
      default -> {
        add(name + " {", path);
        add(in + "k0: 1," + trailing(), path);
        add(in + "k1: two" + trailing(), path);
        add(" ".repeat(indent + 1) + "}", path);
      }
    }
  }

  private String scalar() {
    String[] scalars = {
      "word",
      "two words",
      "'single'",
      "\"double\"",
      "12",
      "1.5",
      "True",
      "yes",
      "",
      "~",
      "a/b:c",
      "\"esc \\\" \\u00e9\"",
      "'it''s'",
      "10m0s",
      "\"\""
    };
    return scalars[random.nextInt(scalars.length)];
  }

  private void noise(List<String> path, int indent) {
    if (chance(6)) {
      lines.add(new Line("", path, true));
    }
    if (chance(6)) {
      lines.add(new Line(" ".repeat(indent) + "# note " + random.nextInt(100), path, true));
    }
  }

  private void add(String line, List<String> owner) {
    lines.add(new Line(line, owner, false));
  }

  private String trailing() {
    return chance(5) ? "  # why " + random.nextInt(100) : "";
  }

  private boolean chance(int oneIn) {
    return random.nextInt(oneIn) == 0;
  }

  private static List<String> below(List<String> path, String key) {
    List<String> longer = new ArrayList<>(path);
    longer.add(key);
    return longer;
  }
}
