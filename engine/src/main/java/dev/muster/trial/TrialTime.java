package dev.muster.trial;

import java.time.Duration;
import java.time.Instant;

/** The time in all clusters of a case: it stands still until the case says that it goes on. */
final class TrialTime {
  private Instant now;

  TrialTime(Instant now) {
    this.now = now;
  }

  synchronized Instant now() {
    return now;
  }

  synchronized void pass(Duration time) {
    now = now.plus(time);
  }
}
