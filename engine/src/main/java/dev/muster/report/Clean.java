package dev.muster.report;

import dev.muster.bound.Printable;
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
        .map(c -> c == '\n' || c == '\t' || c == '\r' ? ' ' : Printable.fit(c) ? c : 0xFFFD)
        .forEach(clean::appendCodePoint);
    return clean.toString().strip();
  }
}
