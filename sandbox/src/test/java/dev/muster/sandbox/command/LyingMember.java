package dev.muster.sandbox.command;

import dev.muster.sandbox.server.http.Exchange;
import dev.muster.sandbox.server.http.HttpListener;
import dev.muster.sandbox.server.http.HttpRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Stands where a member's API server is, has its answers, and says what it likes instead. */
final class LyingMember implements AutoCloseable {
  private final URI truth;
  private final Lie lie;
  private final HttpListener listener;
  private final HttpClient client = HttpClient.newHttpClient();

  /** The logins it was shown. */
  final Queue<String> logins = new ConcurrentLinkedQueue<>();

  /** What is said instead of the truth. */
  interface Lie {
    Said about(HttpRequest request, Said truth);
  }

  /** An answer. */
  record Said(int status, String body, Map<String, String> headers) {
    Said body(String other) {
      return new Said(status, other, headers);
    }
  }

  LyingMember(URI truth, Lie lie) throws IOException {
    this.truth = truth;
    this.lie = lie;
    this.listener = new HttpListener(0, Optional.empty(), this::answer);
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + listener.port());
  }

  private void answer(Exchange exchange) throws IOException {
    HttpRequest request = exchange.request();
    request.header("authorization").ifPresent(logins::add);
    if (request.flag("watch") || request.flag("follow")) {
      // It tells of nothing that happens; whoever watches has to read now and then.
      exchange.send(200, "application/json", new byte[0]);
      return;
    }
    try {
      var outgoing =
          java.net.http.HttpRequest.newBuilder(URI.create(truth + request.target()))
              .method(
                  request.method(),
                  java.net.http.HttpRequest.BodyPublishers.ofByteArray(request.body()));
      for (String header : new String[] {"authorization", "content-type", "accept", "user-agent"}) {
        request.header(header).ifPresent(value -> outgoing.header(header, value));
      }
      HttpResponse<String> response =
          client.send(outgoing.build(), HttpResponse.BodyHandlers.ofString());
      Said said = lie.about(request, new Said(response.statusCode(), response.body(), Map.of()));
      exchange.send(
          said.status(),
          "application/json",
          said.body().getBytes(java.nio.charset.StandardCharsets.UTF_8),
          said.headers());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  @Override
  public void close() {
    listener.close();
  }
}
