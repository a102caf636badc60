package dev.muster.kube;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How fast to try again.
 *
 * @param first pause after the first failure; each further one is twice as long
 * @param longest no pause is longer, whatever a server asks for
 * @param patience how long a watch is silent about a cluster that does not answer
 */
record Pace(Duration first, Duration longest, Duration patience) {
  static Pace standard() {
    return new Pace(Duration.ofMillis(200), Duration.ofSeconds(10), Duration.ofSeconds(10));
  }

  /** The pause after so many failures in a row, spread so that many clients do not come at once. */
  Duration pause(int failures) {
    long most = Math.min(longest.toMillis(), first.toMillis() << Math.min(failures - 1, 20));
    return Duration.ofMillis(most / 2 + ThreadLocalRandom.current().nextLong(most / 2 + 1));
  }

  /** The pause that a server asked for with Retry-After in seconds, within bounds. */
  Duration asked(String retryAfter, int failures) {
    if (!retryAfter.matches("\\d{1,9}")) {
      return pause(failures);
    }
    Duration asked = Duration.ofSeconds(Long.parseLong(retryAfter));
    return asked.compareTo(longest) > 0 ? longest : asked;
  }
}
