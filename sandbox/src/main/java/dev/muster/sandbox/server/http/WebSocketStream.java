package dev.muster.sandbox.server.http;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * The server's half of RFC 6455 for a stream that only the server speaks on: text out, ping and
 * close in.
 */
final class WebSocketStream implements BodyStream {
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  private static final int TEXT = 1;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;
  private static final int MAX_CLIENT_FRAME = 64 * 1024;

  private final Socket socket;
  private final BufferedInputStream in;
  private final OutputStream out;
  private boolean closed;

  private WebSocketStream(Socket socket, BufferedInputStream in, OutputStream out) {
    this.socket = socket;
    this.in = in;
    this.out = out;
  }

  static WebSocketStream accept(
      Socket socket, BufferedInputStream in, OutputStream out, HttpRequest request)
      throws IOException {
    String head =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Accept: "
            + answer(request.header("sec-websocket-key").orElseThrow())
            + "\r\n\r\n";
    out.write(head.getBytes(StandardCharsets.US_ASCII));
    out.flush();
    return new WebSocketStream(socket, in, out);
  }

  private static String answer(String key) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-1")
              .digest((key + GUID).getBytes(StandardCharsets.US_ASCII));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-1", e);
    }
  }

  @Override
  public void write(byte[] bytes) throws IOException {
    frame(TEXT, bytes);
  }

  private void frame(int opcode, byte[] payload) throws IOException {
    out.write(0x80 | opcode);
    if (payload.length < 126) {
      out.write(payload.length);
    } else if (payload.length < 65_536) {
      out.write(126);
      out.write(payload.length >> 8);
      out.write(payload.length);
    } else {
      out.write(127);
      out.write(ByteBuffer.allocate(8).putLong(payload.length).array());
    }
    out.write(payload);
    out.flush();
  }

  @Override
  public boolean clientGone() {
    try {
      while (!Exchange.ended(socket, in)) {
        if (in.available() == 0) {
          return false;
        }
        if (!answerOneFrame()) {
          return true;
        }
      }
      return true;
    } catch (IOException e) {
      return true;
    }
  }

  /** Reads one client frame (always masked); false when it is the closing one. */
  private boolean answerOneFrame() throws IOException {
    socket.setSoTimeout(2_000);
    try {
      int opcode = octet() & 0x0f;
      long length = octet() & 0x7f;
      if (length == 126) {
        length = (long) octet() << 8 | octet();
      } else if (length == 127) {
        length = ByteBuffer.wrap(in.readNBytes(8)).getLong();
      }
      if (length < 0 || length > MAX_CLIENT_FRAME) {
        return false;
      }
      byte[] mask = in.readNBytes(4);
      byte[] payload = in.readNBytes((int) length);
      if (mask.length < 4 || payload.length < length) {
        return false;
      }
      for (int i = 0; i < payload.length; i++) {
        payload[i] ^= mask[i % 4];
      }
      if (opcode == PING) {
        frame(PONG, payload);
      }
      return opcode != CLOSE;
    } catch (SocketTimeoutException e) {
      return false;
    } finally {
      socket.setSoTimeout(0);
    }
  }

  private int octet() throws IOException {
    int b = in.read();
    if (b < 0) {
      throw new EOFException("the connection ended inside a frame");
    }
    return b;
  }

  @Override
  public void close() throws IOException {
    if (!closed) {
      closed = true;
      frame(CLOSE, new byte[] {0x03, (byte) 0xe8}); // 1000, normal closure
    }
  }
}
