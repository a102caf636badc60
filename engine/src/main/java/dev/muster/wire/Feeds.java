package dev.muster.wire;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Answers that go on and on, of any number of servers, looked after by one thread. An open one
 * costs its socket and what TLS needs to know; buffers are shared.
 */
public final class Feeds implements AutoCloseable {
  private static final int AT_ONCE = 16;

  private final ScheduledExecutorService timer;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final Map<String, Door> doors = new HashMap<>();
  final Scratch buffers = Scratch.make();
  private @Nullable Selector selector;
  private volatile boolean closed;

  /** Who is being connected to a server, and who waits for that. */
  private static final class Door {
    int opening;
    final Queue<Feed> waiting = new ArrayDeque<>();
  }

  /**
   * @param timer ends what takes too long; has to be running as long as feeds are
   */
  public Feeds(ScheduledExecutorService timer) {
    this.timer = timer;
  }

  /** A connection, which is made when something is asked of it. */
  public Feed feed(Endpoint endpoint) {
    return new Feed(this, endpoint);
  }

  /** Runs something on the one thread, soon; not at all when all have been closed. */
  void run(Runnable task) {
    tasks.add(task);
    started().wakeup();
  }

  Future<?> later(long nanos, Runnable task) throws IOException {
    try {
      return timer.schedule(() -> run(task), Math.max(nanos, 1), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      throw new IOException("all connections were closed");
    }
  }

  private synchronized Selector started() {
    if (selector == null) {
      try {
        selector = Selector.open();
      } catch (IOException e) {
        throw new IllegalStateException("the system gives no selector", e);
      }
      Selector own = selector;
      Thread thread = new Thread(() -> loop(own), "muster-feeds");
      thread.setDaemon(true);
      thread.start();
    }
    return selector;
  }

  Selector selector() {
    return started();
  }

  private void loop(Selector own) {
    try (own) {
      while (!closed) {
        own.select(key -> ((Feed) key.attachment()).ready(), 0);
        Runnable task = tasks.poll();
        while (task != null) {
          task.run();
          task = tasks.poll();
        }
      }
      own.keys().forEach(Feeds::abandon);
    } catch (IOException e) {
      throw new IllegalStateException("the system's selector failed", e);
    }
  }

  private static void abandon(SelectionKey key) {
    ((Feed) key.attachment()).abandon();
  }

  /** Lets a feed be connected when it is its turn: a server takes so many newcomers at once. */
  void enter(Feed feed, String server) {
    Door door = doors.computeIfAbsent(server, s -> new Door());
    if (door.opening < AT_ONCE) {
      door.opening++;
      feed.admitted();
    } else {
      door.waiting.add(feed);
    }
  }

  /** Someone who was admitted is in, or has given up. */
  void leave(String server) {
    Door door = doors.get(server);
    if (door == null) {
      return;
    }
    door.opening--;
    Feed next = door.waiting.poll();
    while (next != null && !next.waiting()) {
      next = door.waiting.poll();
    }
    if (next != null) {
      door.opening++;
      next.admitted();
    } else if (door.opening == 0) {
      doors.remove(server);
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (selector != null) {
      selector.wakeup();
    }
  }
}
