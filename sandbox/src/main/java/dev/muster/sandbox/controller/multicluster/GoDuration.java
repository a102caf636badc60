package dev.muster.sandbox.controller.multicluster;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as Go programs read and print them. */
final class GoDuration {
  private static final Pattern PART = Pattern.compile("(\\d+(?:\\.\\d+)?)(ms|h|m|s)");

  private GoDuration() {}

  /** Reads "168h", "10m0s", "0"; what cannot be read is zero. */
  static Duration parse(String text) {
    Duration sum = Duration.ZERO;
    Matcher matcher = PART.matcher(text);
    while (matcher.find()) {
      long unit =
          switch (matcher.group(2)) {
            case "h" -> 3_600_000;
            case "m" -> 60_000;
            case "s" -> 1000;
            default -> 1;
          };
      sum = sum.plusMillis(Math.round(Double.parseDouble(matcher.group(1)) * unit));
    }
    return sum;
  }

  static String text(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds >= 3600) {
      return seconds / 3600 + "h" + seconds / 60 % 60 + "m" + seconds % 60 + "s";
    }
    return seconds >= 60 ? seconds / 60 + "m" + seconds % 60 + "s" : seconds + "s";
  }
}
