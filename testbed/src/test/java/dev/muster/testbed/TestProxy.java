package dev.muster.testbed;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;

/** A forward proxy on loopback: whatever it is asked for, it leads to one port of this machine. */
final class TestProxy implements AutoCloseable {
  /** What it speaks. */
  enum Kind {
    HTTP,
    SOCKS5
  }

  private final ServerSocket server;
  private final Kind kind;
  private final String login;
  private final int target;
  private final AtomicInteger led = new AtomicInteger();

  private TestProxy(ServerSocket server, Kind kind, String login, int target) {
    this.server = server;
    this.kind = kind;
    this.login = login;
    this.target = target;
    Splice.start("test-proxy", this::accept);
  }

  /**
   * @param login {@code user:password}, or empty for everybody
   */
  static TestProxy plain(Kind kind, String login, int target) {
    try {
      ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      return new TestProxy(server, kind, login, target);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** An http proxy that is itself reached over TLS. */
  static TestProxy secure(SSLContext tls, String login, int target) {
    try {
      ServerSocket server =
          tls.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
      return new TestProxy(server, Kind.HTTP, login, target);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return server.getLocalPort();
  }

  /** How many connections it has led to the target. */
  int led() {
    return led.get();
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        Splice.start("test-proxy", () -> serve(client));
      } catch (IOException e) {
        // Closed: the loop's condition tells.
        continue;
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      boolean in = kind == Kind.HTTP ? http(client) : socks(client);
      if (!in) {
        return;
      }
      try (Socket there = new Socket(InetAddress.getLoopbackAddress(), target)) {
        led.incrementAndGet();
        byte[] yes =
            kind == Kind.HTTP
                ? "HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII)
                : new byte[] {5, 0, 0, 1, 0, 0, 0, 0, 0, 0};
        client.getOutputStream().write(yes);
        Splice.join(client, there);
      }
    } catch (IOException e) {
      // One of the two ends is gone.
      return;
    }
  }

  private boolean http(Socket client) throws IOException {
    StringBuilder head = new StringBuilder();
    InputStream in = client.getInputStream();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        return false;
      }
      head.append((char) next);
    }
    String expected = Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.US_ASCII));
    if (!login.isEmpty() && head.indexOf("Basic " + expected + "\r\n") < 0) {
      answer(client, "407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=t");
      return false;
    }
    if (head.indexOf("CONNECT ") != 0) {
      answer(client, "405 Method Not Allowed");
      return false;
    }
    return true;
  }

  private static void answer(Socket client, String status) throws IOException {
    String text = "HTTP/1.1 " + status + "\r\nContent-Length: 0\r\n\r\n";
    client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  private boolean socks(Socket client) throws IOException {
    DataInputStream in = new DataInputStream(client.getInputStream());
    in.readByte();
    String methods = new String(in.readNBytes(in.readUnsignedByte()), StandardCharsets.ISO_8859_1);
    int chosen = login.isEmpty() ? 0 : 2;
    if (methods.indexOf(chosen) < 0) {
      client.getOutputStream().write(new byte[] {5, (byte) 0xff});
      return false;
    }
    client.getOutputStream().write(new byte[] {5, (byte) chosen});
    if (chosen == 2) {
      in.readByte();
      String user = new String(in.readNBytes(in.readUnsignedByte()), StandardCharsets.UTF_8);
      String password = new String(in.readNBytes(in.readUnsignedByte()), StandardCharsets.UTF_8);
      boolean right = login.equals(user + ":" + password);
      client.getOutputStream().write(new byte[] {1, (byte) (right ? 0 : 1)});
      if (!right) {
        return false;
      }
    }
    in.skipNBytes(3);
    int type = in.readUnsignedByte();
    in.skipNBytes(type == 1 ? 4 : type == 4 ? 16 : in.readUnsignedByte());
    in.skipNBytes(2);
    return true;
  }
}
