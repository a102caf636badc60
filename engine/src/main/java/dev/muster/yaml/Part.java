package dev.muster.yaml;

import java.util.List;

/**
 * A piece of YAML text as it is written, before any value is read out of it. Offsets count chars
 * from the start of the text; anchor and tag lie inside.
 */
sealed interface Part {
  int start();

  /** Behind the last char that belongs to it; comments and blank lines that follow do not. */
  int end();

  enum Style {
    PLAIN,
    SINGLE_QUOTED,
    DOUBLE_QUOTED,
    LITERAL,
    FOLDED
  }

  /**
   * @param tag the explicit tag, empty when there is none
   */
  record Scalar(int start, int end, String text, Style style, String tag) implements Part {
    boolean plain() {
      return style == Style.PLAIN;
    }

    boolean block() {
      return style == Style.LITERAL || style == Style.FOLDED;
    }
  }

  /**
   * @param bodyStart where the first key, or the opening brace, stands
   */
  record Mapping(int start, int bodyStart, int end, boolean flow, String tag, List<Pair> pairs)
      implements Part {}

  record Pair(Part key, Part value) {}

  /**
   * @param bodyStart where the first dash, or the opening bracket, stands
   */
  record Sequence(int start, int bodyStart, int end, boolean flow, String tag, List<Part> elements)
      implements Part {}

  /** {@code *name}; the target stands elsewhere in the text. */
  record Alias(int start, int end, Part target) implements Part {}
}
