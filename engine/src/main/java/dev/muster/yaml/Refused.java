package dev.muster.yaml;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Why a text cannot be read, with the place; never leaves the package. */
final class Refused extends Exception {
  private final int offset;
  private final String hint;

  Refused(int offset, String message, String hint) {
    super(message);
    this.offset = offset;
    this.hint = hint;
  }

  int offset() {
    return offset;
  }

  String hint() {
    return hint;
  }

  String message() {
    return String.valueOf(getMessage());
  }

  /** A bracket or a quote that is not closed, or whose content cannot be told apart. */
  static Refused open(int offset, @Nullable String problem, @Nullable String context) {
    String about = context == null ? "" : context;
    if (about.contains("flow mapping")) {
      return new Refused(
          offset, "this '{' is never closed, or a ',' is missing behind it", "close it with '}'");
    }
    if (about.contains("flow sequence")) {
      return new Refused(
          offset, "this '[' is never closed, or a ',' is missing behind it", "close it with ']'");
    }
    if (about.contains("quoted scalar")) {
      return new Refused(offset, "this quote is never closed", "close it with the same quote");
    }
    return syntax(offset, problem, context);
  }

  /** Says in the user's terms what the parser complains about, and what usually helps. */
  static Refused syntax(int offset, @Nullable String problem, @Nullable String context) {
    String said = problem == null ? "not valid YAML" : problem;
    String lower = said.toLowerCase(Locale.ROOT);
    if (lower.contains("tab")) {
      return new Refused(offset, "a tab where YAML wants spaces", "indent with spaces, not tabs");
    }
    if (lower.contains("mapping values are not allowed")) {
      return new Refused(
          offset,
          "a second ':' on a line that already has a value, or wrong indentation",
          "quote a value that holds ': ', or align the key with its neighbours");
    }
    if (lower.contains("expected <block end>")) {
      return new Refused(
          offset, "does not line up with what stands above", "check the indentation of this line");
    }
    if (lower.contains("could not find expected ':'")) {
      return new Refused(
          offset,
          "a key without ':' behind it",
          "write 'key: value', or quote a text of many lines");
    }
    if (lower.contains("unexpected end of stream")) {
      return new Refused(offset, "the text ends too early", "close the quote that is still open");
    }
    if (lower.contains("cannot start any token")) {
      return new Refused(
          offset, said, "quote a value that begins with one of: @ ` % & * ! | > { } [ ] , # ? -");
    }
    String about = context == null || context.isEmpty() ? said : said + ", " + context;
    return new Refused(offset, about.replace('\n', ' '), "");
  }
}
