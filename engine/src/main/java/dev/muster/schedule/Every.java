package dev.muster.schedule;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How often something is started: an interval that cron can keep, which is one that an hour, a day
 * or a week is a multiple of. Others come out uneven: every 45 minutes would be at :00 and :45.
 *
 * @param text as people write it, such as {@code 15m}
 * @param cron the five fields of a crontab line
 * @param calendar the same as systemd's OnCalendar
 */
public record Every(Duration length, String text, String cron, String calendar) {
  private static final List<Every> ALL = List.copyOf(all());

  private static List<Every> all() {
    List<Every> all = new java.util.ArrayList<>();
    for (int minutes = 1; minutes <= 30; minutes++) {
      if (60 % minutes == 0) {
        all.add(
            new Every(
                Duration.ofMinutes(minutes),
                minutes + "m",
                minutes == 1 ? "* * * * *" : "*/" + minutes + " * * * *",
                "*:0/" + minutes));
      }
    }
    for (int hours = 1; hours <= 12; hours++) {
      if (24 % hours == 0) {
        all.add(
            new Every(
                Duration.ofHours(hours),
                hours + "h",
                hours == 1 ? "0 * * * *" : "0 */" + hours + " * * *",
                hours == 1 ? "*:00" : "0/" + hours + ":00"));
      }
    }
    all.add(new Every(Duration.ofDays(1), "1d", "0 6 * * *", "06:00"));
    all.add(new Every(Duration.ofDays(7), "7d", "0 6 * * 1", "Mon 06:00"));
    return all;
  }

  /** The interval of just this length; empty when cron has none. */
  public static Optional<Every> of(Duration length) {
    return ALL.stream().filter(every -> every.length().equals(length)).findFirst();
  }

  /** The ones that come closest to a length, the shorter first. */
  public static List<String> near(Duration length) {
    Optional<Every> below =
        ALL.stream()
            .filter(every -> every.length().compareTo(length) < 0)
            .reduce((shorter, longer) -> longer);
    Optional<Every> above =
        ALL.stream().filter(every -> every.length().compareTo(length) > 0).findFirst();
    return java.util.stream.Stream.of(below, above)
        .flatMap(Optional::stream)
        .map(Every::text)
        .toList();
  }
}
