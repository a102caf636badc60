package dev.muster.sandbox.server.store;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What the containers of one cluster have printed; the oldest lines are forgotten. */
public final class PodLogs {
  /** One line; {@code number} counts all lines of this container from 1. */
  public record Line(long number, Instant time, String text) {}

  private record Container(String namespace, String pod, String name) {}

  private static final class Tape {
    final Deque<Line> lines = new ArrayDeque<>();
    long last;
  }

  private static final int KEPT = 10_000;

  private final Map<Container, Tape> tapes = new HashMap<>();
  private final Clock clock;

  public PodLogs(Clock clock) {
    this.clock = clock;
  }

  /** Adds one line as printed now; those who follow the log get it at once. */
  public synchronized void append(String namespace, String pod, String container, String line) {
    Tape tape = tapes.computeIfAbsent(new Container(namespace, pod, container), c -> new Tape());
    tape.lines.addLast(new Line(++tape.last, clock.instant(), line));
    if (tape.lines.size() > KEPT) {
      tape.lines.removeFirst();
    }
    notifyAll();
  }

  /** The lines after a line number; waits for one at most as long as said. */
  public synchronized List<Line> after(
      String namespace, String pod, String container, long number, Duration wait)
      throws InterruptedException {
    long deadline = System.nanoTime() + wait.toNanos();
    Container key = new Container(namespace, pod, container);
    while (true) {
      Tape tape = tapes.get(key);
      if (tape != null && tape.last > number) {
        return tape.lines.stream().filter(line -> line.number() > number).toList();
      }
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return List.of();
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
  }

  /** Forgets what a pod has printed, as happens when it is deleted. */
  public synchronized void forget(String namespace, String pod) {
    tapes.keySet().removeIf(c -> c.namespace().equals(namespace) && c.pod().equals(pod));
    notifyAll();
  }
}
