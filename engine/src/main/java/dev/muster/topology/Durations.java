package dev.muster.topology;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as they are written in files: {@code 90s}, {@code 1h30m}. */
public final class Durations {
  private static final Pattern PART = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");

  private Durations() {}

  /** Empty when the text is no duration. */
  public static Optional<Duration> parse(String text) {
    Matcher matcher = PART.matcher(text);
    Duration sum = Duration.ZERO;
    int end = 0;
    while (matcher.find() && matcher.start() == end) {
      long amount = Long.parseLong(matcher.group(1));
      sum =
          switch (matcher.group(2)) {
            case "ms" -> sum.plusMillis(amount);
            case "s" -> sum.plusSeconds(amount);
            case "m" -> sum.plusMinutes(amount);
            default -> sum.plusHours(amount);
          };
      end = matcher.end();
    }
    return end == text.length() && end > 0 ? Optional.of(sum) : Optional.empty();
  }

  /** Short text for people: {@code 45m}, {@code 1m20s}, {@code 0.4s}. */
  public static String text(Duration duration) {
    long millis = duration.toMillis();
    if (millis < 10_000 && millis % 1000 != 0) {
      return String.format(java.util.Locale.ROOT, "%.1fs", millis / 1000.0);
    }
    long seconds = duration.toSeconds();
    StringBuilder text = new StringBuilder();
    if (seconds >= 3600) {
      text.append(seconds / 3600).append('h');
    }
    if (seconds % 3600 >= 60) {
      text.append(seconds % 3600 / 60).append('m');
    }
    if (seconds % 60 > 0 || seconds == 0) {
      text.append(seconds % 60).append('s');
    }
    return text.toString();
  }
}
