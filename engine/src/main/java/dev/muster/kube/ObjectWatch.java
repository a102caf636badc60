package dev.muster.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.bound.Bounds;
import dev.muster.live.Failure;
import dev.muster.live.LiveObject;
import dev.muster.live.Reading;
import dev.muster.live.Watching;
import dev.muster.resource.ObjectRef;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Watches one object. Each round lists the kind down to the one name (an object's own version may
 * be too old to watch from, the list's is not), then follows the events; a broken round starts
 * again. All steps run one after the other on shared threads; none waits for the network.
 */
final class ObjectWatch implements Watching {
  /** A short stream finds out soon that its connection has died silently. */
  private static final int STREAM_SECONDS = 55;

  /** What all watches share. */
  record Machinery(Executor events, ScheduledExecutorService timer, Pace pace) {}

  private final Line line;
  private final ObjectRef ref;
  private final Consumer<Reading> onChange;
  private final Machinery machinery;
  private final Consumer<ObjectWatch> onClose;
  private final Serial serial;
  private volatile boolean closed;

  // Only touched by steps.
  private String version = "";
  private int failures;
  private boolean answered;
  private int silence;
  private Failure last = new Failure(Failure.Kind.TIMEOUT, "the cluster has not answered yet");
  private @Nullable Reading told;
  private volatile Runnable cancel = () -> {};

  private final AtomicInteger waiting = new AtomicInteger();
  private volatile boolean flooded;

  ObjectWatch(
      Line line,
      ObjectRef ref,
      Consumer<Reading> onChange,
      Machinery machinery,
      Consumer<ObjectWatch> onClose) {
    this.line = line;
    this.ref = ref;
    this.onChange = onChange;
    this.machinery = machinery;
    this.onClose = onClose;
    this.serial = new Serial(machinery.events());
  }

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

  private Call selection() {
    return Call.get(ref.collectionPath()).with("fieldSelector", "metadata.name=" + ref.name());
  }

  private void list() {
    version = "";
    Connection.Sent sent = line.start(connection -> connection.send(selection()));
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
    if (reply instanceof Reply.Answer answer && answer.absent()) {
      heard();
      tell(new Reading.Absent());
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
    version = tree.path("metadata").path("resourceVersion").asText();
    Reading reading = new Reading.Absent();
    for (JsonNode item : tree.path("items")) {
      if (item.isObject() && KubeCluster.is(ref, item)) {
        reading = new Reading.Found(found((ObjectNode) item));
      }
    }
    tell(reading);
    follow();
  }

  private LiveObject found(ObjectNode tree) {
    return new LiveObject(ref, KubeCluster.item(ref, tree).tree());
  }

  private void follow() {
    if (closed) {
      return;
    }
    int seconds = STREAM_SECONDS + ThreadLocalRandom.current().nextInt(10);
    Call call =
        selection()
            .with("watch", "true")
            .with("allowWatchBookmarks", "true")
            .with("resourceVersion", version)
            .with("timeoutSeconds", String.valueOf(seconds));
    long started = System.nanoTime();
    Connection.Sent sent =
        line.start(
            connection ->
                connection.stream(call, seconds + 10, () -> step(this::heard), this::arrived));
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
    boolean ours = KubeCluster.is(ref, object);
    if (type.equals("DELETED") && ours) {
      tell(new Reading.Absent());
    } else if (!type.equals("BOOKMARK") && ours) {
      tell(new Reading.Found(found((ObjectNode) object)));
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
    } else if (told instanceof Reading.Failed) {
      tell(new Reading.Failed(last));
    }
    if (Line.refused(reply)) {
      line.renew();
    }
    boolean lost = version.isEmpty() || failures % 3 == 0;
    later(machinery.pace().pause(failures), lost ? this::list : this::follow);
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
            tell(new Reading.Failed(last));
          }
        });
  }

  private void heard() {
    answered = true;
  }

  private void tell(Reading reading) {
    if (!closed && !same(reading)) {
      told = reading;
      onChange.accept(reading);
    }
  }

  private boolean same(Reading reading) {
    if (reading instanceof Reading.Found now && told instanceof Reading.Found before) {
      return !now.object().resourceVersion().isEmpty()
          && now.object().resourceVersion().equals(before.object().resourceVersion())
          && now.object().uid().equals(before.object().uid());
    }
    return reading.equals(told);
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
