package dev.muster.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.muster.changes.Expiring;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What runs out, for people and for machines. */
public final class ExpiryText {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private ExpiryText() {}

  /** Two lines for each: what and when, and what to do. */
  public static List<String> lines(List<Expiring> expiring, Clean clean, Style style) {
    List<String> lines = new ArrayList<>();
    for (Expiring each : expiring) {
      String when =
          each.expired()
              ? style.red("expired " + span(each.left().negated()) + " ago")
              : style.yellow("runs out in " + span(each.left()));
      lines.add(
          when
              + ": "
              + each.cluster()
              + ", "
              + clean.line(each.what())
              + " ("
              + TIME.format(each.at())
              + ")");
      if (!each.next().isEmpty()) {
        lines.add("    next: " + clean.line(each.next()));
      }
    }
    return lines;
  }

  public static void put(ArrayNode array, List<Expiring> expiring, Clean clean) {
    for (Expiring each : expiring) {
      array
          .addObject()
          .put("cluster", each.cluster())
          .put("what", clean.line(each.what()))
          .put("at", each.at().toString())
          .put("expired", each.expired())
          .put("secondsLeft", each.left().toSeconds())
          .put("next", clean.line(each.next()));
    }
  }

  private static String span(Duration time) {
    long days = time.toDays();
    long hours = time.toHours();
    return days > 1
        ? days + " days"
        : hours > 1 ? hours + " hours" : Math.max(1, time.toMinutes()) + " minutes";
  }
}
