package dev.muster.wire;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Bounds how many connections are being opened to one server at a time: a thousand clusters behind
 * one proxy would overrun it. Who waits does so in the time in which a connection has to stand.
 */
public final class Doors {
  private static final int AT_ONCE = 16;

  private final Map<String, Semaphore> doors = new ConcurrentHashMap<>();

  /** Opens a connection when it is its turn. */
  Lane open(Endpoint endpoint, Alarms alarms, long nanos) throws IOException {
    String server = endpoint.host() + " " + endpoint.port() + " " + endpoint.tlsName();
    Semaphore door = doors.computeIfAbsent(server, s -> new Semaphore(AT_ONCE, true));
    long until = System.nanoTime() + nanos;
    try {
      if (!door.tryAcquire(nanos, TimeUnit.NANOSECONDS)) {
        throw new SocketTimeoutException("no connection in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the request was interrupted");
    }
    try {
      return Lane.open(endpoint, alarms, until - System.nanoTime());
    } finally {
      door.release();
    }
  }
}
