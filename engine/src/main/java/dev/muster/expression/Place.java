package dev.muster.expression;

import dev.muster.problem.Where;

/**
 * Where a character of a scalar's text stands in its file. A scalar of one line keeps its column;
 * in one of several lines or with escapes all characters stand at the scalar's own place, and the
 * excerpt is taken from the expression.
 *
 * @param scalar the scalar's own place, as its reader gave it
 * @param text the scalar's text
 */
record Place(Where scalar, String text) {

  Where at(int offset) {
    int in = Math.max(0, Math.min(offset, text.length()));
    String excerpt = scalar.excerpt();
    int caret = excerpt.lastIndexOf('^') - excerpt.indexOf('\n') - 1;
    int start =
        excerpt.indexOf('\n') < 0 ? -1 : start(excerpt.lines().findFirst().orElse(""), caret);
    if (start >= 0) {
      String line = excerpt.lines().findFirst().orElse("");
      String moved = line + "\n" + indent(line.substring(0, start + in)) + "^";
      int column = scalar.column() + line.codePointCount(caret, start + in);
      return new Where(scalar.file(), scalar.line(), column, moved);
    }
    boolean movable = scalar.column() > 0 && text.indexOf('\n') < 0 && excerpt.isEmpty();
    int column = scalar.column() + (movable ? text.codePointCount(0, in) : 0);
    return new Where(scalar.file(), scalar.line(), column, own(in));
  }

  /** Where the text begins in the excerpt's line: at the caret, or after a quote; -1 if nowhere. */
  private int start(String line, int caret) {
    if (caret < 0 || caret > line.length()) {
      return -1;
    }
    if (line.startsWith(text, caret)) {
      return caret;
    }
    boolean quoted = caret < line.length() && "\"'".indexOf(line.charAt(caret)) >= 0;
    return quoted && line.startsWith(text, caret + 1) ? caret + 1 : -1;
  }

  private String own(int offset) {
    int from = text.lastIndexOf('\n', offset - 1) + 1;
    int to = text.indexOf('\n', offset);
    String line = text.substring(from, to < 0 ? text.length() : to);
    return line + "\n" + indent(text.substring(from, offset)) + "^";
  }

  private static String indent(String before) {
    return before.replaceAll("[^\t]", " ");
  }
}
