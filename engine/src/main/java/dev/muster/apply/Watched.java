package dev.muster.apply;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.live.LiveObject;
import dev.muster.live.Reading;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Finds out whether the holder of a Lease is at work by looking at it: one that stays as it is for
 * as long as it lasts belongs to nobody any more. No time in the Lease is compared with a clock of
 * ours for that, since nobody knows how far the two are apart.
 */
final class Watched {
  private static final Duration PAUSE = Duration.ofSeconds(2);

  private final Supplier<Reading> lease;
  private final Ticks ticks;
  private final BooleanSupplier stopped;

  Watched(Supplier<Reading> lease, Ticks ticks, BooleanSupplier stopped) {
    this.lease = lease;
    this.ticks = ticks;
    this.stopped = stopped;
  }

  /**
   * Looks for so long. What is read last, when it is still the same then, or as soon as nobody
   * holds it any more; empty when its holder is at work, when the host did not tell in the end, or
   * when the looking was stopped.
   */
  Optional<Reading> abandoned(LiveObject seen, Duration length) {
    JsonNode spec = seen.tree().path("spec");
    long start = ticks.nanos();
    while (!stopped.getAsBoolean()) {
      try {
        ticks.pause(PAUSE);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return Optional.empty();
      }
      // Before it is read: what is read then was so for the whole time.
      boolean over = ticks.since(start).compareTo(length) >= 0;
      Reading reading = lease.get();
      if (reading.failed().isEmpty()) {
        JsonNode now = reading.found().map(o -> o.tree().path("spec")).orElse(spec.path("nothing"));
        if (now.path("holderIdentity").asText("").isEmpty() || over && now.equals(spec)) {
          return Optional.of(reading);
        }
        if (!now.equals(spec)) {
          return Optional.empty();
        }
      } else if (over) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }
}
