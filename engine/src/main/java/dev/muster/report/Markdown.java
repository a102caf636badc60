package dev.muster.report;

import java.util.Map;

/** Text of others as Markdown that shows it and does nothing else. */
final class Markdown {
  /** What GitHub takes for one comment, in characters. */
  static final int LIMIT = 65_536;

  private static final Map<Integer, String> ENTITIES =
      Map.of(
          (int) '&', "&amp;",
          (int) '<', "&lt;",
          (int) '>', "&gt;",
          (int) '"', "&quot;",
          (int) '|', "&#124;",
          (int) '`', "&#96;",
          (int) '\\', "&#92;",
          (int) '\n', " ",
          (int) '\r', " ");

  private Markdown() {}

  /**
   * As code, where neither a mention nor a link, HTML or emphasis is anything but text. A code span
   * where it may stand in one, else HTML with entities, which no backtick or pipe can end.
   */
  static String code(String text) {
    boolean plain =
        !text.isBlank() && text.equals(text.strip()) && text.chars().noneMatch(Markdown::special);
    return plain ? "`" + text + "`" : html(text);
  }

  /** A name as it is, unless it could be taken for anything but text. */
  static String name(String name) {
    return name.matches("[A-Za-z0-9.-]+") ? name : html(name);
  }

  /** As code inside an HTML block, where backticks mean nothing. */
  static String html(String text) {
    StringBuilder code = new StringBuilder("<code>");
    text.codePoints()
        .forEach(
            c -> {
              String entity = ENTITIES.get(c);
              if (entity != null) {
                code.append(entity);
              } else if (c < 0x80 && !Character.isLetterOrDigit(c) && c != ' ' && c != '.') {
                code.append("&#").append(c).append(';');
              } else {
                code.appendCodePoint(c);
              }
            });
    return code.append("</code>").toString();
  }

  /** Several lines as they are; nothing in them ends the block. */
  static String block(String text) {
    String fence = "```";
    while (text.contains(fence)) {
      fence += "`";
    }
    return fence + "\n" + text + "\n" + fence + "\n";
  }

  private static boolean special(int c) {
    return c == '`' || c == '|' || c == '\\' || c == '\n' || c == '\r';
  }
}
