package dev.muster.kube;

import dev.muster.live.Failure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The way to one cluster: opens its connection when it is first needed, lets go of it when others
 * need the room, and tries again what may be tried again.
 */
final class Line {
  private static final int TRIES = 3;
  private static final int AT_ONCE = 4;

  private static final Reply LATE =
      new Reply.Broken(
          new Failure(
              Failure.Kind.BROKEN,
              "the request waited so long for others that it was not sent; what was asked before"
                  + " it did not count any more"));

  private final Supplier<Connection> opener;
  private final OpenLines open;
  private final OpenLines heavy;
  private final Pace pace;
  private final Semaphore turns = new Semaphore(AT_ONCE, true);
  private final List<Connection> retired = new ArrayList<>();
  private @Nullable Connection connection;
  private @Nullable CompletableFuture<Reply> opening;
  private boolean warm;
  private int users;
  private boolean closed;

  /**
   * @param open bounds all lines
   * @param heavy bounds those whose clients have threads of their own
   */
  Line(Supplier<Connection> opener, OpenLines open, OpenLines heavy, Pace pace) {
    this.opener = opener;
    this.open = open;
    this.heavy = heavy;
    this.pace = pace;
  }

  /** Sends a request and waits for what comes of it. */
  Reply send(Call call) {
    boolean renewed = false;
    for (int tries = 1; ; tries++) {
      Optional<Failure> refusal = call.permit().refusal();
      if (refusal.isPresent()) {
        return new Reply.Broken(refusal.get());
      }
      Reply reply = once(call);
      if (reply == LATE && tries < TRIES) {
        continue;
      }
      if (!renewed && refused(reply) && renew()) {
        renewed = true;
        continue;
      }
      Optional<Duration> pause = tries < TRIES ? again(call, reply, tries) : Optional.empty();
      if (pause.isEmpty() || !slept(pause.get())) {
        return reply;
      }
    }
  }

  /**
   * One try. The first to a cluster goes alone: several at once would each make a connection of
   * their own, with a TLS handshake that costs more than all their requests, and for a cluster that
   * is down they learn the same thing.
   */
  private Reply once(Call call) {
    CompletableFuture<Reply> mine = new CompletableFuture<>();
    CompletableFuture<Reply> first;
    synchronized (this) {
      first = warm ? mine : opening == null ? mine : opening;
      if (!warm && first == mine) {
        opening = mine;
      }
    }
    try {
      if (first != mine) {
        Reply theirs = first.get();
        if (theirs instanceof Reply.Broken broken && hopeless(broken.failure().kind())) {
          return theirs;
        }
      }
      return inTurn(call, mine);
    } catch (InterruptedException e) {
      return interrupted();
    } catch (ExecutionException e) {
      return new Reply.Broken(Failures.of("the server", e));
    }
  }

  private Reply inTurn(Call call, CompletableFuture<Reply> mine) throws InterruptedException {
    turns.acquire();
    Reply reply = new Reply.Broken(new Failure(Failure.Kind.BROKEN, "the request was not sent"));
    try {
      reply = sendAndWait(call);
      return reply;
    } finally {
      turns.release();
      synchronized (this) {
        warm = warm || reply instanceof Reply.Answer;
        opening = opening == mine ? null : opening;
      }
      mine.complete(reply);
    }
  }

  private static boolean hopeless(Failure.Kind kind) {
    return kind == Failure.Kind.NO_ACCESS || kind.unreachable() && kind != Failure.Kind.BROKEN;
  }

  private Reply sendAndWait(Call call) throws InterruptedException {
    // Asked for once more as late as can be, and without a request, which would want a turn too.
    if (!call.permit().stands()) {
      return LATE;
    }
    try {
      return take().ask(call);
    } catch (RuntimeException e) {
      return new Reply.Broken(Failures.of("the server", e));
    } finally {
      give();
    }
  }

  private static Reply interrupted() {
    Thread.currentThread().interrupt();
    return new Reply.Broken(new Failure(Failure.Kind.BROKEN, "the request was interrupted"));
  }

  /**
   * Starts a request and keeps the connection until it has ended. Never throws; what goes wrong is
   * in the reply. May take a while: opening reads files and may run a login program.
   */
  Connection.Sent start(Function<Connection, Connection.Sent> request) {
    Connection.Sent sent;
    try {
      Connection taken = take();
      sent = request.apply(taken);
      if (taken.heavy()) {
        heavy.used(this);
      }
    } catch (RuntimeException e) {
      give();
      Reply broken = new Reply.Broken(Failures.of("the server", e));
      return new Connection.Sent(CompletableFuture.completedFuture(broken), () -> {});
    }
    var kept = sent.reply().whenComplete((reply, thrown) -> give());
    return new Connection.Sent(kept, sent.cancel());
  }

  static boolean refused(Reply reply) {
    return reply instanceof Reply.Answer answer && answer.code() == 401;
  }

  /** Asks for another credential after a refusal; whether there is one. */
  boolean renew() {
    try {
      return take().renew();
    } catch (NoAccess e) {
      return false;
    } finally {
      give();
    }
  }

  private Optional<Duration> again(Call call, Reply reply, int failures) {
    if (reply instanceof Reply.Answer answer) {
      int code = answer.code();
      boolean asked = code == 429 || code == 503 && !answer.retryAfter().isEmpty();
      if (asked) {
        return pace.asked(answer.retryAfter(), failures, call.reads());
      }
      boolean passing = code == 500 || code == 502 || code == 503 || code == 504;
      return call.reads() && passing ? Optional.of(pace.pause(failures)) : Optional.empty();
    }
    boolean broken =
        reply instanceof Reply.Broken failed && failed.failure().kind() == Failure.Kind.BROKEN;
    // A write may have arrived although its answer did not.
    return call.reads() && broken && !Thread.currentThread().isInterrupted()
        ? Optional.of(pace.pause(failures))
        : Optional.empty();
  }

  private static boolean slept(Duration pause) {
    try {
      Thread.sleep(pause.toMillis());
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private Connection take() {
    Connection taken;
    synchronized (this) {
      users++;
      if (closed) {
        throw new NoAccess("the cluster's connection was closed");
      }
      Connection before = connection;
      if (before != null && before.stale()) {
        // Requests that use it end with it.
        retired.add(before);
        connection = null;
      }
      if (connection == null) {
        connection = opener.get();
      }
      taken = connection;
    }
    open.used(this);
    if (taken.heavy()) {
      heavy.used(this);
    }
    return taken;
  }

  private synchronized void give() {
    users--;
    if (users == 0) {
      retired.forEach(Connection::close);
      retired.clear();
    }
    if (closed) {
      drop();
    }
  }

  /** Lets go of the connection when nobody uses it; whether it did. */
  synchronized boolean dropIfIdle() {
    return users == 0 && drop();
  }

  private boolean drop() {
    if (connection == null || users > 0) {
      return false;
    }
    connection.close();
    connection = null;
    warm = false;
    open.forget(this);
    heavy.forget(this);
    return true;
  }

  synchronized void close() {
    closed = true;
    drop();
  }
}
