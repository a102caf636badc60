package dev.muster.bound;

/** Text that cannot do anything to a terminal but stand there. */
public final class Printable {
  private Printable() {}

  /** The text with U+FFFD for every character that is not {@link #fit}; lines and tabs stay. */
  public static String text(String text) {
    if (text.codePoints().allMatch(c -> c == '\n' || c == '\t' || fit(c))) {
      return text;
    }
    StringBuilder printable = new StringBuilder(text.length());
    text.codePoints()
        .map(c -> c == '\n' || c == '\t' || fit(c) ? c : 0xFFFD)
        .forEach(printable::appendCodePoint);
    return printable.toString();
  }

  /**
   * Whether a character is neither part of an escape sequence, nor a mark that turns the reading
   * direction or hides, nor half of a character.
   */
  public static boolean fit(int c) {
    return !Character.isISOControl(c)
        && Character.getType(c) != Character.FORMAT
        && Character.getType(c) != Character.SURROGATE;
  }
}
