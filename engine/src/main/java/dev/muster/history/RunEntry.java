package dev.muster.history;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One run, as its commit tells it; all text is free of control characters.
 *
 * @param commit full id of its commit; of an open run, that of its beginning
 * @param time when the run ended (an open one: began), to the second
 * @param author {@code name <email>}
 * @param body further lines of the message, or empty
 * @param trailers in the order of the message, the run id left out
 * @param signed whether the commit carries a signature; whose is for {@code git verify-commit}
 * @param open whether the run has only begun: it is at work, or was interrupted
 */
public record RunEntry(
    String runId,
    String commit,
    Instant time,
    String author,
    String summary,
    String body,
    Map<String, String> trailers,
    boolean signed,
    boolean open) {
  public RunEntry {
    trailers = Collections.unmodifiableMap(new LinkedHashMap<>(trailers));
  }
}
