package dev.muster.wire;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/** One connection to a server, used by one thread at a time. Interrupting that thread closes it. */
final class Lane implements Closeable {
  private final SocketChannel channel;
  private final Optional<TlsStream> fast;
  private final InputStream in;
  private final OutputStream out;
  private boolean used;
  private boolean reusable = true;
  private long idleSince;

  private Lane(SocketChannel channel, TlsStream fast) {
    this.channel = channel;
    this.fast = Optional.of(fast);
    this.in = fast.input();
    this.out = fast.output();
  }

  private Lane(SocketChannel channel, Socket socket) throws IOException {
    this.channel = channel;
    this.fast = Optional.empty();
    this.in = socket.getInputStream();
    this.out = socket.getOutputStream();
  }

  /**
   * Connects, and makes sure who is there.
   *
   * @param nanos the most that it may take
   * @throws SocketTimeoutException when it takes longer
   */
  static Lane open(Endpoint endpoint, Alarms alarms, long nanos) throws IOException {
    long until = System.nanoTime() + nanos;
    if (endpoint.tls().isPresent()) {
      Tls tls = endpoint.tls().get();
      try {
        if (tls.fast(endpoint)) {
          return over(endpoint, alarms, until, channel -> fast(channel, tls, endpoint));
        }
      } catch (SSLException e) {
        tls.leaveToTheJdk(endpoint);
      }
      return over(endpoint, alarms, until, channel -> byTheJdk(channel, tls, endpoint));
    }
    return over(endpoint, alarms, until, channel -> new Lane(channel, channel.socket()));
  }

  private static Lane fast(SocketChannel channel, Tls tls, Endpoint endpoint) throws IOException {
    SSLEngine engine = tls.fastEngine(endpoint.tlsName(), endpoint.port());
    return new Lane(channel, TlsStream.open(channel, engine));
  }

  private static Lane byTheJdk(SocketChannel channel, Tls tls, Endpoint endpoint)
      throws IOException {
    return new Lane(channel, tls.over(channel.socket(), endpoint.tlsName(), endpoint.port()));
  }

  private interface Way {
    Lane over(SocketChannel channel) throws IOException;
  }

  private static Lane over(Endpoint endpoint, Alarms alarms, long until, Way way)
      throws IOException {
    SocketChannel channel = connected(endpoint, alarms, until);
    boolean done = false;
    Alarms.Alarm alarm = alarms.set(until - System.nanoTime(), channel);
    try (alarm) {
      channel.socket().setTcpNoDelay(true);
      Lane lane = way.over(channel);
      done = true;
      return lane;
    } catch (IOException e) {
      throw alarm.rang() ? late() : e;
    } finally {
      if (!done) {
        channel.close();
      }
    }
  }

  /** Tries all addresses of a name, each for its share of the time that is left. */
  private static SocketChannel connected(Endpoint endpoint, Alarms alarms, long until)
      throws IOException {
    InetAddress[] addresses = InetAddress.getAllByName(endpoint.host());
    for (int i = 0; ; i++) {
      InetSocketAddress address = new InetSocketAddress(addresses[i], endpoint.port());
      SocketChannel channel = SocketChannel.open();
      long share = (until - System.nanoTime()) / (addresses.length - i);
      Alarms.Alarm alarm = alarms.set(share, channel);
      try (alarm) {
        channel.connect(address);
        return channel;
      } catch (IOException e) {
        channel.close();
        if (i == addresses.length - 1 || Thread.currentThread().isInterrupted()) {
          throw alarm.rang() ? late() : e;
        }
      }
    }
  }

  private static SocketTimeoutException late() {
    return new SocketTimeoutException("no answer in time");
  }

  /** Whether it has carried an answer before. */
  boolean used() {
    return used;
  }

  boolean reusable() {
    return reusable;
  }

  void rest() {
    fast.ifPresent(TlsStream::rest);
    idleSince = System.nanoTime();
  }

  /**
   * Whether an idle connection may still be used. What a server sends unasked means that it hangs
   * up, or worse.
   *
   * @param nanos longer idle ones may have been forgotten by something on the way
   */
  boolean alive(long nanos) {
    if (System.nanoTime() - idleSince > nanos) {
      return false;
    }
    try {
      channel.configureBlocking(false);
      int read = channel.read(ByteBuffer.allocate(1));
      channel.configureBlocking(true);
      return read == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Sends a request and reads the answer.
   *
   * @param limit bytes of a body that are taken in
   * @throws Unanswered when the connection ended before a byte of an answer came
   * @throws SocketTimeoutException when the answer is not complete in time
   */
  Answer exchange(byte[] request, int limit, Alarms alarms, long nanos) throws IOException {
    reusable = false;
    Alarms.Alarm alarm = alarms.set(nanos, channel);
    boolean begun = false;
    fast.ifPresent(TlsStream::wake);
    try (alarm) {
      AnswerReader reader = new AnswerReader(in, limit);
      try {
        out.write(request);
        out.flush();
        Answer answer = reader.read();
        reusable = reader.reusable();
        used = true;
        return answer;
      } finally {
        begun = reader.begun();
      }
    } catch (IOException e) {
      if (alarm.rang()) {
        throw late();
      }
      throw begun ? e : new Unanswered(e);
    }
  }

  /** Without a farewell in TLS, which could block, and which nobody needs after a whole answer. */
  @Override
  public void close() {
    fast.ifPresent(TlsStream::close);
    try {
      channel.close();
    } catch (IOException e) {
      // It is being thrown away.
    }
  }

  /** A connection ended before a byte of an answer came. */
  static final class Unanswered extends IOException {
    Unanswered(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }
}
