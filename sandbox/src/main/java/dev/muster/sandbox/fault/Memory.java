package dev.muster.sandbox.fault;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * For each read, its answer and the last one that was different: what a lagging cache still has.
 */
final class Memory {
  private record Known(Forward.Answer latest, Optional<Forward.Answer> before) {}

  private final Map<String, Known> known = new ConcurrentHashMap<>();

  void keep(String read, Forward.Answer answer) {
    known.merge(
        read,
        new Known(answer, Optional.empty()),
        (old, now) ->
            old.latest().sameAs(answer) ? old : new Known(answer, Optional.of(old.latest())));
  }

  /** What was there before what is there now. */
  Optional<Forward.Answer> before(String read, Forward.Answer now) {
    Known entry = known.get(read);
    if (entry == null) {
      return Optional.empty();
    }
    return entry.latest().sameAs(now) ? entry.before() : Optional.of(entry.latest());
  }
}
