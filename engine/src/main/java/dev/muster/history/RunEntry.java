package dev.muster.history;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One finished run, as its commit tells it; all text is free of control characters.
 *
 * @param commit full id of the commit on the branch of the topology
 * @param time when the run ended, to the second
 * @param author {@code name <email>}
 * @param body further lines of the message, or empty
 * @param trailers in the order of the message, the run id left out
 */
public record RunEntry(
    String runId,
    String commit,
    Instant time,
    String author,
    String summary,
    String body,
    Map<String, String> trailers) {
  public RunEntry {
    trailers = Collections.unmodifiableMap(new LinkedHashMap<>(trailers));
  }
}
