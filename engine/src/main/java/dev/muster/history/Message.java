package dev.muster.history;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A commit message: one line, an optional body, and trailers as {@code git interpret-trailers}
 * reads them.
 */
record Message(String summary, String body, Map<String, String> trailers) {
  static final String RUN_ID = "Run-Id";
  private static final Pattern TRAILER = Pattern.compile("([A-Za-z0-9-]+):(?: (.*))?");

  /** The first line of the text becomes the summary, the others the body. */
  static Message of(String text, Map<String, String> trailers) {
    String[] parts = text.strip().split("\\R", 2);
    StringBuilder body = new StringBuilder();
    if (parts.length == 2) {
      parts[1].lines().forEach(line -> body.append(clean(line).stripTrailing()).append('\n'));
    }
    Map<String, String> kept = new LinkedHashMap<>();
    trailers.forEach((key, value) -> kept.put(key(key), line(value)));
    return new Message(line(parts[0]), body.toString().strip(), kept);
  }

  /** The same with one more trailer, before the run id, which stays the last. */
  Message with(String key, String value) {
    Map<String, String> more = new LinkedHashMap<>(trailers);
    String id = more.remove(RUN_ID);
    more.put(key(key), line(value));
    if (id != null) {
      more.put(RUN_ID, id);
    }
    return new Message(summary, body, more);
  }

  String text() {
    StringBuilder text = new StringBuilder(summary.isEmpty() ? "(no summary)" : summary);
    text.append("\n\n");
    if (!body.isEmpty()) {
      text.append(body).append("\n\n");
    }
    trailers.forEach((key, value) -> text.append((key + ": " + value).strip()).append('\n'));
    return text.toString();
  }

  /** Reads any commit message; the last paragraph counts as trailers when all of it looks so. */
  static Message parse(String text) {
    String whole = text.strip().replaceAll("\\R", "\n");
    int last = whole.lastIndexOf("\n\n");
    Map<String, String> trailers = new LinkedHashMap<>();
    if (last >= 0) {
      for (String line : whole.substring(last + 2).split("\n", -1)) {
        var matcher = TRAILER.matcher(line);
        if (!matcher.matches()) {
          return of(whole, Map.of());
        }
        String value = matcher.group(2);
        trailers.putIfAbsent(matcher.group(1), value == null ? "" : value);
      }
    }
    return of(last < 0 ? whole : whole.substring(0, last), trailers);
  }

  /** One line without control, direction or other invisible characters. */
  static String line(String text) {
    return clean(text.replaceAll("\\s+", " ")).strip();
  }

  private static String key(String key) {
    // a character that ends the key early would hide the trailer from git and from us
    String safe = key.replaceAll("[^A-Za-z0-9-]", "-");
    return safe.isEmpty() ? "-" : safe;
  }

  private static String clean(String text) {
    StringBuilder clean = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            point -> {
              switch (Character.getType(point)) {
                case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                    clean.append(' ');
                case Character.FORMAT -> {}
                case Character.SURROGATE -> clean.append('?');
                default -> clean.appendCodePoint(point);
              }
            });
    return clean.toString();
  }
}
