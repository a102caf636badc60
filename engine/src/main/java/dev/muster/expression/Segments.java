package dev.muster.expression;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Cuts text at <code>${...}</code> and expressions at their outermost operators. */
final class Segments {
  private Segments() {}

  /** A piece of a scalar, with its place in the scalar's text. */
  record Segment(int offset, String text, boolean code) {}

  /** A part of a text that cannot be cut: what is wrong, and at which character. */
  static final class Malformed extends Exception {
    private static final long serialVersionUID = 1;
    final int offset;

    Malformed(int offset, String message) {
      super(message);
      this.offset = offset;
    }
  }

  static boolean hasCode(String text) {
    return text.contains("${");
  }

  /** The text's segments; <code>$${</code> has become a literal <code>${</code>. */
  static List<Segment> split(String text) throws Malformed {
    List<Segment> segments = new ArrayList<>();
    StringBuilder literal = new StringBuilder();
    int literalStart = 0;
    int i = 0;
    while (i < text.length()) {
      if (text.startsWith("$${", i)) {
        literal.append("${");
        i += 3;
      } else if (text.startsWith("${", i)) {
        if (literal.length() > 0) {
          segments.add(new Segment(literalStart, literal.toString(), false));
          literal.setLength(0);
        }
        int close = close(text, i);
        segments.add(new Segment(i + 2, text.substring(i + 2, close), true));
        i = close + 1;
        literalStart = i;
      } else {
        literal.append(text.charAt(i++));
      }
    }
    if (literal.length() > 0) {
      segments.add(new Segment(literalStart, literal.toString(), false));
    }
    return segments;
  }

  /** The position of the brace that ends the expression whose <code>${</code> is at this place. */
  private static int close(String text, int open) throws Malformed {
    int depth = 0;
    int i = open + 2;
    while (i < text.length()) {
      char c = text.charAt(i);
      int next = skip(text, i);
      if (next > i) {
        i = next;
        continue;
      }
      if (c == '}' && depth == 0) {
        return i;
      }
      depth += c == '{' ? 1 : c == '}' ? -1 : 0;
      i++;
    }
    throw new Malformed(open, "\"${\" is never closed with \"}\"");
  }

  /** The end of the quoted text or comment that begins here, or this very place if none does. */
  private static int skip(String text, int start) throws Malformed {
    if (text.startsWith("//", start)) {
      int end = text.indexOf('\n', start);
      return end < 0 ? text.length() : end + 1;
    }
    char quote = text.charAt(start);
    if (quote != '\'' && quote != '"' && quote != '`') {
      return start;
    }
    String triple = String.valueOf(quote).repeat(3);
    boolean multiline = quote != '`' && text.startsWith(triple, start);
    String end = multiline ? triple : String.valueOf(quote);
    boolean raw = quote == '`' || isRaw(text, start);
    int i = start + end.length();
    while (i < text.length()) {
      if (text.startsWith(end, i)) {
        return i + end.length();
      }
      i += !raw && text.charAt(i) == '\\' ? 2 : 1;
    }
    throw new Malformed(start, "the text in quotes that begins here is never closed");
  }

  /** Whether the quote follows {@code r}, {@code br} and the like, and not an ordinary name. */
  private static boolean isRaw(String text, int quote) {
    int start = quote;
    while (start > 0 && Character.isLetterOrDigit(text.charAt(start - 1))) {
      start--;
    }
    String prefix = text.substring(start, quote).toLowerCase(Locale.ROOT);
    return prefix.equals("r") || prefix.equals("br") || prefix.equals("rb");
  }

  /**
   * The operands of the outermost {@code ||}, or else of the outermost {@code &&}; just the whole
   * when there is neither or when a {@code ?:} is around them.
   */
  static List<Segment> operands(String code) throws Malformed {
    Segment whole = unwrap(new Segment(0, code, true));
    List<Integer> ors = new ArrayList<>();
    List<Integer> ands = new ArrayList<>();
    String text = whole.text();
    int depth = 0;
    int i = 0;
    while (i < text.length()) {
      int next = skip(text, i);
      if (next > i) {
        i = next;
        continue;
      }
      char c = text.charAt(i);
      depth += "([{".indexOf(c) >= 0 ? 1 : ")]}".indexOf(c) >= 0 ? -1 : 0;
      if (depth == 0 && c == '?' && (i == 0 || text.charAt(i - 1) != '.')) {
        return List.of(whole);
      }
      if (depth == 0 && text.startsWith("||", i)) {
        ors.add(i++);
      } else if (depth == 0 && text.startsWith("&&", i)) {
        ands.add(i++);
      }
      i++;
    }
    List<Segment> operands = new ArrayList<>();
    int from = 0;
    for (int cut : ors.isEmpty() ? ands : ors) {
      operands.add(trim(whole, from, cut));
      from = cut + 2;
    }
    operands.add(trim(whole, from, text.length()));
    return operands;
  }

  /** Without blanks and parentheses around it. */
  private static Segment unwrap(Segment segment) throws Malformed {
    Segment trimmed = trim(segment, 0, segment.text().length());
    String text = trimmed.text();
    if (!text.startsWith("(") || !text.endsWith(")")) {
      return trimmed;
    }
    int depth = 0;
    for (int i = 0; i < text.length() - 1; ) {
      int next = skip(text, i);
      if (next > i) {
        i = next;
        continue;
      }
      depth += "([{".indexOf(text.charAt(i)) >= 0 ? 1 : ")]}".indexOf(text.charAt(i)) >= 0 ? -1 : 0;
      if (depth == 0) {
        return trimmed;
      }
      i++;
    }
    return unwrap(
        new Segment(trimmed.offset() + 1, text.substring(1, text.length() - 1), trimmed.code()));
  }

  private static Segment trim(Segment segment, int from, int to) {
    String text = segment.text().substring(from, to);
    int blanks = text.length() - text.stripLeading().length();
    return new Segment(segment.offset() + from + blanks, text.strip(), segment.code());
  }
}
