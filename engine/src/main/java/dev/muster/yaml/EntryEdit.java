package dev.muster.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Adds and removes entries of mappings and elements of lists. */
final class EntryEdit {
  private static final Pattern CLIPPED =
      Pattern.compile("([&!]\\S*[ \\t]+)*[|>][1-9]?(?=[ \\t]*$|[ \\t]+#)");
  private static final Pattern DASHES = Pattern.compile("[ \\t]*-[ \\t]+");

  private final YamlWriter writer;
  private final ValueEdit values;
  private final boolean json;

  EntryEdit(YamlWriter writer, ValueEdit values, boolean json) {
    this.writer = writer;
    this.values = values;
    this.json = json;
  }

  void append(Splice text, boolean flow, Part.Mapping mapping, String key, JsonNode value) {
    List<Part.Pair> pairs = mapping.pairs();
    if (flow || mapping.flow()) {
      String name = YamlWriter.flowKey(key, json);
      String entry = name + ": " + values.flow(value);
      if (pairs.isEmpty()) {
        text.insert(mapping.bodyStart() + 1, entry);
      } else {
        Part.Pair last = pairs.get(pairs.size() - 1);
        addToFlow(text, last.key().start(), last.value().end(), mapping.end(), entry);
      }
      return;
    }
    Part last = pairs.get(pairs.size() - 1).value();
    endText(text, last);
    int column = text.column(mapping.bodyStart());
    text.insertLinesBelow(last.end(), YamlWriter.indented(writer.entry(key, value), column));
  }

  void remove(Splice text, boolean flow, Part.Mapping mapping, int index) {
    List<Part.Pair> pairs = mapping.pairs();
    Part.Pair pair = pairs.get(index);
    int start = pair.key().start();
    int end = pair.value().end();
    boolean last = index == pairs.size() - 1;
    if (flow || mapping.flow()) {
      int before = index == 0 ? start : pairs.get(index - 1).value().end();
      removeFromFlow(text, before, start, end, last ? -1 : pairs.get(index + 1).key().start());
    } else if (text.lead(start).isBlank()) {
      boolean belowBlock = index > 0 && endsWithBlock(pairs.get(index - 1).value());
      text.deleteLines(
          start, end, belowBlock && onlyBreakBetween(text, pairs.get(index - 1).value(), start));
      if (belowBlock) {
        outdentComments(text, text.behindBreak(text.lineEnd(end)), text.column(start));
      }
    } else {
      // The first key behind a dash: the next line, or its comment, moves up to the dash.
      int next = text.behindBreak(text.lineEnd(end));
      while (next < text.length() && text.between(next, next + 1).isBlank()) {
        next++;
      }
      text.replace(start, next, "");
    }
  }

  /** Inserts an element behind the one before it, or at the very front. */
  void insert(Splice text, boolean flow, Part.Sequence list, int index, JsonNode value) {
    List<Part> elements = list.elements();
    if (flow || list.flow()) {
      String element = values.flow(value);
      if (elements.isEmpty()) {
        text.insert(list.bodyStart() + 1, element);
      } else if (index == 0) {
        text.insert(elements.get(0).start(), element + ", ");
      } else {
        Part before = elements.get(index - 1);
        addToFlow(text, before.start(), before.end(), list.end(), element);
      }
      return;
    }
    int dash = dash(text, list);
    List<String> lines = writer.element(value);
    if (index == 0) {
      List<String> below = YamlWriter.indented(lines.subList(1, lines.size()), text.column(dash));
      StringBuilder block = new StringBuilder(lines.get(0)).append(text.newline());
      below.forEach(line -> block.append(line).append(text.newline()));
      text.insert(dash, block.append(" ".repeat(text.column(dash))).toString());
      return;
    }
    Part before = elements.get(index - 1);
    if (index == elements.size()) {
      endText(text, before);
    }
    text.insertLinesBelow(before.end(), YamlWriter.indented(lines, text.column(dash)));
  }

  void remove(Splice text, boolean flow, Part.Sequence list, int index) {
    List<Part> elements = list.elements();
    Part element = elements.get(index);
    if (flow || list.flow()) {
      int before = index == 0 ? element.start() : elements.get(index - 1).end();
      boolean last = index == elements.size() - 1;
      int next = last ? -1 : elements.get(index + 1).start();
      removeFromFlow(text, before, element.start(), element.end(), next);
    } else if (DASHES.matcher(text.lead(element.start())).matches()
        || text.lead(element.start()).strip().equals("-")) {
      boolean belowBlock =
          index > 0
              && endsWithBlock(elements.get(index - 1))
              && onlyBreakBetween(text, elements.get(index - 1), element.start());
      text.deleteLines(element.start(), element.end(), belowBlock);
    }
    // Anything else leaves the text as it is, and the caller writes the list anew.
  }

  /**
   * A literal block that ends with the text has no line break in its value; more text below would
   * give it one.
   */
  private static void endText(Splice text, Part last) {
    Part deepest = deepestLast(last);
    if (deepest instanceof Part.Scalar scalar
        && scalar.block()
        && !text.endsWithBreak()
        && text.lineEnd(scalar.end()) == text.length()) {
      Matcher header = CLIPPED.matcher(text.rest(scalar.start()));
      if (header.lookingAt()) {
        text.insert(scalar.start() + header.end(), "-");
      }
    }
  }

  /** Deeper comments would become text of the block scalar that now stands right above them. */
  private static void outdentComments(Splice text, int from, int column) {
    int at = from;
    while (at < text.length()) {
      String line = text.rest(at);
      int indent = line.length() - line.stripLeading().length();
      if (!line.isBlank() && (!line.stripLeading().startsWith("#") || indent <= column)) {
        return;
      }
      if (indent > column && !line.isBlank()) {
        text.replace(at + column, at + indent, "");
      }
      at = text.behindBreak(text.lineEnd(at));
    }
  }

  private static boolean endsWithBlock(Part part) {
    return deepestLast(part) instanceof Part.Scalar scalar && scalar.block();
  }

  /** Whether the part ends on the very line above the offset. */
  private static boolean onlyBreakBetween(Splice text, Part above, int offset) {
    return text.lineEnd(above.end()) >= text.beforeBreak(text.lineStart(offset));
  }

  private static Part deepestLast(Part part) {
    if (part instanceof Part.Mapping mapping && !mapping.flow() && !mapping.pairs().isEmpty()) {
      return deepestLast(mapping.pairs().get(mapping.pairs().size() - 1).value());
    }
    if (part instanceof Part.Sequence list && !list.flow() && !list.elements().isEmpty()) {
      return deepestLast(list.elements().get(list.elements().size() - 1));
    }
    return part;
  }

  private static int dash(Splice text, Part.Sequence list) {
    if (list.bodyStart() < text.length()
        && text.between(list.bodyStart(), list.bodyStart() + 1).equals("-")) {
      return list.bodyStart();
    }
    int at = list.elements().get(0).start();
    while (at > list.start() && !text.between(at - 1, at).equals("-")) {
      at--;
    }
    return at - 1;
  }

  /** Adds behind an item, on a line of its own if that item has one. */
  private static void addToFlow(Splice text, int start, int end, int close, String item) {
    boolean ownLine = text.lead(start).isBlank() && text.lineEnd(start) < close;
    if (!ownLine) {
      text.insert(end, ", " + item);
      return;
    }
    boolean comma = text.rest(end).strip().startsWith(",");
    if (!comma) {
      text.insert(end, ",");
    }
    String more = comma ? "," : "";
    text.insertLinesBelow(end, List.of(" ".repeat(text.column(start)) + item + more));
  }

  private static void removeFromFlow(Splice text, int before, int start, int end, int next) {
    if (next < 0) {
      text.replace(before, end, "");
      return;
    }
    int lineEnd = text.lineEnd(end);
    if (lineEnd >= next) {
      text.replace(start, next, "");
      return;
    }
    // Comments on lines between the two belong to the next one.
    int behind = text.behindBreak(lineEnd);
    while (behind < next && text.between(behind, behind + 1).isBlank()) {
      behind++;
    }
    text.replace(start, behind, "");
  }
}
