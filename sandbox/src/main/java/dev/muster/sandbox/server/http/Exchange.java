package dev.muster.sandbox.server.http;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntConsumer;

/** One request and the place to answer it, exactly once. */
public final class Exchange {
  private final Socket socket;
  private final BufferedInputStream in;
  private final OutputStream out;
  private final HttpRequest request;
  private boolean answered;
  private boolean reusable = true;
  private IntConsumer onStatus = status -> {};

  Exchange(Socket socket, BufferedInputStream in, OutputStream out, HttpRequest request) {
    this.socket = socket;
    this.in = in;
    this.out = out;
    this.request = request;
    if (request.header("connection").orElse("").toLowerCase(Locale.ROOT).contains("close")) {
      reusable = false;
    }
  }

  public HttpRequest request() {
    return request;
  }

  /** Calls back with the status once it is decided, before the client can see it. */
  public void onStatus(IntConsumer listener) {
    onStatus = listener;
  }

  public boolean answered() {
    return answered;
  }

  boolean reusable() {
    return answered && reusable;
  }

  public void send(int status, String contentType, byte[] body) throws IOException {
    send(status, contentType, body, Map.of());
  }

  public void send(int status, String contentType, byte[] body, Map<String, String> headers)
      throws IOException {
    start(status);
    StringBuilder head = head(status, contentType, headers);
    head.append("Content-Length: ").append(body.length).append("\r\n\r\n");
    out.write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
    if (!request.method().equals("HEAD")) {
      out.write(body);
    }
    out.flush();
  }

  /** Promises a whole answer, sends the first part of it, and will not be used again. */
  public void sendPart(int status, String contentType, byte[] body, int bytes) throws IOException {
    reusable = false;
    start(status);
    StringBuilder head = head(status, contentType, Map.of());
    head.append("Content-Length: ").append(body.length).append("\r\n\r\n");
    out.write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
    out.write(body, 0, bytes);
    out.flush();
  }

  /** Starts an answer of unknown length. */
  public BodyStream stream(int status, String contentType) throws IOException {
    start(status);
    StringBuilder head = head(status, contentType, Map.of());
    head.append("Transfer-Encoding: chunked\r\n\r\n");
    out.write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
    return new Chunks();
  }

  /** True when the client wants to go on with WebSocket frames. */
  public boolean wantsWebSocket() {
    return request.header("upgrade").orElse("").equalsIgnoreCase("websocket")
        && request.header("sec-websocket-key").isPresent();
  }

  /** Accepts the upgrade; each write is one text frame. */
  public BodyStream webSocket() throws IOException {
    start(101);
    reusable = false;
    return WebSocketStream.accept(socket, in, out, request);
  }

  /** Ends the connection without an answer, as a machine does that has just died. */
  public void abort() throws IOException {
    cut(true);
  }

  /** Ends the connection, with a reset or in order, whatever the client still waits for. */
  public void cut(boolean reset) throws IOException {
    reusable = false;
    if (reset) {
      socket.setSoLinger(true, 0);
    }
    socket.close();
  }

  private void start(int status) {
    if (answered) {
      throw new IllegalStateException("already answered: " + request.target());
    }
    answered = true;
    onStatus.accept(status);
  }

  private StringBuilder head(int status, String contentType, Map<String, String> headers) {
    StringBuilder head = new StringBuilder(128);
    head.append("HTTP/1.1 ").append(status).append(' ').append(reason(status)).append("\r\n");
    head.append("Date: ")
        .append(DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now(ZoneOffset.UTC)))
        .append("\r\n");
    head.append("Content-Type: ").append(contentType).append("\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    if (!reusable) {
      head.append("Connection: close\r\n");
    }
    return head;
  }

  private static String reason(int status) {
    return switch (status) {
      case 200 -> "OK";
      case 201 -> "Created";
      case 202 -> "Accepted";
      case 400 -> "Bad Request";
      case 401 -> "Unauthorized";
      case 403 -> "Forbidden";
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      case 406 -> "Not Acceptable";
      case 409 -> "Conflict";
      case 410 -> "Gone";
      case 413 -> "Request Entity Too Large";
      case 415 -> "Unsupported Media Type";
      case 422 -> "Unprocessable Entity";
      case 429 -> "Too Many Requests";
      case 500 -> "Internal Server Error";
      case 503 -> "Service Unavailable";
      default -> "Status";
    };
  }

  /**
   * Looks for the end of the client's side of a connection on which the client has nothing to say.
   */
  static boolean ended(Socket socket, BufferedInputStream in) {
    try {
      socket.setSoTimeout(1);
      try {
        in.mark(1);
        if (in.read() < 0) {
          return true;
        }
        in.reset();
        return false;
      } catch (SocketTimeoutException quiet) {
        return false;
      } finally {
        socket.setSoTimeout(0);
      }
    } catch (IOException e) {
      return true;
    }
  }

  private final class Chunks implements BodyStream {
    private boolean closed;

    @Override
    public void write(byte[] bytes) throws IOException {
      if (bytes.length == 0) {
        return; // An empty chunk would end the body.
      }
      out.write((Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
      out.write(bytes);
      out.write('\r');
      out.write('\n');
      out.flush();
    }

    @Override
    public boolean clientGone() {
      return ended(socket, in);
    }

    @Override
    public void close() throws IOException {
      if (!closed) {
        closed = true;
        out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        out.flush();
      }
    }
  }
}
