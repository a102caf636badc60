package dev.muster.report;

import dev.muster.resource.Redactor;

/** Makes text from anywhere fit to be shown: no control characters, no sensitive values. */
public final class Clean {
  private final Redactor redactor;

  public Clean(Redactor redactor) {
    this.redactor = redactor;
  }

  /** Text of several lines, each cleaned and its indentation kept. */
  public String lines(String text) {
    StringBuilder cleaned = new StringBuilder();
    text.lines()
        .forEach(
            line -> {
              int indent = line.length() - line.stripLeading().length();
              cleaned.append(" ".repeat(indent)).append(line(line)).append('\n');
            });
    return cleaned.toString();
  }

  /** One line. */
  public String line(String text) {
    StringBuilder clean = new StringBuilder(text.length());
    redactor
        .mask(text)
        .codePoints()
        .forEach(
            c -> {
              if (c == '\n' || c == '\t' || c == '\r') {
                clean.append(' ');
              } else if (unfit(c)) {
                clean.append('\uFFFD');
              } else {
                clean.appendCodePoint(c);
              }
            });
    return clean.toString().strip();
  }

  /** Escape sequences, marks that turn the reading direction, halves of a character. */
  private static boolean unfit(int c) {
    return Character.isISOControl(c)
        || Character.getType(c) == Character.FORMAT
        || Character.getType(c) == Character.SURROGATE;
  }
}
