package dev.muster.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.yaml.Part.Style;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Replaces one value in its place. */
final class ValueEdit {
  private static final Pattern BLOCK_HEADER = Pattern.compile("([&!]\\S*[ \\t]+)*[|>][-+0-9]*");

  private final YamlWriter writer;
  private final boolean json;

  /**
   * @param json whether the text is JSON and has to stay so
   */
  ValueEdit(YamlWriter writer, boolean json) {
    this.writer = writer;
    this.json = json;
  }

  void replace(Splice text, Place whole, JsonNode value) {
    Place place = behindComments(text, whole);
    if (place.flow() || json) {
      Part part = place.part();
      text.replace(part.start(), part.end(), missingColon(text, place) + flow(place, value));
    } else if (place.kind() == Place.Kind.MAP_VALUE) {
      replaceMapValue(text, place, value);
    } else {
      replaceElement(text, place, value);
    }
  }

  /** Comments between a scalar's anchor or tag and its text are not part of what is replaced. */
  private static Place behindComments(Splice text, Place place) {
    if (!(place.part() instanceof Part.Scalar scalar)) {
      return place;
    }
    ScalarLead lead = ScalarLead.of(text, scalar);
    if (!lead.commented()) {
      return place;
    }
    lead.takeOut(text);
    return place.holding(
        new Part.Scalar(lead.last(), scalar.end(), scalar.text(), scalar.style(), scalar.tag()));
  }

  String flow(JsonNode value) {
    return YamlWriter.flow(value, json);
  }

  private String flow(Place place, JsonNode value) {
    return value.isContainerNode() || json
        ? flow(value)
        : ScalarText.of(value, style(place.part()), true);
  }

  /** An empty value needs a space before what comes in, and {@code {key}} even a colon. */
  private static String missingColon(Splice text, Place place) {
    if (place.part().end() > place.part().start()) {
      return "";
    }
    boolean colon = text.between(place.behind(), place.part().start()).contains(":");
    return place.kind() == Place.Kind.MAP_VALUE && !colon ? ": " : " ";
  }

  private static Style style(Part part) {
    return part instanceof Part.Scalar scalar ? scalar.style() : Style.PLAIN;
  }

  /**
   * A value of a block mapping consists of what stands on a line of its own right (the token) and
   * of the lines below (the body); either may be empty, before and after.
   */
  private void replaceMapValue(Splice text, Place place, JsonNode value) {
    Part part = place.part();
    int colon = colonEnd(text, place.behind());
    boolean block = part instanceof Part.Scalar scalar && scalar.block();
    int tokenStart = part.start();
    int tokenEnd = part.end();
    int bodyStart = text.lineEnd(part.end());
    int bodyEnd = bodyStart;
    int bodyColumn = place.column() + (value.isArray() ? writer.dashOffset() : writer.step());
    if (block) {
      tokenEnd = headerEnd(text, part);
      bodyStart = Math.min(text.lineEnd(tokenEnd), part.end());
      bodyEnd = part.end();
    } else if (isBlockCollection(part)) {
      int body = bodyStart(part);
      boolean sameLine = text.lineStart(part.start()) == text.lineStart(colon);
      tokenStart = sameLine ? part.start() : colon;
      tokenEnd = sameLine ? text.lineEnd(part.start()) : colon;
      bodyStart = sameLine ? tokenEnd : bodyWithBlankLines(text, body, colon);
      bodyEnd = text.lineEnd(part.end());
      bodyColumn =
          value.isObject() || text.column(body) > place.column() ? bodyColumn : place.column();
    }
    List<String> lines = List.of();
    String token;
    if (writer.inline(value) || (value.isTextual() && !block)) {
      token = value.isContainerNode() ? flow(value) : ScalarText.of(value, style(part), false);
    } else {
      lines = writer.lines(value);
      token = value.isContainerNode() ? "" : lines.get(0);
      lines = value.isContainerNode() ? lines : lines.subList(1, lines.size());
      // The lines of a literal are indented already, relative to the key.
      int column = value.isContainerNode() ? bodyColumn : place.column();
      lines = YamlWriter.indented(lines, column);
    }
    replaceToken(text, colon, tokenStart, tokenEnd, token);
    String body = lines.isEmpty() ? "" : text.newline() + String.join(text.newline(), lines);
    text.replace(Math.max(bodyStart, tokenEnd), Math.max(bodyEnd, tokenEnd), body);
  }

  /** The line break before the body, and before blank lines above it, but below any comment. */
  private static int bodyWithBlankLines(Splice text, int body, int colon) {
    int start = text.beforeBreak(text.lineStart(body));
    while (start > text.lineEnd(colon) && text.lead(start).isBlank()) {
      start = text.beforeBreak(text.lineStart(start));
    }
    return start;
  }

  private static void replaceToken(Splice text, int colon, int start, int end, String token) {
    if (!token.isEmpty()) {
      text.replace(start, end, (start == colon ? " " : "") + token);
      return;
    }
    boolean alone = text.between(colon, start).isBlank();
    if (text.rest(end).isBlank()) {
      text.replace(alone ? colon : start, text.lineEnd(end), "");
    } else {
      int comment = end;
      while (text.between(comment, comment + 1).isBlank()) {
        comment++;
      }
      text.replace(start, start == end ? end : comment, "");
    }
  }

  /** An element of a block list, or the whole document, is replaced where it begins. */
  private void replaceElement(Splice text, Place place, JsonNode value) {
    Part part = place.part();
    boolean empty = part.start() == part.end() && place.kind() == Place.Kind.ELEMENT;
    int column = text.column(part.start()) + (empty ? 1 : 0);
    if (!value.isContainerNode()) {
      String scalar = ScalarText.of(value, style(part), false);
      text.replace(part.start(), part.end(), (empty ? " " : "") + scalar);
      return;
    }
    List<String> lines = writer.lines(value);
    List<String> below = YamlWriter.indented(lines.subList(1, lines.size()), column);
    StringBuilder block = new StringBuilder(empty ? " " : "").append(lines.get(0));
    below.forEach(line -> block.append(text.newline()).append(line));
    text.replace(part.start(), part.end(), block.toString());
  }

  private static boolean isBlockCollection(Part part) {
    return (part instanceof Part.Mapping mapping && !mapping.flow())
        || (part instanceof Part.Sequence sequence && !sequence.flow());
  }

  private static int bodyStart(Part part) {
    return part instanceof Part.Mapping mapping
        ? mapping.bodyStart()
        : ((Part.Sequence) part).bodyStart();
  }

  private static int headerEnd(Splice text, Part part) {
    Matcher header = BLOCK_HEADER.matcher(text.rest(part.start()));
    return header.lookingAt() ? part.start() + header.end() : part.end();
  }

  private static int colonEnd(Splice text, int keyEnd) {
    int at = keyEnd;
    while (at < text.length() && !text.between(at, at + 1).equals(":")) {
      at++;
    }
    return at + 1;
  }
}
