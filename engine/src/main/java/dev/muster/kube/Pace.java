package dev.muster.kube;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How fast to try again.
 *
 * @param first pause after the first failure; each further one is twice as long
 * @param longest no pause of our own is longer
 * @param patience how long a watch is silent about a cluster that does not answer
 */
record Pace(Duration first, Duration longest, Duration patience) {
  static Pace standard() {
    return new Pace(Duration.ofMillis(200), Duration.ofSeconds(10), Duration.ofSeconds(10));
  }

  /** For those who stay for days: a cluster that is down for hours is not asked all the time. */
  static Pace patient() {
    return new Pace(Duration.ofMillis(200), Duration.ofSeconds(20), Duration.ofSeconds(10));
  }

  /** The pause after so many failures in a row, spread so that many clients do not come at once. */
  Duration pause(int failures) {
    long most = Math.min(longest.toMillis(), first.toMillis() << Math.min(failures - 1, 20));
    return Duration.ofMillis(most / 2 + ThreadLocalRandom.current().nextLong(most / 2 + 1));
  }

  /**
   * The pause that a server asked for with Retry-After in seconds, and a little more, so that those
   * who were told the same do not come back at once; empty when nobody should wait that long. A
   * write waits less than a read: what was true when it was decided on has to be true when it is
   * sent.
   */
  Optional<Duration> asked(String retryAfter, int failures, boolean reads) {
    if (!retryAfter.matches("\\d{1,9}")) {
      return Optional.of(pause(failures));
    }
    Duration asked = Duration.ofSeconds(Long.parseLong(retryAfter));
    Duration most = reads ? longest.multipliedBy(6) : longest;
    return asked.compareTo(most) > 0
        ? Optional.empty()
        : Optional.of(asked.plus(pause(1).dividedBy(2)));
  }
}
