package dev.muster.wire;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * One connection of {@link Feeds}: it carries one answer after the other, and is made anew when it
 * has to be. All of its state belongs to the thread of the feeds.
 */
public final class Feed {
  private static final byte[] NONE = new byte[0];

  /** What hears of an answer, on the one thread, which must not be held up. */
  public interface Taker extends AnswerParser.Taker {
    /** The answer is complete. */
    void ended();

    /** There is no answer, or not all of it. */
    void failed(Exception why);
  }

  /**
   * How long may be waited.
   *
   * @param connect until a connection stands, TLS included
   * @param head from then on until an answer begins
   * @param whole from then on until it is complete
   */
  public record Limits(long connect, long head, long whole) {}

  private record Exchange(Request request, Taker taker, Limits limits) {}

  private final Feeds feeds;
  private final Endpoint endpoint;
  private volatile InetAddress[] addresses = {};
  private volatile boolean connected;

  private int tried;
  private Optional<FeedLink> link = Optional.empty();
  private Optional<TlsPipe> tls = Optional.empty();
  private byte[] unread = NONE;
  private @Nullable Exchange exchange;
  private @Nullable AnswerParser parser;
  private boolean fresh;
  private boolean waiting;
  private boolean atDoor;
  private @Nullable Future<?> alarm;
  private int alarms;

  Feed(Feeds feeds, Endpoint endpoint) {
    this.feeds = feeds;
    this.endpoint = endpoint;
  }

  /**
   * Sends a request that may be sent twice, when the one before it has ended. Looks up the server's
   * name, and does not wait for anything else.
   */
  public void ask(Request request, Taker taker, Limits limits) {
    if (!connected) {
      try {
        addresses = InetAddress.getAllByName(endpoint.host());
      } catch (UnknownHostException e) {
        taker.failed(e);
        return;
      }
    }
    feeds.run(() -> begin(new Exchange(request, taker, limits)));
  }

  /** Gives up what is going on, and the connection with it. */
  public void cancel() {
    feeds.run(() -> fail(new CancellationException()));
  }

  private void begin(Exchange next) {
    if (exchange != null) {
      next.taker().failed(new IOException("a feed carries one answer at a time"));
      return;
    }
    exchange = next;
    parser = new AnswerParser(next.taker());
    fresh = link.isEmpty();
    guarded(
        () -> {
          if (fresh) {
            connect();
          } else {
            arm(next.limits().head());
            send(bytes(next));
          }
        });
  }

  private ByteBuffer bytes(Exchange of) throws IOException {
    return ByteBuffer.wrap(of.request().bytes(endpoint.authority()));
  }

  private void connect() {
    tried = 0;
    waiting = true;
    feeds.enter(this, server());
  }

  private String server() {
    return endpoint.host() + " " + endpoint.port() + " " + endpoint.tlsName();
  }

  boolean waiting() {
    return waiting;
  }

  void admitted() {
    waiting = false;
    atDoor = true;
    guarded(
        () -> {
          if (exchange != null) {
            arm(exchange.limits().connect());
          }
          open();
        });
  }

  private void open() throws IOException {
    FeedLink made = FeedLink.open(feeds.selector(), this);
    link = Optional.of(made);
    if (made.connect(new InetSocketAddress(addresses[tried], endpoint.port()))) {
      linked();
    }
  }

  private void linked() throws IOException {
    link.ifPresent(FeedLink::listen);
    if (endpoint.tls().isEmpty()) {
      established();
      return;
    }
    TlsPipe pipe = new TlsPipe(endpoint.tls().get().engine(endpoint.tlsName(), endpoint.port()));
    tls = Optional.of(pipe);
    feeds.buffers.in().clear().flip();
    pipe.begin();
    shake(pipe);
  }

  private void shake(TlsPipe pipe) throws IOException {
    boolean before = pipe.standing();
    boolean open = exchanged(pipe);
    if (!before && pipe.standing()) {
      established();
      // What came behind the handshake in one go.
      open = exchanged(pipe) && open;
    }
    if (!open) {
      hungUp();
    }
  }

  private boolean exchanged(TlsPipe pipe) throws IOException {
    ByteArrayOutputStream answers = new ByteArrayOutputStream(0);
    boolean open = pipe.take(feeds.buffers, answers, this::taken);
    queue(answers.toByteArray());
    return open;
  }

  private void established() throws IOException {
    connected = true;
    outside();
    if (exchange != null) {
      arm(exchange.limits().head());
      send(bytes(exchange));
    }
  }

  private void outside() {
    if (atDoor) {
      atDoor = false;
      feeds.leave(server());
    }
  }

  private void send(ByteBuffer bytes) throws IOException {
    if (tls.isPresent()) {
      queue(tls.get().wrapped(bytes, feeds.buffers));
    } else {
      byte[] all = new byte[bytes.remaining()];
      bytes.get(all);
      queue(all);
    }
  }

  private void queue(byte[] bytes) throws IOException {
    if (link.isPresent()) {
      link.get().send(bytes);
    }
  }

  /** The system says that something can be done. */
  void ready() {
    link.ifPresent(
        own ->
            guarded(
                () -> {
                  if (own.connectable()) {
                    connectable(own);
                    return;
                  }
                  own.flush();
                  if (own.readable()) {
                    readable(own);
                  }
                }));
  }

  private void connectable(FeedLink own) throws IOException {
    try {
      if (own.connected()) {
        linked();
      }
    } catch (IOException e) {
      if (tls.isPresent() || tried + 1 >= addresses.length) {
        throw e;
      }
      tried++;
      own.close();
      open();
    }
  }

  private void readable(FeedLink own) throws IOException {
    ByteBuffer in = feeds.buffers.in();
    in.clear();
    in.put(unread);
    unread = NONE;
    int read = own.read(in);
    in.flip();
    if (exchange == null && tls.isEmpty() && (read != 0 || in.hasRemaining())) {
      // What a server sends unasked means that it hangs up, or worse.
      drop();
      return;
    }
    if (tls.isPresent()) {
      shake(tls.get());
    } else {
      taken(in);
    }
    if (link.isPresent() && in.hasRemaining()) {
      unread = new byte[in.remaining()];
      in.get(unread);
    }
    if (read < 0) {
      hungUp();
    }
  }

  private void taken(ByteBuffer bytes) throws IOException {
    if (parser == null || exchange == null) {
      if (bytes.hasRemaining()) {
        drop();
      }
      return;
    }
    boolean headed = parser.begun();
    parser.take(bytes);
    if (!headed && parser.begun() && exchange != null) {
      arm(exchange.limits().whole());
    }
    if (parser != null && parser.done()) {
      finish(parser.reusable() && !bytes.hasRemaining());
    }
  }

  private void finish(boolean reusable) {
    Exchange done = exchange;
    disarm();
    exchange = null;
    parser = null;
    if (!reusable) {
      drop();
    }
    if (done != null) {
      done.taker().ended();
    }
  }

  private void hungUp() throws IOException {
    if (exchange == null || parser == null) {
      drop();
      return;
    }
    if (!fresh && !parser.begun()) {
      // One that was kept, and that the server has closed in the meantime.
      drop();
      fresh = true;
      connect();
      return;
    }
    parser.end();
    finish(false);
  }

  private void fail(Exception why) {
    Exchange failed = exchange;
    disarm();
    exchange = null;
    parser = null;
    waiting = false;
    drop();
    if (failed != null) {
      failed.taker().failed(why);
    }
  }

  void abandon() {
    fail(new IOException("all connections were closed"));
  }

  private void drop() {
    connected = false;
    tls = Optional.empty();
    unread = NONE;
    link.ifPresent(FeedLink::close);
    link = Optional.empty();
    outside();
  }

  private void arm(long nanos) throws IOException {
    disarm();
    int mine = ++alarms;
    alarm =
        feeds.later(
            nanos,
            () -> {
              if (mine == alarms) {
                fail(new SocketTimeoutException("no answer in time"));
              }
            });
  }

  private void disarm() {
    alarms++;
    if (alarm != null) {
      alarm.cancel(false);
      alarm = null;
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  private void guarded(Work work) {
    try {
      work.run();
    } catch (IOException | RuntimeException e) {
      if (!fresh && exchange != null && parser != null && !parser.begun()) {
        drop();
        fresh = true;
        connect();
      } else {
        fail(e);
      }
    }
  }
}
