package dev.muster.sandbox.server.rest;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Plays what stands behind a Service when it is asked through the API server's proxy subresource.
 */
public interface ServiceProxyHandler {
  /**
   * The parts of {@code services/[SCHEME:]NAME[:PORT]/proxy/PATH}; scheme and port may be empty.
   */
  record Request(
      String namespace,
      String scheme,
      String service,
      String port,
      String method,
      String path,
      byte[] body) {}

  record Answer(int status, String contentType, byte[] body) {
    public static Answer json(int status, String text) {
      return new Answer(status, "application/json", text.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Empty means that nothing stands behind the Service: the client gets 503. */
  Optional<Answer> answer(Request request);
}
