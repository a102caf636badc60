package dev.muster.bound;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/**
 * A regular expression that somebody else may have written. Its syntax is that of RE2, which knows
 * neither look-ahead nor references back, so that looking for it takes time in proportion to the
 * text; how large it may be is bounded too, since each repetition is a copy of what it repeats.
 */
public final class LinearPattern {
  /** What RE2's syntax is, for people who wrote something else. */
  public static final String SYNTAX =
      "patterns have RE2's syntax: no look-ahead, no references back";

  /** every text of one line. */
  public static final LinearPattern ANY = new LinearPattern(Pattern.compile(".*"));

  private final Pattern pattern;

  private LinearPattern(Pattern pattern) {
    this.pattern = pattern;
  }

  /** What stands there is no pattern, or too large a one; the message says why. */
  public static final class Unusable extends Exception {
    private static final long serialVersionUID = 1;

    private Unusable(String message) {
      super(message, null, false, false);
    }
  }

  /** The text is too long to be searched with that pattern; the message says so. */
  public static final class TooLong extends RuntimeException {
    private static final long serialVersionUID = 1;

    private TooLong(int length) {
      super("a text of " + length + " characters is too long for its pattern", null, false, false);
    }
  }

  /**
   * Compiles.
   *
   * @throws Unusable when it is not RE2's syntax, or larger than {@link Bounds#PATTERN}
   */
  public static LinearPattern of(String text) throws Unusable {
    if (text.length() > Bounds.PATTERN || new PatternSize(text).steps() > Bounds.PATTERN_STEPS) {
      throw new Unusable("it is too large, as each repetition is a copy");
    }
    try {
      return new LinearPattern(Pattern.compile(text));
    } catch (PatternSyntaxException e) {
      throw new Unusable(e.getDescription());
    }
  }

  /** Whether a part of the text is a match. */
  public boolean find(String text) {
    affordable(text);
    return pattern.matcher(text).find();
  }

  /** Whether the whole text is a match. */
  public boolean matches(String text) {
    affordable(text);
    return pattern.matcher(text).matches();
  }

  private void affordable(String text) {
    if ((long) text.length() * pattern.programSize() > Bounds.PATTERN_WORK) {
      throw new TooLong(text.length());
    }
  }

  @Override
  public String toString() {
    return pattern.pattern();
  }
}
