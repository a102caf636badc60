package dev.muster.live;

import java.time.Instant;
import java.util.Objects;

/**
 * A line of a container's log.
 *
 * @param time as the cluster's node stamped it
 */
public record LogLine(Instant time, String pod, String text) {
  public LogLine {
    Objects.requireNonNull(time, "time");
    Objects.requireNonNull(pod, "pod");
    Objects.requireNonNull(text, "text");
  }
}
