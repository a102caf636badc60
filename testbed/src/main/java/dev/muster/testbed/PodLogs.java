package dev.muster.testbed;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the containers of one cluster have written, line by line. Safe to use from several threads.
 */
public final class PodLogs {
  /** One line with the time at which the container wrote it. */
  public record Line(Instant time, String text) {}

  private record Key(String namespace, String pod, String container) {}

  /** Lines from a given place on. */
  record Batch(List<Line> lines, boolean ended) {}

  private static final class Log {
    final List<Line> lines = new ArrayList<>();
    boolean ended;
  }

  private final Map<Key, Log> logs = new HashMap<>();
  private boolean closed;

  /** Adds a line with the present time. */
  public void append(String namespace, String pod, String container, String text) {
    append(namespace, pod, container, Instant.now(), text);
  }

  /**
   * Adds a line with a time of its own; readers see lines in the order in which they were added.
   */
  public synchronized void append(
      String namespace, String pod, String container, Instant time, String text) {
    log(new Key(namespace, pod, container)).lines.add(new Line(time, text));
    notifyAll();
  }

  /** The container has ended: whoever follows its log gets to the end of it. */
  public synchronized void end(String namespace, String pod, String container) {
    log(new Key(namespace, pod, container)).ended = true;
    notifyAll();
  }

  /** The pod is gone and so are its logs; a new pod of that name starts with empty ones. */
  public synchronized void forget(String namespace, String pod) {
    logs.entrySet()
        .removeIf(
            entry -> {
              boolean gone =
                  entry.getKey().namespace().equals(namespace) && entry.getKey().pod().equals(pod);
              entry.getValue().ended |= gone;
              return gone;
            });
    notifyAll();
  }

  /**
   * Reads one container's log from its start; a log that was forgotten stays readable to the end.
   */
  synchronized Reader reader(String namespace, String pod, String container) {
    return new Reader(log(new Key(namespace, pod, container)));
  }

  synchronized void close() {
    closed = true;
    notifyAll();
  }

  private Log log(Key key) {
    return logs.computeIfAbsent(key, k -> new Log());
  }

  final class Reader {
    private final Log log;
    private int next;

    private Reader(Log log) {
      this.log = log;
    }

    /** The lines not read yet, at once. */
    Batch available() {
      synchronized (PodLogs.this) {
        List<Line> lines = List.copyOf(log.lines.subList(next, log.lines.size()));
        next = log.lines.size();
        return new Batch(lines, log.ended || closed);
      }
    }

    /** The same, but waits until there is a line or the end, at most for the time given. */
    Batch await(Duration longest) throws InterruptedException {
      long deadline = System.nanoTime() + longest.toNanos();
      synchronized (PodLogs.this) {
        while (next == log.lines.size() && !log.ended && !closed) {
          long left = (deadline - System.nanoTime()) / 1_000_000;
          if (left <= 0) {
            break;
          }
          PodLogs.this.wait(left);
        }
        return available();
      }
    }
  }
}
