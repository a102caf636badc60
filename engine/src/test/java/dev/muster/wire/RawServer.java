package dev.muster.wire;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import javax.net.ServerSocketFactory;

/** A server that a test writes out byte by byte. */
final class RawServer implements AutoCloseable {
  /** Serves one connection until it returns, which hangs up. */
  interface Manners {
    void serve(int connection, InputStream in, OutputStream out) throws Exception;
  }

  private final ServerSocket listening;
  private final Manners manners;
  private final List<Socket> open = new CopyOnWriteArrayList<>();

  /** Request lines with the number of their connection, from 1. */
  final List<String> seen = new CopyOnWriteArrayList<>();

  RawServer(Manners manners) {
    this(ServerSocketFactory.getDefault(), socket -> {}, manners);
  }

  /**
   * @param rules for whoever speaks TLS
   */
  RawServer(ServerSocketFactory sockets, Consumer<ServerSocket> rules, Manners manners) {
    this.manners = manners;
    try {
      listening = sockets.createServerSocket(0, 200, InetAddress.getByName("127.0.0.1"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    rules.accept(listening);
    start(this::accept);
  }

  int port() {
    return listening.getLocalPort();
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "raw-server");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      for (int number = 1; ; number++) {
        Socket socket = listening.accept();
        open.add(socket);
        int connection = number;
        start(
            () -> {
              try (socket) {
                socket.setTcpNoDelay(true);
                manners.serve(
                    connection,
                    new BufferedInputStream(socket.getInputStream()),
                    socket.getOutputStream());
              } catch (Exception e) {
                // The client has gone, or the test is over.
                return;
              }
            });
      }
    } catch (IOException e) {
      // Closed.
      return;
    }
  }

  int connections() {
    return open.size();
  }

  /** Takes one request; its first line. */
  String request(int connection, InputStream in) throws IOException {
    String first = line(in);
    int length = 0;
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      if (header.startsWith("Content-Length: ")) {
        length = Integer.parseInt(header.substring(16));
      }
    }
    in.readNBytes(length);
    seen.add(connection + " " + first.replace(" HTTP/1.1", ""));
    return first;
  }

  static void say(OutputStream out, String text) throws IOException {
    out.write(text.replace("|", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
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

  @Override
  public void close() {
    try {
      listening.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
