package dev.muster.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands before one API server, passes bytes on as they are, and counts the connections: the audit
 * log knows requests only.
 */
final class Turnstile implements AutoCloseable {
  private final ServerSocket server;
  private final URI behind;
  private final AtomicInteger passed = new AtomicInteger();

  Turnstile(URI behind) {
    this.behind = behind;
    try {
      this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Splice.start("turnstile", this::accept);
  }

  /** What to ask in place of the server itself; its certificate is good for this one too. */
  URI url() {
    return URI.create("https://127.0.0.1:" + server.getLocalPort());
  }

  /** How many connections were opened since this was last asked. */
  int passed() {
    return passed.getAndSet(0);
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        passed.incrementAndGet();
        Splice.start("turnstile", () -> serve(client));
      } catch (IOException e) {
        // Closed: the loop's condition tells.
        continue;
      }
    }
  }

  private void serve(Socket client) {
    try (client;
        Socket there = new Socket(behind.getHost(), behind.getPort())) {
      Splice.join(client, there);
    } catch (IOException e) {
      // One of the two ends is gone.
      return;
    }
  }
}
