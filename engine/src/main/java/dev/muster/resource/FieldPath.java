package dev.muster.resource;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A path to a field, as people write it: {@code spec.containers[name=agent].image}. A segment is a
 * key, or {@code [key=value]} for the list element with that key, or {@code [3]} for a position.
 *
 * @param segments keys as they are; list segments in their square brackets
 */
public record FieldPath(List<String> segments) {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]*");

  /** A plain key, a quoted one, or a list segment, which ends before another segment or the end. */
  private static final Pattern WRITTEN =
      Pattern.compile(
          "\\.?([A-Za-z_][A-Za-z0-9_-]*)|\\['((?:[^'\\\\]|\\\\'|\\\\)*)'\\]|(\\[.*?\\])(?=[.\\[]|$)",
          Pattern.DOTALL);

  public FieldPath {
    segments = List.copyOf(segments);
  }

  public static FieldPath of(String... segments) {
    return new FieldPath(List.of(segments));
  }

  /**
   * Reads what {@link #toString()} wrote. Texts that it cannot tell apart (a key with a backslash
   * at its end, say) come out as another path: whoever stores a path compares.
   */
  public static FieldPath parse(String text) {
    List<String> segments = new ArrayList<>();
    Matcher matcher = WRITTEN.matcher(text);
    while (matcher.lookingAt()) {
      if (matcher.group(1) != null) {
        segments.add(matcher.group(1));
      } else if (matcher.group(2) != null) {
        segments.add(matcher.group(2).replace("\\'", "'"));
      } else {
        segments.add(matcher.group(3));
      }
      matcher.region(matcher.end(), text.length());
    }
    return new FieldPath(segments);
  }

  public static FieldPath root() {
    return new FieldPath(List.of());
  }

  public FieldPath child(String segment) {
    List<String> longer = new ArrayList<>(segments);
    longer.add(segment);
    return new FieldPath(longer);
  }

  public boolean startsWith(FieldPath prefix) {
    return segments.size() >= prefix.segments.size()
        && segments.subList(0, prefix.segments.size()).equals(prefix.segments);
  }

  /** Dotted, with keys that hold dots or slashes quoted: {@code metadata.labels['a.b/c']}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (String segment : segments) {
      if (segment.startsWith("[")) {
        text.append(segment);
      } else if (PLAIN.matcher(segment).matches()) {
        text.append(text.isEmpty() ? "" : ".").append(segment);
      } else {
        text.append("['").append(segment.replace("'", "\\'")).append("']");
      }
    }
    return text.toString();
  }
}
