package dev.muster.problem;

import java.util.Objects;
import java.util.function.Supplier;

/**
 * A place in an input. A document has one for each of its nodes, and few are ever shown, so the
 * source line is cut out when it is asked for. Two are equal when they are the same place.
 */
public final class Where {
  private static final Where NOWHERE = new Where("", 0, 0, "");

  private final String file;
  private final int line;
  private final int column;
  private final Supplier<String> excerpt;

  /**
   * A place whose source line is cut out when it is needed.
   *
   * @param file the name the user gave for the input, or empty when the problem has no place
   * @param line counted from 1; 0 when unknown
   * @param column counted from 1; 0 when unknown
   * @param excerpt gives the source line with a caret below it, or empty
   */
  public Where(String file, int line, int column, Supplier<String> excerpt) {
    this.file = Objects.requireNonNull(file, "file");
    this.line = line;
    this.column = column;
    this.excerpt = Objects.requireNonNull(excerpt, "excerpt");
  }

  /** A place whose source line is known. */
  public Where(String file, int line, int column, String excerpt) {
    this(file, line, column, () -> excerpt);
  }

  /** No place in any file, for example a wrong combination of command-line options. */
  public static Where nowhere() {
    return NOWHERE;
  }

  /** A whole file. */
  public static Where file(String file) {
    return new Where(file, 0, 0, "");
  }

  /** The name of the input, or empty. */
  public String file() {
    return file;
  }

  /** Counted from 1; 0 when unknown. */
  public int line() {
    return line;
  }

  /** Counted from 1; 0 when unknown. */
  public int column() {
    return column;
  }

  /** The source line with a caret below it, or empty. */
  public String excerpt() {
    return excerpt.get();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Where that
        && file.equals(that.file)
        && line == that.line
        && column == that.column;
  }

  @Override
  public int hashCode() {
    return Objects.hash(file, line, column);
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
