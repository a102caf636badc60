package dev.muster.wire;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The connections to one server under one identity, used by threads that bring their requests.
 * Reads take turns on one connection as long as it moves on: another one costs more than a few
 * answers take. Whoever has waited for a second, and every write at once, gets one of its own.
 */
public final class Lanes implements AutoCloseable {
  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(1);
  private static final long LONGEST_IDLE = TimeUnit.SECONDS.toNanos(30);
  private static final int MOST_IDLE = 2;

  private final Endpoint endpoint;
  private final Doors doors;
  private final Alarms alarms;
  private final Limits limits;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition returned = lock.newCondition();
  private final Deque<Lane> idle = new ArrayDeque<>();
  private int busy;
  private boolean closed;
  private boolean sweeping;

  /**
   * What a request may take.
   *
   * @param connectNanos until a connection stands, TLS included
   * @param requestNanos until an answer is complete, connecting and waiting included
   * @param bytes of a body
   */
  public record Limits(long connectNanos, long requestNanos, int bytes) {}

  /**
   * @param doors shared by all that may go to the same servers
   * @param timer ends what takes too long; has to be running as long as requests are
   */
  public Lanes(Endpoint endpoint, Doors doors, ScheduledExecutorService timer, Limits limits) {
    this.endpoint = endpoint;
    this.doors = doors;
    this.alarms = new Alarms(timer);
    this.limits = limits;
  }

  /**
   * Sends a request and reads the answer. A read is sent again, at once and once, when a connection
   * that was kept turns out to be closed.
   *
   * @throws TooLarge when the answer is
   * @throws java.net.SocketTimeoutException when it takes too long
   * @throws IOException when there is no answer for another reason; when the thread was
   *     interrupted, it still is
   */
  public Answer ask(Request request) throws IOException {
    long until = System.nanoTime() + limits.requestNanos();
    byte[] bytes = request.bytes(endpoint.authority());
    Optional<Lane> kept = take(request.repeatable(), until);
    try {
      if (kept.isPresent()) {
        try {
          return exchange(kept.get(), bytes, until);
        } catch (Lane.Unanswered e) {
          if (!request.repeatable() || Thread.currentThread().isInterrupted()) {
            throw e;
          }
        }
      }
      return onNew(request, bytes, until);
    } finally {
      lock.lock();
      try {
        busy--;
        returned.signal();
      } finally {
        lock.unlock();
      }
    }
  }

  /**
   * A server that does not take our certificate says so after the handshake, or just hangs up; then
   * the JDK's TLS is to hear it as well.
   */
  private Answer onNew(Request request, byte[] bytes, long until) throws IOException {
    try {
      return exchange(opened(until), bytes, until);
    } catch (Lane.Unanswered e) {
      boolean another =
          request.repeatable()
              && !Thread.currentThread().isInterrupted()
              && endpoint.tls().filter(tls -> tls.leaveToTheJdk(endpoint)).isPresent();
      if (!another) {
        throw e;
      }
      return exchange(opened(until), bytes, until);
    }
  }

  private Lane opened(long until) throws IOException {
    long left = until - System.nanoTime();
    return doors.open(endpoint, alarms, Math.min(left, limits.connectNanos()));
  }

  private Answer exchange(Lane lane, byte[] bytes, long until) throws IOException {
    try {
      return lane.exchange(bytes, limits.bytes(), alarms, until - System.nanoTime());
    } finally {
      if (!lane.reusable() || !kept(lane)) {
        lane.close();
      }
    }
  }

  private boolean kept(Lane lane) {
    lock.lock();
    try {
      if (closed || idle.size() >= MOST_IDLE) {
        return false;
      }
      lane.rest();
      idle.addLast(lane);
      sweep();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** What nobody uses any more is closed, also when nobody comes to see it. */
  private void sweep() {
    if (!sweeping) {
      sweeping = alarms.later(LONGEST_IDLE, this::swept);
    }
  }

  private void swept() {
    lock.lock();
    try {
      sweeping = false;
      idle.stream().filter(lane -> !lane.alive(LONGEST_IDLE)).forEach(Lane::close);
      idle.removeIf(lane -> !lane.alive(LONGEST_IDLE));
      if (!idle.isEmpty() && !closed) {
        sweep();
      }
    } finally {
      lock.unlock();
    }
  }

  /** A kept connection, or none when the caller is to open one; counts the caller as busy. */
  private Optional<Lane> take(boolean patient, long until) throws IOException {
    lock.lock();
    try {
      long patience = patient ? Math.min(PATIENCE, until - System.nanoTime()) : 0;
      while (true) {
        if (closed) {
          throw new IOException("the connection was closed");
        }
        Lane lane = idle.pollLast();
        if (lane != null && !lane.alive(LONGEST_IDLE)) {
          lane.close();
        } else if (lane != null || busy == 0 || patience <= 0) {
          busy++;
          return Optional.ofNullable(lane);
        } else {
          patience = returned.awaitNanos(patience);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the request was interrupted");
    } finally {
      lock.unlock();
    }
  }

  /** The server that they lead to. */
  public Endpoint endpoint() {
    return endpoint;
  }

  /** Closes what is idle; what is in use is closed after its answer. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      idle.forEach(Lane::close);
      idle.clear();
      returned.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
