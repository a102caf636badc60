package dev.muster.testbed;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The pod IPs of one cluster, as its API server sees them: addresses that exist nowhere, each port
 * of which leads to a port on loopback.
 *
 * <p>An API server refuses Endpoints inside 127.0.0.0/8, so it cannot proxy to a handler of ours
 * directly. It does honour HTTPS_PROXY and HTTP_PROXY when it proxies to Services and pods (and Go
 * leaves loopback addresses such as etcd's out of it), so it is started with this as its SOCKS
 * proxy. SOCKS, because in a plain request to an HTTP proxy it would name the address that its own
 * client had asked for, not the pod's. What has no route is unreachable. Requests that upgrade
 * (exec, websockets) do not come this way: an API server dials for those itself.
 */
public final class PodNetwork {
  private static final byte VERSION = 5;
  private static final byte CONNECT = 1;
  private static final byte IPV4 = 1;
  private static final byte CONNECTED = 0;
  private static final byte HOST_UNREACHABLE = 4;
  private static final byte CONNECTION_REFUSED = 5;

  private final ServerSocket server;
  private final Map<String, Integer> routes = new ConcurrentHashMap<>();
  private final Map<Socket, String> targets = new ConcurrentHashMap<>();
  private volatile Resolver resolver = target -> OptionalInt.empty();

  /** Where addresses lead that have no route of their own. */
  public interface Resolver {
    /**
     * Asked for each new connection, in its thread.
     *
     * @param podIpAndPort such as {@code 10.244.0.5:6443}
     * @return a port on 127.0.0.1, or empty when nobody is there
     */
    OptionalInt loopbackPort(String podIpAndPort);
  }

  PodNetwork() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start("accept", this::accept);
  }

  /** Lets {@code podIp:port} lead to a port on 127.0.0.1, from the next connection on. */
  public void route(String podIpAndPort, int loopbackPort) {
    routes.put(podIpAndPort, loopbackPort);
  }

  /** For ports that are chosen while the test runs. */
  public void resolveBy(Resolver newResolver) {
    resolver = newResolver;
  }

  /** Takes the route away; connections that use it end, as when the pod dies. */
  public void unroute(String podIpAndPort) {
    routes.remove(podIpAndPort);
    targets.forEach(
        (client, target) -> {
          if (target.equals(podIpAndPort)) {
            closeQuietly(client);
          }
        });
  }

  URI address() {
    return URI.create("socks5://127.0.0.1:" + server.getLocalPort());
  }

  void end() {
    closeQuietly(server);
    targets.keySet().forEach(PodNetwork::closeQuietly);
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        start("connection", () -> serve(client));
      } catch (IOException e) {
        // Closed, or a client that went away at once: the loop's condition tells which.
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      String target = greet(client);
      targets.put(client, target);
      // Asked for only now, so that either this sees the route gone or unroute sees this client.
      Integer route = routes.get(target);
      OptionalInt port = route == null ? resolver.loopbackPort(target) : OptionalInt.of(route);
      if (port.isEmpty()) {
        answer(client, HOST_UNREACHABLE);
        return;
      }
      try (Socket pod = new Socket(InetAddress.getLoopbackAddress(), port.getAsInt())) {
        answer(client, CONNECTED);
        start("back", () -> copy(pod, client));
        copy(client, pod);
      } catch (ConnectException e) {
        answer(client, CONNECTION_REFUSED);
      }
    } catch (IOException e) {
      // One of the two ends is gone: closing both, as done here, says so to the other.
    } finally {
      targets.remove(client);
    }
  }

  /** The client's part of SOCKS 5 (RFC 1928) without authentication: where does it want to go? */
  private static String greet(Socket client) throws IOException {
    DataInputStream in = new DataInputStream(client.getInputStream());
    expect(in, VERSION);
    in.skipNBytes(in.readUnsignedByte());
    client.getOutputStream().write(new byte[] {VERSION, 0});
    expect(in, VERSION);
    expect(in, CONNECT);
    expect(in, 0);
    expect(in, IPV4);
    byte[] ip = in.readNBytes(4);
    return InetAddress.getByAddress(ip).getHostAddress() + ":" + in.readUnsignedShort();
  }

  private static void expect(DataInputStream in, int value) throws IOException {
    if (in.readUnsignedByte() != value) {
      throw new IOException("no such request is served");
    }
  }

  private static void answer(Socket client, byte code) throws IOException {
    // The last six bytes say from where this connects, which no client asks.
    client.getOutputStream().write(new byte[] {VERSION, code, 0, IPV4, 0, 0, 0, 0, 0, 0});
  }

  private static void copy(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      // Ended by the other direction, or by unroute or close.
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
    Thread thread = new Thread(work, "pod-network-" + what);
    thread.setDaemon(true);
    thread.start();
  }
}
