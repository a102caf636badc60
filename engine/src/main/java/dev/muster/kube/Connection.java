package dev.muster.kube;

import dev.muster.bound.Bounds;
import dev.muster.live.Failure;
import dev.muster.resource.Redactor;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** An open HTTP client for one server. It sends what it is given, once, and never throws later. */
final class Connection implements AutoCloseable {
  private final HttpClient client;
  private final Optional<Relay> relay;
  private final Login login;
  private final Timeouts timeouts;
  private final Redactor redactor;

  /**
   * @param redactor learns each login before it is sent
   */
  Connection(
      HttpClient client, Optional<Relay> relay, Login login, Timeouts timeouts, Redactor redactor) {
    this.client = client;
    this.relay = relay;
    this.login = login;
    this.timeouts = timeouts;
    this.redactor = redactor;
  }

  /** A request that was sent, and how to give it up. */
  record Sent(CompletableFuture<Reply> reply, Runnable cancel) {}

  /** See {@link Login.Credential#renew()}. */
  boolean renew() {
    return login.credential().renew();
  }

  /** Whether it was made with a certificate in whose place there is another one by now. */
  boolean stale() {
    return login.certificate().isPresent()
        && !login.certificate().equals(login.credential().certificate());
  }

  /** Sends a request; the whole answer is bounded in time. */
  Sent send(Call call) {
    return send(call, timeouts.request(), () -> {}, new Collected(Bounds.ANSWER));
  }

  /**
   * Sends a request whose answer goes on and on.
   *
   * @param seconds after which it is given up
   * @param opened runs when the server has agreed
   * @param line takes each complete line of a good answer, on a thread that must not be held up
   */
  Sent stream(Call call, int seconds, Runnable opened, Consumer<String> line) {
    return send(call, seconds, opened, new Lines(line));
  }

  private Sent send(Call call, int seconds, Runnable opened, Body body) {
    CompletableFuture<HttpResponse<AsyncBody>> head = client.consumeBytes(request(call), body);
    CompletableFuture<Reply> reply =
        head.thenCompose(
                response -> {
                  body.good = response.code() == 200;
                  if (body.good) {
                    opened.run();
                  }
                  response.body().consume();
                  return response.body().done().thenApply(done -> answer(response, body));
                })
            .orTimeout(seconds, TimeUnit.SECONDS)
            .handle((answer, thrown) -> answer != null ? answer : broken(head, body, thrown));
    return new Sent(reply, () -> giveUp(head));
  }

  private Reply broken(
      CompletableFuture<HttpResponse<AsyncBody>> head, Body body, Throwable thrown) {
    giveUp(head);
    if (body.excess) {
      return new Reply.Broken(Failures.excess(login.server()));
    }
    Throwable cause =
        thrown instanceof CompletionException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    Failure failure = Failures.of(login.server(), cause);
    return new Reply.Broken(relay.flatMap(Relay::trouble).orElse(failure));
  }

  private static void giveUp(CompletableFuture<HttpResponse<AsyncBody>> head) {
    // Once cancelled, fabric8 drops an answer that comes after all.
    if (!head.cancel(true) && !head.isCompletedExceptionally()) {
      head.thenAccept(response -> response.body().cancel());
    }
  }

  private HttpRequest request(Call call) {
    HttpRequest.Builder request =
        client.newHttpRequestBuilder().uri(URI.create(login.server() + call.target()));
    request.timeout(timeouts.request(), TimeUnit.SECONDS);
    request.setHeader("Accept", "application/json");
    String authorization = login.credential().authorization();
    learn(authorization);
    if (!authorization.isEmpty()) {
      request.setHeader("Authorization", authorization);
    }
    login.headers().forEach(header -> request.header(header.getKey(), header.getValue()));
    if (!call.method().equals("GET")) {
      request.method(call.method(), call.contentType(), call.body());
    }
    return request.build();
  }

  /** Whatever a server says about it later, it is not to be seen. */
  private void learn(String authorization) {
    int space = authorization.indexOf(' ');
    String secret = authorization.substring(space + 1);
    redactor.learn(secret);
    if (authorization.startsWith("Basic ")) {
      String pair = new String(Base64.getDecoder().decode(secret), StandardCharsets.UTF_8);
      redactor.learn(pair.substring(pair.indexOf(':') + 1));
    }
  }

  private Reply answer(HttpResponse<AsyncBody> response, Body body) {
    return new Reply.Answer(
        login.server(),
        response.code(),
        first(response, "content-type"),
        first(response, "retry-after"),
        first(response, "date"),
        body.rest());
  }

  private static String first(HttpResponse<AsyncBody> response, String name) {
    List<String> values = response.headers(name);
    return values == null || values.isEmpty() ? "" : values.get(0);
  }

  @Override
  public void close() {
    client.close();
    relay.ifPresent(Relay::close);
  }

  /** Takes an answer's bytes as they come; called by one thread at a time. */
  private abstract static class Body implements AsyncBody.Consumer<List<ByteBuffer>> {
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    final int limit;
    volatile boolean good;
    volatile boolean excess;

    /**
     * @param limit bytes that may be waiting to be used
     */
    Body(int limit) {
      this.limit = limit;
    }

    @Override
    public final void consume(List<ByteBuffer> buffers, AsyncBody body) throws IOException {
      for (ByteBuffer buffer : buffers) {
        byte[] part = new byte[buffer.remaining()];
        buffer.get(part);
        take(part);
      }
      if (bytes.size() > limit) {
        excess = true;
        bytes.reset();
        body.cancel();
        return;
      }
      body.consume();
    }

    void take(byte[] part) {
      bytes.writeBytes(part);
    }

    final byte[] rest() {
      return bytes.toByteArray();
    }
  }

  private static final class Collected extends Body {
    Collected(int limit) {
      super(limit);
    }
  }

  private static final class Lines extends Body {
    private final Consumer<String> line;

    Lines(Consumer<String> line) {
      super(Bounds.EVENT);
      this.line = line;
    }

    @Override
    void take(byte[] part) {
      if (!good) {
        super.take(part);
        return;
      }
      int start = 0;
      for (int i = 0; i < part.length; i++) {
        if (part[i] == '\n') {
          bytes.write(part, start, i - start);
          String text = bytes.toString(StandardCharsets.UTF_8);
          bytes.reset();
          start = i + 1;
          line.accept(text);
        }
      }
      bytes.write(part, start, part.length - start);
    }
  }
}
