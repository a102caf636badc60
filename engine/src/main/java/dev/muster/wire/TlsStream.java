package dev.muster.wire;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLHandshakeException;

/** TLS by {@link NativeTls} over a connection whose reader waits; used by one thread at a time. */
final class TlsStream implements Closeable {
  private static final ByteBuffer NONE = ByteBuffer.allocate(0);

  private final SocketChannel channel;
  private final SSLEngine engine;
  private final TlsPipe pipe;
  private Scratch buffers = Scratch.borrow();
  private byte[] unread = {};
  private ByteBuffer said = NONE;
  private boolean ended;
  private boolean closed;

  private TlsStream(SocketChannel channel, SSLEngine engine) {
    this.channel = channel;
    this.engine = engine;
    this.pipe = new TlsPipe(engine);
  }

  /**
   * Shakes hands.
   *
   * @throws SSLHandshakeException when that fails for whatever reason but that somebody has closed
   *     the channel
   */
  static TlsStream open(SocketChannel channel, SSLEngine engine) throws IOException {
    TlsStream stream = new TlsStream(channel, engine);
    boolean done = false;
    try {
      stream.shake();
      stream.rest();
      done = true;
      return stream;
    } catch (ClosedChannelException | SSLHandshakeException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      SSLHandshakeException failed = new SSLHandshakeException("the handshake failed");
      failed.initCause(e);
      throw failed;
    } finally {
      if (!done) {
        stream.close();
      }
    }
  }

  private void shake() throws IOException {
    pipe.begin();
    while (true) {
      boolean open = exchanged();
      if (pipe.standing()) {
        return;
      }
      if (!open || !received()) {
        throw new SSLHandshakeException("the server hung up in the handshake");
      }
    }
  }

  private boolean exchanged() throws IOException {
    ByteArrayOutputStream answers = new ByteArrayOutputStream(0);
    boolean open = pipe.take(buffers, answers, this::taken);
    send(ByteBuffer.wrap(answers.toByteArray()));
    return open;
  }

  private void taken(ByteBuffer bytes) {
    ByteBuffer all = ByteBuffer.allocate(said.remaining() + bytes.remaining());
    all.put(said).put(bytes).flip();
    said = all;
  }

  /** Whether more has come. */
  private boolean received() throws IOException {
    ByteBuffer in = buffers.in();
    in.compact();
    int read = channel.read(in);
    in.flip();
    return read >= 0;
  }

  private void send(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  InputStream input() {
    return new Input();
  }

  OutputStream output() {
    return new Output();
  }

  /** Nothing is asked any more for a while. */
  void rest() {
    unread = new byte[buffers.in().remaining()];
    buffers.in().get(unread);
    buffers.giveBack();
  }

  /** Something is going to be asked, up to the next {@link #rest} or {@link #close}. */
  void wake() {
    buffers = Scratch.borrow();
    buffers.in().clear().put(unread).flip();
  }

  /** Says no farewell, as {@link Lane#close}; the channel is somebody else's. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      NativeTls.release(engine);
    }
  }

  private final class Input extends InputStream {
    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      while (!said.hasRemaining()) {
        if (ended) {
          return -1;
        }
        // What came along with the end of the handshake, or of the last record, comes first.
        ended = !exchanged() || !said.hasRemaining() && !received();
      }
      int taken = Math.min(length, said.remaining());
      said.get(into, offset, taken);
      return taken;
    }
  }

  private final class Output extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
      send(ByteBuffer.wrap(pipe.wrapped(ByteBuffer.wrap(from, offset, length), buffers)));
    }
  }
}
