package dev.muster.gate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.plan.GateSpec;
import java.time.Duration;
import java.util.Optional;

/** Remembers since when a value has not changed. Not thread-safe. */
public final class Stability {
  private final Duration lasting;
  private Optional<JsonNode> value = Optional.empty();
  private long sinceNanos;

  public Stability(GateSpec.Stable spec) {
    lasting = spec.lasting();
  }

  /** Forgets the value: what was before a gate closed again says nothing about after. */
  public void reset() {
    value = Optional.empty();
  }

  /**
   * Takes in what the value is now.
   *
   * @param nowNanos a clock that never goes back, in nanoseconds
   * @return how long it still has to stay as it is; zero when it has been stable for long enough
   */
  public Duration observe(JsonNode now, long nowNanos) {
    if (value.isEmpty() || !value.get().equals(now)) {
      value = Optional.of(now);
      sinceNanos = nowNanos;
    }
    Duration left = lasting.minusNanos(nowNanos - sinceNanos);
    return left.isNegative() ? Duration.ZERO : left;
  }
}
