package dev.muster.kube;

import dev.muster.live.Failure;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * The way through proxies that the JDK's HTTP client does not know, those with https:// and
 * socks5://: an http proxy on loopback that leads through them, to one server only and for those
 * only who know its password, which is this process alone. TLS to the server goes through as it is.
 */
final class Relay implements AutoCloseable {
  private static final String USER = "muster";

  private static final int LARGEST_HEAD = 16 << 10;
  private static final int TIMEOUT_MS = 20_000;

  private final Proxy proxy;
  private final URI server;
  private final SSLContext tls;
  private final boolean trusting;
  private final ServerSocket socket;
  private final String password;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile @Nullable Failure trouble;

  /**
   * @param tls trusts what the server's kubeconfig trusts, also for the proxy, as kubectl does
   * @param trusting whether every certificate is taken
   */
  Relay(Proxy proxy, URI server, SSLContext tls, boolean trusting) {
    this.proxy = proxy;
    this.server = server;
    this.tls = tls;
    this.trusting = trusting;
    byte[] random = new byte[24];
    new SecureRandom().nextBytes(random);
    this.password = HexFormat.of().formatHex(random);
    try {
      this.socket = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    } catch (IOException e) {
      throw new NoAccess("the way through the proxy " + proxy + " cannot be opened");
    }
    start("accept", this::accept);
  }

  /** Itself, as a client sees it. */
  Proxy proxy() {
    return new Proxy("http", "127.0.0.1", socket.getLocalPort(), USER, password);
  }

  /** Why the last attempt to get through failed, if it did. */
  Optional<Failure> trouble() {
    return Optional.ofNullable(trouble);
  }

  @Override
  public void close() {
    closeQuietly(socket);
    open.forEach(Relay::closeQuietly);
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        start("client", () -> serve(client));
      } catch (IOException e) {
        // Closed, or a client that went away at once: the loop's condition tells which.
        continue;
      }
    }
  }

  private void serve(Socket client) {
    open.add(client);
    try (client) {
      client.setSoTimeout(TIMEOUT_MS);
      String head = head(client.getInputStream());
      String target = server.getHost() + ":" + port(server);
      if (!head.startsWith("CONNECT " + target + " ") || !knows(head)) {
        answer(client, "403 Forbidden");
        return;
      }
      Socket there;
      try {
        there = through();
      } catch (IOException e) {
        trouble = why(e);
        answer(client, "502 Bad Gateway");
        return;
      }
      trouble = null;
      open.add(there);
      try (there) {
        client.setSoTimeout(0);
        there.setSoTimeout(0);
        answer(client, "200 Connection established");
        start("back", () -> copy(there, client));
        copy(client, there);
      } finally {
        open.remove(there);
      }
    } catch (IOException e) {
      // One of the two ends is gone: closing both, as done here, says so to the other.
      return;
    } finally {
      open.remove(client);
    }
  }

  private boolean knows(String head) {
    String expected = "Basic " + base64(USER + ":" + password);
    return head.lines()
        .filter(line -> line.regionMatches(true, 0, "proxy-authorization:", 0, 20))
        .map(line -> line.substring(20).strip())
        .anyMatch(
            given ->
                MessageDigest.isEqual(
                    given.getBytes(StandardCharsets.UTF_8),
                    expected.getBytes(StandardCharsets.UTF_8)));
  }

  private static void answer(Socket client, String status) throws IOException {
    client
        .getOutputStream()
        .write(("HTTP/1.1 " + status + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
  }

  private Socket through() throws IOException {
    Socket plain = new Socket();
    boolean done = false;
    try {
      plain.connect(new InetSocketAddress(proxy.host(), proxy.port()), TIMEOUT_MS);
      plain.setSoTimeout(TIMEOUT_MS);
      plain.setTcpNoDelay(true);
      Socket there = plain;
      if (proxy.scheme().equals("socks5")) {
        socks(plain);
      } else {
        there = secured(plain);
        connect(there);
      }
      done = true;
      return there;
    } finally {
      if (!done) {
        closeQuietly(plain);
      }
    }
  }

  private Socket secured(Socket plain) throws IOException {
    SSLSocket secure =
        (SSLSocket) tls.getSocketFactory().createSocket(plain, proxy.host(), proxy.port(), true);
    if (!trusting) {
      SSLParameters parameters = secure.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      secure.setSSLParameters(parameters);
    }
    secure.startHandshake();
    return secure;
  }

  private void connect(Socket there) throws IOException {
    String target = server.getHost() + ":" + port(server);
    String request = "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n";
    if (!proxy.user().isEmpty()) {
      request +=
          "Proxy-Authorization: Basic " + base64(proxy.user() + ":" + proxy.password()) + "\r\n";
    }
    there.getOutputStream().write((request + "\r\n").getBytes(StandardCharsets.US_ASCII));
    there.getOutputStream().flush();
    String[] status = head(there.getInputStream()).split("\\s+", 3);
    if (status.length < 2 || !status[1].equals("200")) {
      throw new Refused(
          status.length > 1 && status[1].equals("407")
              ? "wants a login, or another one"
              : "does not lead to " + target + " (" + (status.length > 1 ? status[1] : "?") + ")");
    }
  }

  /** SOCKS 5 (RFC 1928) with a login if there is one (RFC 1929); the proxy resolves the name. */
  private void socks(Socket there) throws IOException {
    DataInputStream in = new DataInputStream(there.getInputStream());
    boolean login = !proxy.user().isEmpty();
    there.getOutputStream().write(login ? new byte[] {5, 2, 0, 2} : new byte[] {5, 1, 0});
    int version = in.readUnsignedByte();
    int method = in.readUnsignedByte();
    if (version != 5) {
      throw new Refused("does not speak SOCKS 5");
    }
    if (method == 2 && login) {
      ByteArrayOutputStream request = new ByteArrayOutputStream();
      request.write(1);
      counted(request, proxy.user());
      counted(request, proxy.password());
      there.getOutputStream().write(request.toByteArray());
      in.readUnsignedByte();
      if (in.readUnsignedByte() != 0) {
        throw new Refused("does not take the login");
      }
    } else if (method != 0) {
      throw new Refused("wants a login");
    }
    ByteArrayOutputStream request = new ByteArrayOutputStream();
    request.writeBytes(new byte[] {5, 1, 0, 3});
    counted(request, server.getHost().replaceAll("[\\[\\]]", ""));
    request.write(port(server) >> 8);
    request.write(port(server) & 0xff);
    there.getOutputStream().write(request.toByteArray());
    in.readUnsignedByte();
    int code = in.readUnsignedByte();
    if (code != 0) {
      throw new Refused("does not lead to " + server.getHost() + " (SOCKS code " + code + ")");
    }
    in.readUnsignedByte();
    int kind = in.readUnsignedByte();
    in.skipNBytes(kind == 1 ? 4 : kind == 4 ? 16 : in.readUnsignedByte());
    in.skipNBytes(2);
  }

  private static void counted(ByteArrayOutputStream out, String text) throws Refused {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > 255) {
      throw new Refused("cannot be told a name or password of more than 255 bytes");
    }
    out.write(bytes.length);
    out.writeBytes(bytes);
  }

  private Failure why(IOException thrown) {
    String it = "the proxy " + proxy;
    if (thrown instanceof Refused) {
      return new Failure(Failure.Kind.NO_ACCESS, it + " " + thrown.getMessage());
    }
    if (thrown instanceof UnknownHostException) {
      return new Failure(Failure.Kind.UNKNOWN_HOST, "the host name of " + it + " does not resolve");
    }
    if (thrown instanceof ConnectException) {
      return new Failure(Failure.Kind.REFUSED, it + " refused the connection");
    }
    if (thrown instanceof SSLException) {
      return new Failure(Failure.Kind.TLS, "no trusted connection to " + it);
    }
    return new Failure(Failure.Kind.BROKEN, "the connection to " + it + " broke");
  }

  /** What a proxy said no to. */
  private static final class Refused extends IOException {
    Refused(String message) {
      super(message);
    }
  }

  private static int port(URI server) {
    return server.getPort() < 0 ? 443 : server.getPort();
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Up to the empty line; byte by byte, since what follows belongs to somebody else. */
  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int ends = 0;
    while (ends < 2) {
      int next = in.read();
      ends = next == '\n' ? ends + 1 : next == '\r' ? ends : 0;
      if (next < 0 || head.size() > LARGEST_HEAD) {
        throw new IOException("no head of a request or answer");
      }
      head.write(next);
    }
    return head.toString(StandardCharsets.US_ASCII);
  }

  private static void copy(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      // Ended by the other direction, or by close.
    }
    closeQuietly(from);
    closeQuietly(to);
  }

  private static void closeQuietly(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      // It is being thrown away.
    }
  }

  private static void start(String what, Runnable work) {
    Thread thread = new Thread(work, "muster-relay-" + what);
    thread.setDaemon(true);
    thread.start();
  }
}
