package dev.muster.resource;

import dev.muster.bound.Bounds;
import java.util.regex.Pattern;

/**
 * What servers and programs say in their own words: errors that repeat a request, an object or an
 * environment. Nobody here knows what in them is secret, so what looks like it is taken out: logins
 * of a header or of an address, values of keys that are called secret, token, password and the
 * like, and long words of letters and digits without sense. What muster itself knows to be secret,
 * {@link Redactor} takes out besides.
 */
public final class ForeignText {
  private static final String NAME =
      "[A-Za-z0-9_.-]{0,60}(?i:secret|token|passw(?:or)?d|pwd|credentials?|kubeconfig|api-?key|private-?key|key-data)";

  /** A key in whatever notation, its separator, and how its value begins. */
  private static final String KEY = "(?<![A-Za-z0-9_.-])(" + NAME;

  /** In a quoted text, however often its quotes are escaped. */
  private static final Pattern QUOTED =
      Pattern.compile(KEY + "\\\\{0,7}[\"']?\\s?[:=]\\s?\\\\{0,7}[\"'])[^\"'\\\\]+");

  /** As API servers tell of a field with a bad value. */
  private static final Pattern BAD_VALUE =
      Pattern.compile(KEY + "\\]?: [A-Z][a-z]+ value: )(?:\"(?:\\\\.|[^\"\\\\])*+\"?|[^\\s:,]+)");

  /** Behind a key without quotes; not the words with which an API server goes on there. */
  private static final Pattern BARE =
      Pattern.compile(
          KEY
              + "(?::\\s?|=))(?!\\(sensitive\\)|(?:Invalid|Unsupported|Duplicate|Required|Forbidden|Too|Internal|Not)\\b)[^\\s\"'\\\\,;})\\]:]{4,}");

  private static final Pattern LOGIN =
      Pattern.compile("((?i:\\b(?:bearer|basic))\\s{1,3})[A-Za-z0-9._~+/=-]{6,}");

  private static final Pattern ADDRESS = Pattern.compile("(://)[^/\\s\"'@]{1,200}@");

  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9+/_=-]{24,}");

  private ForeignText() {}

  /**
   * The beginning of a text without what looks like a secret.
   *
   * @return at most about {@link Bounds#QUOTED} characters, cut off between words
   */
  public static String masked(String text) {
    // Patterns would take long for a text of megabytes, of which little is shown.
    String some = Bounds.between(text, 2 * Bounds.QUOTED);
    String masked = LOGIN.matcher(some).replaceAll("$1" + Redactor.MASK);
    masked = ADDRESS.matcher(masked).replaceAll("$1" + Redactor.MASK + "@");
    masked = QUOTED.matcher(masked).replaceAll("$1" + Redactor.MASK);
    masked = BAD_VALUE.matcher(masked).replaceAll("$1" + Redactor.MASK);
    masked = BARE.matcher(masked).replaceAll("$1" + Redactor.MASK);
    masked =
        WORD.matcher(masked)
            .replaceAll(word -> secret(word.group()) ? Redactor.MASK : word.group());
    return Bounds.quoted(some.length() < text.length() ? masked + " ..." : masked);
  }

  /** As above, of so many characters at most. */
  public static String masked(String text, int most) {
    return Bounds.between(masked(text), most);
  }

  /** Names and paths have no capital letters, or no digits among them. */
  private static boolean secret(String word) {
    long upper = word.chars().filter(c -> c >= 'A' && c <= 'Z').count();
    long digits = word.chars().filter(c -> c >= '0' && c <= '9').count();
    long lower = word.chars().filter(c -> c >= 'a' && c <= 'z').count();
    return upper > 1 && digits > 1 && lower > 1;
  }
}
