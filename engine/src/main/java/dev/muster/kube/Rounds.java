package dev.muster.kube;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.bound.Bounds;
import dev.muster.live.Failure;
import dev.muster.live.LiveObject;
import dev.muster.live.Watching;
import dev.muster.resource.ObjectRef;
import dev.muster.wire.Feeds;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Watches objects. Each round lists them (an object's own version may be too old to watch from, the
 * list's is not), then follows the events; a broken round starts again. All steps run one after the
 * other on shared threads; none waits for the network.
 */
abstract class Rounds implements Watching {
  /** Objects of one list; a server that has more to say has no end. */
  private static final int MOST = 500 * Bounds.PAGES;

  /**
   * What all watches share.
   *
   * @param seconds that a stream lasts before it is asked for anew; a short one finds out soon that
   *     its connection has died silently
   * @param promptly whether a refusal is told at once, and not when it lasts
   * @param feeds where each watch has a connection of its own
   */
  record Machinery(
      Executor events,
      ScheduledExecutorService timer,
      Pace pace,
      int seconds,
      boolean promptly,
      Feeds feeds,
      Timeouts timeouts) {}

  private final Line line;
  private final ObjectRef kind;
  private final Machinery machinery;
  private final Consumer<Rounds> onClose;
  private final OwnWay way;
  private final Serial serial;
  private volatile boolean closed;

  // Only touched by steps.
  private String version = "";
  private int failures;
  private boolean answered;
  private int silence;
  private Failure last = new Failure(Failure.Kind.TIMEOUT, "the cluster has not answered yet");
  private boolean lost;
  private final List<JsonNode> listed = new ArrayList<>();
  private volatile Runnable cancel = () -> {};

  private final AtomicInteger waiting = new AtomicInteger();
  private volatile boolean flooded;

  /**
   * @param kind what is listed; its name is ignored
   */
  Rounds(Line line, ObjectRef kind, Machinery machinery, Consumer<Rounds> onClose) {
    this.line = line;
    this.kind = kind;
    this.machinery = machinery;
    this.onClose = onClose;
    this.way = new OwnWay(line, machinery.feeds(), machinery.timeouts());
    this.serial = new Serial(machinery.events());
  }

  /** The list's path and what it is narrowed by. */
  abstract Call selection();

  /** The same for the list that comes first, which may come in pages. */
  Call listing() {
    return selection();
  }

  /** All that there are. */
  abstract void all(List<LiveObject> objects);

  abstract void changed(LiveObject object);

  abstract void gone(ObjectRef ref);

  /** Told when it lasts; {@link #all} or an event says that it is over. */
  abstract void failed(Failure failure);

  /** Whether an object can be one that was asked for. */
  abstract boolean ours(JsonNode object);

  void start() {
    step(
        () -> {
          expectAnswer();
          list();
        });
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      onClose.accept(this);
      cancel.run();
    }
  }

  private void step(Runnable step) {
    serial.execute(
        () -> {
          if (!closed) {
            step.run();
          }
        });
  }

  private void later(Duration pause, Runnable step) {
    try {
      machinery.timer().schedule(() -> step(step), pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      closed = true;
    }
  }

  private void list() {
    version = "";
    listed.clear();
    page("");
  }

  private void page(String from) {
    Call next = from.isEmpty() ? listing() : listing().with("continue", from);
    Connection.Sent sent = way.send(next);
    cancellable(sent);
    sent.reply().thenAccept(reply -> step(() -> listed(reply)));
  }

  private void cancellable(Connection.Sent sent) {
    cancel = sent.cancel();
    if (closed) {
      sent.cancel().run();
    }
  }

  private void listed(Reply reply) {
    if (reply instanceof Reply.Answer answer && answer.unserved(kind)) {
      heard();
      all(List.of());
      // The kind itself may come later: ask now and then.
      failures++;
      later(machinery.pace().pause(failures), this::list);
      return;
    }
    if (!(reply instanceof Reply.Answer answer)
        || !answer.good()
        || !answer.json().path("items").isArray()) {
      trouble(reply);
      return;
    }
    heard();
    JsonNode tree = answer.json();
    for (JsonNode item : tree.path("items")) {
      if (item.isObject() && ours(item)) {
        listed.add(item);
      }
    }
    String from = tree.path("metadata").path("continue").asText();
    if (!from.isEmpty() && listed.size() < MOST) {
      page(from);
      return;
    }
    version = tree.path("metadata").path("resourceVersion").asText();
    List<LiveObject> objects = listed.stream().map(item -> KubeCluster.item(kind, item)).toList();
    listed.clear();
    lost = false;
    all(objects);
    follow();
  }

  private void follow() {
    if (closed) {
      return;
    }
    int seconds =
        machinery.seconds() + ThreadLocalRandom.current().nextInt(1 + machinery.seconds() / 5);
    Call call =
        selection()
            .with("watch", "true")
            .with("allowWatchBookmarks", "true")
            .with("resourceVersion", version)
            .with("timeoutSeconds", String.valueOf(seconds));
    long started = System.nanoTime();
    Connection.Sent sent = way.stream(call, seconds + 10, () -> step(this::heard), this::arrived);
    cancellable(sent);
    sent.reply().thenAccept(reply -> step(() -> ended(reply, started)));
  }

  /** What comes faster than it is looked at is not kept: the object is read anew. */
  private void arrived(String text) {
    if (waiting.addAndGet(text.length()) > Bounds.EVENTS_WAITING) {
      waiting.addAndGet(-text.length());
      flooded = true;
      cancel.run();
      return;
    }
    step(
        () -> {
          waiting.addAndGet(-text.length());
          event(text);
        });
  }

  private void event(String text) {
    if (flooded) {
      version = "";
      return;
    }
    JsonNode event = Reply.parse(text);
    JsonNode object = event.path("object");
    String type = event.path("type").asText();
    if (type.equals("ERROR") || !object.isObject()) {
      // The stream has no more to say; the round begins anew when it ends.
      version = "";
      cancel.run();
      return;
    }
    failures = 0;
    version = object.path("metadata").path("resourceVersion").asText();
    lost = false;
    if (type.equals("BOOKMARK") || !ours(object)) {
      return;
    }
    LiveObject seen = KubeCluster.item(kind, object);
    if (type.equals("DELETED")) {
      gone(seen.ref());
    } else {
      changed(seen);
    }
  }

  private void ended(Reply reply, long started) {
    if (flooded) {
      flooded = false;
      version = "";
    }
    if (reply instanceof Reply.Answer answer && answer.code() == 200 && !version.isEmpty()) {
      Duration lasted = Duration.ofNanos(System.nanoTime() - started);
      failures = lasted.compareTo(machinery.pace().longest()) < 0 ? failures + 1 : 0;
      resume();
    } else if (version.isEmpty() || reply instanceof Reply.Answer answer && answer.code() == 410) {
      failures++;
      later(machinery.pace().pause(failures), this::list);
    } else {
      version = reply instanceof Reply.Answer ? "" : version;
      trouble(reply);
    }
  }

  private void resume() {
    if (failures == 0) {
      follow();
    } else {
      later(machinery.pace().pause(failures), failures % 3 == 0 ? this::list : this::follow);
    }
  }

  private void trouble(Reply reply) {
    last = failure(reply);
    failures++;
    if (answered) {
      expectAnswer();
    } else if (lost) {
      failed(last);
    } else if (machinery.promptly() && last.kind() == Failure.Kind.FORBIDDEN) {
      lost = true;
      failed(last);
    }
    if (Line.refused(reply)) {
      line.renew();
    }
    boolean anew = version.isEmpty() || failures % 3 == 0;
    later(machinery.pace().pause(failures), anew ? this::list : this::follow);
  }

  private static Failure failure(Reply reply) {
    return reply instanceof Reply.Answer answer && answer.good()
        ? Failures.stranger(answer)
        : KubeCluster.failure(reply);
  }

  /** From now on, silence is told when it lasts. */
  private void expectAnswer() {
    answered = false;
    int mine = ++silence;
    later(
        machinery.pace().patience(),
        () -> {
          if (!answered && mine == silence) {
            lost = true;
            failed(last);
          }
        });
  }

  private void heard() {
    answered = true;
  }

  boolean closed() {
    return closed;
  }

  /** Runs steps in order, one at a time, on threads that others use too. */
  private static final class Serial {
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private final Executor executor;
    private boolean running;

    Serial(Executor executor) {
      this.executor = executor;
    }

    void execute(Runnable step) {
      synchronized (this) {
        waiting.add(step);
        if (running) {
          return;
        }
        running = true;
      }
      go();
    }

    private void go() {
      try {
        executor.execute(this::next);
      } catch (RejectedExecutionException e) {
        // All clusters have been closed.
        synchronized (this) {
          waiting.clear();
          running = false;
        }
      }
    }

    private void next() {
      Runnable step;
      synchronized (this) {
        step = waiting.remove();
      }
      try {
        step.run();
      } finally {
        boolean more;
        synchronized (this) {
          more = !waiting.isEmpty();
          running = more;
        }
        if (more) {
          go();
        }
      }
    }
  }
}
