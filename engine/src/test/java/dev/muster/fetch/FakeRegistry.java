package dev.muster.fetch;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.muster.digest.Sha256;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A registry on loopback that does as it is told, and notes what it was asked. */
public final class FakeRegistry implements AutoCloseable {
  public static final String MEDIA_TYPE = "application/vnd.muster.plan.v1+yaml";

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;
  private final Map<String, byte[]> contents = new ConcurrentHashMap<>();
  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
  private volatile String challenge = "";
  private volatile String wanted = "";
  private volatile String token = "for-everybody";

  public FakeRegistry() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  public String host() {
    return "localhost:" + server.getAddress().getPort();
  }

  /** Has an artifact with one layer; gives the manifest's digest. */
  public String push(String repository, String tag, String text) {
    return push(repository, tag, text.getBytes(StandardCharsets.UTF_8), MEDIA_TYPE);
  }

  String push(String repository, String tag, byte[] layer, String mediaType) {
    String digest = Sha256.of(layer);
    serve("/v2/" + repository + "/blobs/" + digest, layer);
    String manifest =
        """
        {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json",
         "artifactType": "application/vnd.muster.plan.v1",
         "config": {"mediaType": "application/vnd.oci.empty.v1+json", "digest": "%s", "size": 2},
         "layers": [{"mediaType": "%s", "digest": "%s", "size": %d}]}
        """
            .formatted(
                Sha256.of("{}".getBytes(StandardCharsets.UTF_8)), mediaType, digest, layer.length);
    return manifest(repository, tag, manifest);
  }

  String manifest(String repository, String tag, String manifest) {
    byte[] bytes = manifest.getBytes(StandardCharsets.UTF_8);
    serve("/v2/" + repository + "/manifests/" + tag, bytes);
    serve("/v2/" + repository + "/manifests/" + Sha256.of(bytes), bytes);
    return Sha256.of(bytes);
  }

  void serve(String path, byte[] content) {
    contents.put(path, content);
  }

  /** Wants a login from now on, in the place of {@code HOST} this server. */
  void wants(String header, String authorization) {
    challenge = header.replace("HOST", host());
    wanted = authorization;
  }

  void gives(String otherToken) {
    token = otherToken;
  }

  /** Method, path and login of each request. */
  public List<String> asked() {
    return List.copyOf(asked);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String login = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
    asked.add(exchange.getRequestURI() + " " + login);
    if (path.equals("/token")) {
      send(exchange, 200, ("{\"token\": \"" + token + "\"}").getBytes(StandardCharsets.UTF_8));
    } else if (!challenge.isEmpty() && !login.equals(wanted)) {
      exchange.getResponseHeaders().add("WWW-Authenticate", challenge);
      send(exchange, 401, new byte[0]);
    } else if (path.contains("/endless/")) {
      endless(exchange);
    } else if (!contents.containsKey(path)) {
      send(exchange, 404, "canary of the registry".getBytes(StandardCharsets.UTF_8));
    } else {
      send(exchange, 200, contents.get(path));
    }
  }

  private static void endless(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    byte[] part = new byte[1 << 16];
    try (OutputStream out = exchange.getResponseBody()) {
      while (!Thread.currentThread().isInterrupted()) {
        out.write(part);
      }
    }
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
