package dev.muster.testbed;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.muster.sandbox.client.ApiClient;
import dev.muster.sandbox.controller.multicluster.McServices;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

/**
 * The ports of Tower's pod, each of which is the far end of a Service mc-NAME; they exist from the
 * moment somebody dials them, because Tower chooses them at run time.
 */
final class Tunnels implements PodNetwork.Resolver, AutoCloseable {
  private final McServices services;
  private final SSLContext tls;
  private final Map<Integer, HttpsServer> servers = new HashMap<>();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "tunnel");
            thread.setDaemon(true);
            return thread;
          });

  Tunnels(McServices services, SSLContext tls) {
    this.services = services;
    this.tls = tls;
  }

  @Override
  public OptionalInt loopbackPort(String podIpAndPort) {
    int port = Integer.parseInt(podIpAndPort.substring(podIpAndPort.lastIndexOf(':') + 1));
    return services.serviceAtPort(port).isPresent() ? listener(port) : OptionalInt.empty();
  }

  private synchronized OptionalInt listener(int port) {
    HttpsServer server = servers.computeIfAbsent(port, this::listen);
    return OptionalInt.of(server.getAddress().getPort());
  }

  private HttpsServer listen(int port) {
    try {
      InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      HttpsServer server = HttpsServer.create(any, 10);
      server.setHttpsConfigurator(new HttpsConfigurator(tls));
      server.setExecutor(threads);
      server.createContext("/", exchange -> answer(port, exchange));
      server.start();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whose port it is now: an API server keeps connections, and ports find new owners. */
  private void answer(int port, HttpExchange exchange) throws IOException {
    try (exchange) {
      String service = services.serviceAtPort(port).orElse("");
      ApiClient.Answer answer = services.get(service, "6443", exchange.getRequestURI().toString());
      exchange.getResponseHeaders().set("Content-Type", answer.contentType());
      exchange.sendResponseHeaders(answer.status(), answer.body().length);
      exchange.getResponseBody().write(answer.body());
    }
  }

  @Override
  public synchronized void close() {
    servers.values().forEach(server -> server.stop(0));
    threads.shutdownNow();
  }
}
