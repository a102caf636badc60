package dev.muster.testbed;

import java.io.IOException;
import java.net.Socket;

/** Two connections made one: what comes from either goes to the other, until one of them ends. */
final class Splice {
  private Splice() {}

  /** Returns when nothing comes any more; both are closed then. */
  static void join(Socket one, Socket other) {
    start("splice", () -> copy(other, one));
    copy(one, other);
  }

  /** Work that ends with its sockets, or with the process. */
  static void start(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  private static void copy(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      // Ended by the other direction.
      return;
    }
  }
}
