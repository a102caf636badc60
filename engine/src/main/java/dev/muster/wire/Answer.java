package dev.muster.wire;

import java.util.Map;

/**
 * A complete answer.
 *
 * @param headers names in lower case; of those that came several times, the first
 */
public record Answer(int code, Map<String, String> headers, byte[] body) {
  public Answer {
    headers = Map.copyOf(headers);
  }

  /** A header's value as it came, or empty. */
  public String header(String lowerCaseName) {
    return headers.getOrDefault(lowerCaseName, "");
  }

  /** Never shows the body, which may hold secrets. */
  @Override
  public String toString() {
    return "HTTP " + code;
  }
}
