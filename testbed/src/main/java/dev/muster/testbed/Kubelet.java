package dev.muster.testbed;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;

/**
 * Stands in for the kubelets of a cluster: it runs nothing, but the API server fetches the logs of
 * pods on its nodes from it as from a real one.
 */
public final class Kubelet {
  /** The node of the pods that {@link TestCluster#runPod} adds. */
  public static final String NODE = "testbed-node";

  private final PodLogs logs = new PodLogs();
  private final HttpsServer server;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "kubelet");
            thread.setDaemon(true);
            return thread;
          });

  Kubelet(SSLContext tls) throws IOException {
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    server.setExecutor(threads);
    server.createContext("/containerLogs/", this::containerLogs);
    server.start();
  }

  public PodLogs logs() {
    return logs;
  }

  /** A Node object that tells an API server to come here. */
  String node(String name) {
    String head =
        "{\"kind\":\"Node\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"" + name + "\"},";
    return head + nodeStatus().substring(1);
  }

  /** A merge patch that makes another Node do so. */
  String nodeStatus() {
    return """
    {"status":{"addresses":[{"type":"InternalIP","address":"127.0.0.1"}],
    "conditions":[{"type":"Ready","status":"True","reason":"KubeletReady"}],
    "daemonEndpoints":{"kubeletEndpoint":{"Port":%d}}}}
    """
        .formatted(server.getAddress().getPort());
  }

  void end() {
    logs.close();
    server.stop(0);
    threads.shutdownNow();
  }

  private void containerLogs(HttpExchange exchange) throws IOException {
    try (exchange) {
      String[] path = exchange.getRequestURI().getPath().split("/");
      if (path.length != 5) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      Options options = Options.parse(exchange.getRequestURI().getRawQuery());
      if (options.previous()) {
        // Containers do not restart here.
        exchange.sendResponseHeaders(400, -1);
        return;
      }
      exchange.getResponseHeaders().set("Content-Type", "text/plain");
      exchange.sendResponseHeaders(200, 0);
      write(logs.reader(path[2], path[3], path[4]), options, exchange.getResponseBody());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void write(PodLogs.Reader reader, Options options, OutputStream out)
      throws IOException, InterruptedException {
    PodLogs.Batch batch = reader.available();
    // The tail is cut from the whole log, and only then the lines before the time asked for: a
    // kubelet's order.
    List<PodLogs.Line> tail = batch.lines();
    tail = tail.subList((int) Math.max(0, tail.size() - options.tailLines()), tail.size());
    send(tail, options, out);
    while (options.follow() && !batch.ended()) {
      batch = reader.await(Duration.ofSeconds(1));
      send(batch.lines(), options, out);
    }
  }

  private static void send(List<PodLogs.Line> lines, Options options, OutputStream out)
      throws IOException {
    for (PodLogs.Line line : lines) {
      if (!line.time().isBefore(options.since())) {
        String prefix = options.timestamps() ? line.time() + " " : "";
        out.write((prefix + line.text() + "\n").getBytes(StandardCharsets.UTF_8));
      }
    }
    out.flush();
  }

  /**
   * What a client of the log may ask for; {@code since} has whole seconds, because API servers cut
   * the rest.
   */
  private record Options(
      boolean previous, boolean follow, boolean timestamps, long tailLines, Instant since) {
    static Options parse(String query) {
      Map<String, String> given =
          query == null
              ? Map.of()
              : List.of(query.split("&")).stream()
                  .map(pair -> pair.split("=", 2))
                  .collect(Collectors.toMap(p -> p[0], Options::value, (a, b) -> b, HashMap::new));
      Instant since = Instant.EPOCH;
      if (given.containsKey("sinceTime")) {
        since = OffsetDateTime.parse(given.get("sinceTime")).toInstant();
      } else if (given.containsKey("sinceSeconds")) {
        since = Instant.now().minusSeconds(Long.parseLong(given.get("sinceSeconds")));
      }
      return new Options(
          "true".equals(given.get("previous")),
          "true".equals(given.get("follow")),
          "true".equals(given.get("timestamps")),
          given.containsKey("tailLines")
              ? Long.parseLong(given.get("tailLines"))
              : Integer.MAX_VALUE,
          since);
    }

    private static String value(String[] pair) {
      return pair.length < 2 ? "" : URLDecoder.decode(pair[1], StandardCharsets.UTF_8);
    }
  }
}
