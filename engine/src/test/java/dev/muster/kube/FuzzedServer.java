package dev.muster.kube;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/** A server that answers with what it is given and keeps its connections, thousands a second. */
final class FuzzedServer {
  /** Writes an answer to the first line of a request, however long it takes. */
  interface Flow {
    void to(String line, OutputStream out) throws IOException;
  }

  private volatile Flow flow = (line, out) -> out.write(answer(404, "text/plain", new byte[0]));

  private final ServerSocket listening;

  FuzzedServer() {
    try {
      listening = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start(this::accept);
  }

  String url() {
    return "http://127.0.0.1:" + listening.getLocalPort();
  }

  void flow(Flow next) {
    flow = next;
  }

  /** The bytes of a whole answer. */
  void answer(Function<String, byte[]> next) {
    flow = (line, out) -> out.write(next.apply(line));
  }

  static byte[] answer(int code, String type, byte[] body) {
    String head =
        "HTTP/1.1 %d Said\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
            .formatted(code, type, body.length);
    byte[] start = head.getBytes(StandardCharsets.US_ASCII);
    byte[] all = java.util.Arrays.copyOf(start, start.length + body.length);
    System.arraycopy(body, 0, all, start.length, body.length);
    return all;
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "fuzzed-server");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = listening.accept();
        socket.setTcpNoDelay(true);
        start(() -> serve(socket));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = new BufferedInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      while (true) {
        String line = line(in);
        int length = 0;
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
          if (header.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
            length = Integer.parseInt(header.substring(15).strip());
          }
        }
        in.readNBytes(length);
        flow.to(line, out);
        out.flush();
      }
    } catch (IOException e) {
      // The client has gone.
      return;
    }
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new IOException("the end");
      }
      line.append((char) c);
    }
    return line.toString().strip();
  }
}
