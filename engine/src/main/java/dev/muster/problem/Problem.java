package dev.muster.problem;

import dev.muster.bound.Bounds;
import dev.muster.bound.Printable;
import java.util.List;
import java.util.Objects;

/**
 * Something wrong with an input or a run, in the user's own words.
 *
 * @param severity whether the phase may go on
 * @param where the place, or {@link Where#nowhere()}
 * @param message one lower-case sentence without a full stop
 * @param hints what is allowed and what to do next, most useful first; may be empty
 */
public record Problem(Severity severity, Where where, String message, List<String> hints) {
  private static final int WIDTH = 100;
  private static final int LIST = 3;
  private static final String INDENT = " ".repeat(8);

  public Problem {
    Objects.requireNonNull(severity, "severity");
    Objects.requireNonNull(where, "where");
    Objects.requireNonNull(message, "message");
    hints = List.copyOf(hints);
  }

  public static Problem error(Where where, String message, String... hints) {
    return new Problem(Severity.ERROR, where, message, List.of(hints));
  }

  public static Problem warning(Where where, String message, String... hints) {
    return new Problem(Severity.WARNING, where, message, List.of(hints));
  }

  /** The problem as a compiler prints it: position, severity, message, excerpt, hints. */
  public String text() {
    StringBuilder text = new StringBuilder();
    if (!where.toString().isEmpty()) {
      text.append(where).append(": ");
    }
    text.append(severity == Severity.ERROR ? "error: " : "warning: ")
        .append(Bounds.quoted(message));
    text.append('\n');
    if (!where.excerpt().isEmpty()) {
      where.excerpt().lines().forEach(line -> text.append("    ").append(line).append('\n'));
    }
    for (String hint : hints) {
      text.append(wrapped("  hint: " + Bounds.quoted(hint))).append('\n');
    }
    return Printable.text(text.toString());
  }

  /** Long lists continue below; a command or a path stays in one piece, to be copied. */
  private static String wrapped(String line) {
    boolean list = line.split(", ", -1).length > LIST;
    if (line.length() <= WIDTH || !list) {
      return line;
    }
    int cut = line.lastIndexOf(' ', WIDTH);
    return cut <= INDENT.length()
        ? line
        : line.substring(0, cut) + '\n' + wrapped(INDENT + line.substring(cut + 1));
  }
}
