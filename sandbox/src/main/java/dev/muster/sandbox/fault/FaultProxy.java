package dev.muster.sandbox.fault;

import dev.muster.sandbox.server.http.Exchange;
import dev.muster.sandbox.server.http.HttpListener;
import dev.muster.sandbox.server.http.HttpRequest;
import dev.muster.sandbox.server.rest.RequestInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Stands between a client and any number of API servers, on one loopback port with a path for each
 * cluster, passes everything on, and does to some requests what the rules say. Plain HTTP on the
 * client's side; the client's login is passed on.
 */
public final class FaultProxy implements AutoCloseable {
  private final Map<String, Upstream> clusters;
  private final Faults faults = new Faults();
  private final Memory memory = new Memory();
  private final HttpListener listener;

  private FaultProxy(Map<String, Upstream> clusters) throws IOException {
    this.clusters = Map.copyOf(clusters);
    this.listener = new HttpListener(0, Optional.empty(), this::handle);
  }

  /** Listens from now on. */
  public static FaultProxy before(Map<String, Upstream> clusters) {
    try {
      return new FaultProxy(clusters);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot listen on 127.0.0.1", e);
    }
  }

  public Faults faults() {
    return faults;
  }

  /** Where a client finds the cluster. */
  public URI url(String cluster) {
    if (!clusters.containsKey(cluster)) {
      throw new IllegalArgumentException("there is no cluster " + cluster);
    }
    return URI.create("http://127.0.0.1:" + listener.port() + "/clusters/" + cluster);
  }

  private void handle(Exchange exchange) throws IOException {
    HttpRequest request = exchange.request();
    List<String> segments = request.segments();
    Upstream upstream =
        segments.size() >= 2 && segments.get(0).equals("clusters")
            ? clusters.get(segments.get(1))
            : null;
    if (upstream == null) {
      exchange.send(404, "text/plain", new byte[0]);
      return;
    }
    String cluster = segments.get(1);
    List<String> path = segments.subList(2, segments.size());
    RequestInfo info = RequestInfo.of(request, path);
    int question = request.target().indexOf('?');
    Request seen =
        faults.arrived(
            cluster,
            info.verb(),
            "/" + String.join("/", path),
            question < 0 ? "" : request.target().substring(question + 1));
    Passage passage =
        new Passage(exchange, seen, info, new Forward(upstream, cluster, request), memory, faults);
    Optional<Rule> rule = faults.meeting(seen);
    if (rule.isEmpty()) {
      passage.pass();
    } else if (!passage.meet(rule.get().fault(), () -> rule.get().moment().accept(seen))) {
      faults.spared(seen);
    }
  }

  /** Stops listening and cuts all connections; the servers behind it go on. */
  @Override
  public void close() {
    listener.close();
  }
}
