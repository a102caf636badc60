package dev.muster.yaml;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Replacements at offsets of one text; everything between them stays as it is. */
final class Splice {
  private record Replacement(int start, int end, String text) {}

  private final String text;
  private final String newline;
  private final List<Replacement> replacements = new ArrayList<>();

  Splice(String text) {
    this.text = text;
    int first = text.indexOf('\n');
    this.newline = first > 0 && text.charAt(first - 1) == '\r' ? "\r\n" : "\n";
  }

  void replace(int start, int end, String by) {
    replacements.add(new Replacement(start, end, by));
  }

  void insert(int at, String inserted) {
    replace(at, at, inserted);
  }

  /** Inserts whole lines below the line that holds the offset. */
  void insertLinesBelow(int offset, List<String> lines) {
    if (!lines.isEmpty()) {
      insert(lineEnd(offset), newline + String.join(newline, lines));
    }
  }

  /**
   * Deletes the lines from one offset to another, with one line break.
   *
   * @param needsBreak whether what stands above has to keep its line break
   */
  void deleteLines(int from, int to, boolean needsBreak) {
    int start = lineStart(from);
    int end = lineEnd(to);
    if (end < text.length()) {
      replace(start, behindBreak(end), "");
    } else {
      replace(needsBreak ? start : beforeBreak(start), end, "");
    }
  }

  boolean endsWithBreak() {
    return !text.isEmpty() && isBreak(text.charAt(text.length() - 1));
  }

  String newline() {
    return newline;
  }

  String between(int start, int end) {
    return text.substring(start, end);
  }

  char at(int offset) {
    return text.charAt(offset);
  }

  int length() {
    return text.length();
  }

  int lineStart(int offset) {
    int at = offset;
    while (at > 0 && !isBreak(text.charAt(at - 1))) {
      at--;
    }
    return at;
  }

  /** The offset of the line break, or of the end of the text. */
  int lineEnd(int offset) {
    int at = offset;
    while (at < text.length() && !isBreak(text.charAt(at))) {
      at++;
    }
    return at;
  }

  /** What stands on the line before the offset. */
  String lead(int offset) {
    return text.substring(lineStart(offset), offset);
  }

  /** What stands on the line from the offset on. */
  String rest(int offset) {
    return text.substring(offset, lineEnd(offset));
  }

  int column(int offset) {
    int start = lineStart(offset);
    // A byte order mark takes no column.
    int bom = start == 0 && text.startsWith("\uFEFF") && offset > 0 ? 1 : 0;
    return text.codePointCount(start, offset) - bom;
  }

  int behindBreak(int lineEnd) {
    if (lineEnd < text.length() && text.charAt(lineEnd) == '\r') {
      return lineEnd + 1 < text.length() && text.charAt(lineEnd + 1) == '\n'
          ? lineEnd + 2
          : lineEnd + 1;
    }
    return Math.min(lineEnd + 1, text.length());
  }

  int beforeBreak(int lineStart) {
    int at = lineStart;
    if (at > 0 && text.charAt(at - 1) == '\n') {
      at--;
    }
    return at > 0 && text.charAt(at - 1) == '\r' ? at - 1 : at;
  }

  String apply() {
    List<Replacement> ordered = new ArrayList<>(replacements);
    ordered.sort(Comparator.comparingInt(Replacement::start));
    StringBuilder result = new StringBuilder(text.length() + 64);
    int at = 0;
    for (Replacement replacement : ordered) {
      if (replacement.start() < at) {
        throw new IllegalStateException("overlapping edits");
      }
      result.append(text, at, replacement.start()).append(replacement.text());
      at = replacement.end();
    }
    return result.append(text, at, text.length()).toString();
  }

  private static boolean isBreak(char c) {
    return c == '\n' || c == '\r';
  }
}
