package dev.muster.wire;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;

/** TLS over bytes that somebody else brings and takes; used by one thread at a time. */
final class TlsPipe {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final SSLEngine engine;
  private boolean standing;

  /** Takes what was said. */
  interface Plain {
    void take(ByteBuffer bytes) throws IOException;
  }

  TlsPipe(SSLEngine engine) {
    this.engine = engine;
  }

  void begin() throws IOException {
    engine.beginHandshake();
  }

  /** Whether the server has shown who it is, so that something may be sent. */
  boolean standing() {
    return standing;
  }

  /**
   * Takes what has come into {@code buffers.in()}, as far as it is whole records, up to the end of
   * the handshake when it is in progress.
   *
   * @param answers what has to be sent because of it
   * @return whether the other side may still say something
   */
  boolean take(Scratch buffers, ByteArrayOutputStream answers, Plain plain) throws IOException {
    ByteBuffer in = buffers.in();
    while (true) {
      HandshakeStatus status = engine.getHandshakeStatus();
      if (status == HandshakeStatus.NEED_TASK) {
        tasks();
        continue;
      }
      if (status == HandshakeStatus.NEED_WRAP) {
        if (!wrap(NOTHING, buffers.out(), answers)) {
          return false;
        }
        continue;
      }
      if (status == HandshakeStatus.NOT_HANDSHAKING && !standing) {
        standing = true;
        return true;
      }
      // A native engine sees the end of a handshake only when it is asked once more.
      if (!in.hasRemaining() && standing) {
        return true;
      }
      buffers.plain().clear();
      SSLEngineResult result = engine.unwrap(in, buffers.plain());
      buffers.plain().flip();
      if (buffers.plain().hasRemaining()) {
        plain.take(buffers.plain());
      }
      switch (result.getStatus()) {
        case CLOSED -> {
          return false;
        }
        case BUFFER_UNDERFLOW -> {
          if (in.remaining() == in.capacity()) {
            throw new IOException("a record of TLS is longer than one may be");
          }
          if (engine.getHandshakeStatus() == status) {
            return true;
          }
        }
        case BUFFER_OVERFLOW -> throw new IOException("a record of TLS holds more than one may");
        case OK -> {
          boolean moved = result.bytesConsumed() > 0 || result.bytesProduced() > 0;
          if (!moved && engine.getHandshakeStatus() == status) {
            return true;
          }
        }
      }
    }
  }

  byte[] wrapped(ByteBuffer bytes, Scratch buffers) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream(bytes.remaining() + 64);
    while (bytes.hasRemaining()) {
      if (!wrap(bytes, buffers.out(), all)) {
        throw new IOException("the server has said that it takes no more");
      }
    }
    return all.toByteArray();
  }

  private boolean wrap(ByteBuffer bytes, ByteBuffer out, ByteArrayOutputStream to)
      throws IOException {
    out.clear();
    SSLEngineResult result = engine.wrap(bytes, out);
    to.write(out.array(), 0, out.position());
    return result.getStatus() == SSLEngineResult.Status.OK;
  }

  private void tasks() {
    Runnable task = engine.getDelegatedTask();
    while (task != null) {
      task.run();
      task = engine.getDelegatedTask();
    }
  }
}
