package dev.muster.sandbox.fault;

import dev.muster.sandbox.server.http.BodyStream;
import dev.muster.sandbox.server.http.Exchange;
import dev.muster.sandbox.server.http.HttpRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One request on its way to the server it was meant for. */
final class Forward {
  /** What the client library sets itself, or what holds for one connection only. */
  private static final Set<String> OF_THE_CONNECTION =
      Set.of(
          "connection",
          "content-length",
          "host",
          "upgrade",
          "expect",
          "http2-settings",
          "transfer-encoding",
          "keep-alive");

  private static final long LOOK_AFTER_MILLIS = 50;

  private final Upstream upstream;
  private final String cluster;
  private final HttpRequest request;

  Forward(Upstream upstream, String cluster, HttpRequest request) {
    this.upstream = upstream;
    this.cluster = cluster;
    this.request = request;
  }

  /** A complete answer. */
  record Answer(int status, String contentType, byte[] body) {
    boolean sameAs(Answer other) {
      return status == other.status && Arrays.equals(body, other.body);
    }
  }

  /** Names a read: the same for each repetition of it. */
  String read() {
    return cluster + " " + target();
  }

  boolean isRead() {
    return request.method().equals("GET");
  }

  /** Whether the answer comes in lines for as long as somebody listens. */
  boolean streams() {
    return isRead() && (request.flag("watch") || request.flag("follow"));
  }

  private String target() {
    return request.target().substring(("/clusters/" + cluster).length());
  }

  private java.net.http.HttpRequest outgoing() {
    URI uri = URI.create(upstream.address() + target());
    java.net.http.HttpRequest.Builder outgoing = java.net.http.HttpRequest.newBuilder(uri);
    request
        .headers()
        .forEach(
            (name, value) -> {
              if (!OF_THE_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
                outgoing.header(name, value);
              }
            });
    return outgoing
        .method(
            request.method(),
            request.body().length == 0
                ? BodyPublishers.noBody()
                : BodyPublishers.ofByteArray(request.body()))
        .build();
  }

  /** Has the request answered. */
  Answer send() throws IOException {
    try {
      HttpResponse<byte[]> response =
          upstream.trust().client().send(outgoing(), HttpResponse.BodyHandlers.ofByteArray());
      return new Answer(response.statusCode(), contentType(response.headers()), response.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** What is there now, whatever the request wants to make of it. */
  Answer look() throws IOException {
    HttpRequest read =
        new HttpRequest(
            "GET",
            request.target(),
            request.segments(),
            request.query(),
            request.headers(),
            new byte[0]);
    return new Forward(upstream, cluster, read).send();
  }

  private static String contentType(java.net.http.HttpHeaders headers) {
    return headers.firstValue("content-type").orElse("application/json");
  }

  /**
   * Passes line after line on, until the server ends, the client is gone, or a line is refused.
   *
   * @param lines decides about each line, in order
   */
  void stream(Exchange exchange, Lines lines) throws IOException {
    AtomicReference<@Nullable BodyStream> open = new AtomicReference<>();
    CompletableFuture<HttpResponse<byte[]>> response =
        upstream
            .trust()
            .client()
            .sendAsync(
                outgoing(),
                info -> {
                  if (info.statusCode() != 200) {
                    return BodySubscribers.ofByteArray();
                  }
                  try {
                    BodyStream out = exchange.stream(200, contentType(info.headers()));
                    open.set(out);
                    return BodySubscribers.fromLineSubscriber(
                        new Passing(out, lines), done -> new byte[0], StandardCharsets.UTF_8, "\n");
                  } catch (IOException e) {
                    throw new CompletionException(e);
                  }
                });
    try {
      boolean over = false;
      while (!over) {
        over = ended(exchange, response, open.get()) || lines.ended() || gone(open.get());
      }
      BodyStream out = open.get();
      if (out != null) {
        out.close();
      }
    } catch (ExecutionException | CancellationException e) {
      throw new IOException("the server broke off", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      response.cancel(true);
    }
  }

  /** Waits a moment for the end of the answer, and answers when there is nothing to stream. */
  private static boolean ended(
      Exchange exchange, CompletableFuture<HttpResponse<byte[]>> response, @Nullable BodyStream out)
      throws IOException, InterruptedException, ExecutionException {
    try {
      HttpResponse<byte[]> ended = response.get(LOOK_AFTER_MILLIS, TimeUnit.MILLISECONDS);
      if (out == null && !exchange.answered()) {
        exchange.send(ended.statusCode(), contentType(ended.headers()), ended.body());
      }
      return true;
    } catch (TimeoutException e) {
      return false;
    }
  }

  private static boolean gone(@Nullable BodyStream out) {
    return out != null && out.clientGone();
  }

  /** Decides about the lines of one stream, one after the other. */
  static final class Lines {
    private final Predicate<String> passes;
    private final Predicate<String> last;
    private volatile boolean ended;

    /**
     * @param passes whether the client gets this line
     * @param last whether nothing may come after it
     */
    Lines(Predicate<String> passes, Predicate<String> last) {
      this.passes = passes;
      this.last = last;
    }

    boolean ended() {
      return ended;
    }

    void end() {
      ended = true;
    }
  }

  private record Passing(BodyStream out, Lines lines) implements Flow.Subscriber<String> {
    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(String line) {
      if (lines.ended) {
        return;
      }
      try {
        if (lines.passes.test(line)) {
          out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        }
        if (lines.last.test(line)) {
          lines.end();
        }
      } catch (IOException e) {
        // The client has gone; the thread that looks after the stream ends it.
        lines.end();
      }
    }

    @Override
    public void onError(Throwable thrown) {
      lines.end();
    }

    @Override
    public void onComplete() {
      // The answer's future tells.
    }
  }
}
