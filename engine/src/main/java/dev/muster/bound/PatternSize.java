package dev.muster.bound;

/**
 * How many steps a regular expression of RE2's syntax is compiled into, at least as many as it
 * really are: known before it is compiled, since compiling {@code ((a{1000}){1000}){1000}} would
 * fill the memory. Of what is no regular expression it says anything; that is refused by the
 * compiler.
 */
final class PatternSize {
  /** Groups in groups; the compiler calls itself for each. */
  private static final int DEPTH = Bounds.DEPTH;

  /** More than any limit, and small enough to be multiplied by a count. */
  private static final long TOO_MANY = 1L << 40;

  private final String text;
  private int at;

  PatternSize(String text) {
    this.text = text;
  }

  long steps() {
    at = 0;
    long steps = 0;
    // A parenthesis too many is refused later; what stands behind it is counted all the same.
    while (at < text.length()) {
      steps = Math.min(TOO_MANY, steps + alternatives(0));
      at++;
    }
    return steps;
  }

  /** Up to the end of the group. */
  private long alternatives(int depth) {
    if (depth > DEPTH) {
      return TOO_MANY;
    }
    long steps = 1;
    while (at < text.length() && text.charAt(at) != ')') {
      long one = item(depth);
      while (at < text.length()) {
        if ("*+?".indexOf(text.charAt(at)) >= 0) {
          at++;
          one++;
        } else {
          long count = count();
          if (count < 0) {
            break;
          }
          one = (one + 1) * count;
        }
        one = Math.min(TOO_MANY, one);
      }
      steps = Math.min(TOO_MANY, steps + one);
    }
    return steps;
  }

  private long item(int depth) {
    char c = text.charAt(at++);
    if (c == '(') {
      skipFlags();
      long inner = alternatives(depth + 1) + 2;
      at++;
      return inner;
    }
    if (c == '\\') {
      // Within \Q...\E nothing has a meaning, so that counting would go wrong.
      long escape = at < text.length() && text.charAt(at) == 'Q' ? TOO_MANY : 1;
      at++;
      return escape;
    }
    if (c == '[') {
      skipClass();
    }
    return 2;
  }

  /** {@code ?i:}, {@code ?P<name>}: nothing that is compiled. */
  private void skipFlags() {
    if (at < text.length() && text.charAt(at) == '?') {
      do {
        at++;
      } while (at < text.length()
          && (Character.isLetterOrDigit(text.charAt(at)) || "_-<".indexOf(text.charAt(at)) >= 0));
      at += at < text.length() && text.charAt(at) != ')' ? 1 : 0;
    }
  }

  /** A bracket that comes first stands for itself. */
  private void skipClass() {
    if (at < text.length() && text.charAt(at) == '^') {
      at++;
    }
    int first = at;
    while (at < text.length() && (at == first || text.charAt(at) != ']')) {
      int named = text.startsWith("[:", at) ? text.indexOf(":]", at + 2) : -1;
      at = named >= 0 ? named + 2 : text.charAt(at) == '\\' ? at + 2 : at + 1;
    }
    at++;
  }

  /** The copies that a repetition here makes, or -1 when there is none here. */
  private long count() {
    if (at >= text.length() || text.charAt(at) != '{') {
      return -1;
    }
    int end = text.indexOf('}', at);
    String inner = end < 0 ? "" : text.substring(at + 1, end);
    int comma = inner.indexOf(',');
    String least = comma < 0 ? inner : inner.substring(0, comma);
    String most = comma < 0 ? "" : inner.substring(comma + 1);
    if (!number(least) || !most.isEmpty() && !number(most)) {
      return -1;
    }
    at = end + 1;
    long copies = Integer.parseInt(least) + (comma >= 0 && most.isEmpty() ? 1 : 0);
    return Math.max(1, most.isEmpty() ? copies : Integer.parseInt(most));
  }

  private static boolean number(String digits) {
    return !digits.isEmpty()
        && digits.length() <= 4
        && digits.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
