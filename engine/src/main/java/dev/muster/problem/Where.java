package dev.muster.problem;

import java.util.Objects;

/**
 * A place in an input.
 *
 * @param file the name the user gave for the input, or empty when the problem has no place
 * @param line counted from 1; 0 when unknown
 * @param column counted from 1; 0 when unknown
 * @param excerpt the source line with a caret below it, or empty
 */
public record Where(String file, int line, int column, String excerpt) {
  private static final Where NOWHERE = new Where("", 0, 0, "");

  public Where {
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(excerpt, "excerpt");
  }

  /** No place in any file, for example a wrong combination of command-line options. */
  public static Where nowhere() {
    return NOWHERE;
  }

  /** A whole file. */
  public static Where file(String file) {
    return new Where(file, 0, 0, "");
  }

  /** {@code file:line:column}, as far as each part is known. */
  @Override
  public String toString() {
    if (line == 0) {
      return file;
    }
    return column == 0 ? file + ":" + line : file + ":" + line + ":" + column;
  }
}
