package dev.muster.cli;

import dev.muster.topology.Durations;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** How soon something runs out that is told. */
final class ExpiringTime {
  static final String DESCRIPTION =
      "Tell what runs out within this time too, such as 30d or 12h; what has run out is always told.";

  private ExpiringTime() {}

  /** The time, or none for an empty text; of days beside what durations otherwise take. */
  static Duration parse(CommandSpec spec, String text) {
    if (text.isEmpty()) {
      return Duration.ZERO;
    }
    return (text.matches("[0-9]{1,5}d")
            ? Optional.of(Duration.ofDays(Long.parseLong(text.substring(0, text.length() - 1))))
            : Durations.parse(text))
        .orElseThrow(
            () ->
                new ParameterException(
                    spec.commandLine(),
                    "--expiring takes a time such as 30d, 12h or 90m, not \"" + text + "\""));
  }
}
