package dev.muster.sandbox.server.http;

import java.io.IOException;

/** An answer that is written piece by piece; every piece reaches the client at once. */
public interface BodyStream extends AutoCloseable {
  void write(byte[] bytes) throws IOException;

  /** True when the client has closed its side; found without writing. */
  boolean clientGone();

  @Override
  void close() throws IOException;
}
