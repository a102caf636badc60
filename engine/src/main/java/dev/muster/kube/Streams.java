package dev.muster.kube;

import dev.muster.bound.Bounds;
import dev.muster.live.Failure;
import dev.muster.wire.Tls;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import io.fabric8.kubernetes.client.utils.HttpClientUtils;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.SSLContext;

/**
 * Fabric8's HTTP client for one server: for answers that go on and on, for those who cannot wait,
 * and behind proxies. It sends what it is given, once, and never throws later.
 */
final class Streams implements AutoCloseable {
  /** Held on to, because the logging system forgets the level of a logger that nobody holds. */
  private static final Logger FABRIC8 = Logger.getLogger("io.fabric8");

  static {
    // Its warnings are about things that this package handles, and would stand among our output.
    if (FABRIC8.getLevel() == null) {
      FABRIC8.setLevel(Level.SEVERE);
    }
  }

  private final HttpClient client;
  private final Optional<Relay> relay;
  private final Login login;
  private final Timeouts timeouts;

  private Streams(HttpClient client, Optional<Relay> relay, Login login, Timeouts timeouts) {
    this.client = client;
    this.relay = relay;
    this.login = login;
    this.timeouts = timeouts;
  }

  /**
   * A client whose threads are shared.
   *
   * @param tls empty for a server that is spoken to in the clear
   * @throws IllegalArgumentException when the proxy or the server's name cannot be used
   */
  static Streams open(Login login, Optional<Tls> tls, Timeouts timeouts, Executor threads) {
    Optional<Relay> relay = Optional.empty();
    boolean done = false;
    try {
      Optional<Proxy> proxy = login.proxy();
      if (login.relayed().isPresent()) {
        Tls ours = tls.orElseThrow(IllegalArgumentException::new);
        Relay made =
            new Relay(login.relayed().get(), login.address(), ours.context(), ours.anybody());
        relay = Optional.of(made);
        proxy = Optional.of(made.proxy());
      }
      Optional<SSLContext> context =
          tls.map(Tls::context)
              .map(c -> login.tlsName().isEmpty() ? c : NamedTls.of(c, login.tlsName()));
      Streams streams =
          new Streams(
              client(new Factory(threads, context), proxy, timeouts), relay, login, timeouts);
      done = true;
      return streams;
    } finally {
      if (!done) {
        relay.ifPresent(Relay::close);
      }
    }
  }

  /** Without what fabric8 makes of a configuration: trust, tokens and more that is ours here. */
  private static HttpClient client(Factory factory, Optional<Proxy> proxy, Timeouts timeouts) {
    HttpClient.Builder builder = factory.newBuilder();
    builder.connectTimeout(timeouts.connect(), TimeUnit.SECONDS).preferHttp11();
    builder.tag(
        new RequestConfigBuilder().withRequestRetryBackoffLimit(0).withRequestTimeout(0).build());
    if (proxy.isEmpty()) {
      return builder.proxyType(HttpClient.ProxyType.DIRECT).build();
    }
    Proxy way = proxy.get();
    builder.proxyType(HttpClient.ProxyType.HTTP);
    builder.proxyAddress(new InetSocketAddress(way.host(), way.port()));
    if (!way.user().isEmpty()) {
      builder.proxyAuthorization(HttpClientUtils.basicCredentials(way.user(), way.password()));
    }
    return builder.build();
  }

  /**
   * Sends a request; the whole answer is bounded in time.
   *
   * @param headers all that are to be sent
   */
  Connection.Sent send(Call call, List<Map.Entry<String, String>> headers) {
    return send(call, headers, timeouts.request(), () -> {}, new Collected(Bounds.ANSWER));
  }

  /**
   * Sends a request whose answer goes on and on.
   *
   * @param seconds after which it is given up
   * @param opened runs when the server has agreed
   * @param line takes each complete line of a good answer, on a thread that must not be held up
   */
  Connection.Sent stream(
      Call call,
      List<Map.Entry<String, String>> headers,
      int seconds,
      Runnable opened,
      Consumer<String> line) {
    return send(call, headers, seconds, opened, new Lines(line));
  }

  private Connection.Sent send(
      Call call, List<Map.Entry<String, String>> headers, int seconds, Runnable opened, Body body) {
    CompletableFuture<HttpResponse<AsyncBody>> head =
        client.consumeBytes(request(call, headers), body);
    CompletableFuture<Reply> reply =
        head.thenCompose(
                response -> {
                  body.good = response.code() == 200;
                  if (body.good) {
                    opened.run();
                  }
                  Optional<AsyncBody> coming = body(response);
                  coming.ifPresent(AsyncBody::consume);
                  return coming
                      .map(AsyncBody::done)
                      .orElseGet(() -> CompletableFuture.completedFuture(null))
                      .thenApply(done -> answer(response, body));
                })
            .orTimeout(seconds, TimeUnit.SECONDS)
            .handle((answer, thrown) -> answer != null ? answer : broken(head, body, thrown));
    return new Connection.Sent(reply, () -> giveUp(head));
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
      head.thenAccept(response -> body(response).ifPresent(AsyncBody::cancel));
    }
  }

  /** There is none when a proxy refuses: the JDK's client keeps its words to itself. */
  private static Optional<AsyncBody> body(HttpResponse<AsyncBody> response) {
    return Optional.ofNullable(response.body());
  }

  private HttpRequest request(Call call, List<Map.Entry<String, String>> headers) {
    HttpRequest.Builder request =
        client.newHttpRequestBuilder().uri(URI.create(login.server() + call.target()));
    request.timeout(timeouts.request(), TimeUnit.SECONDS);
    headers.forEach(header -> request.header(header.getKey(), header.getValue()));
    if (!call.method().equals("GET")) {
      request.method(call.method(), call.contentType(), call.body());
    }
    return request.build();
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

  /** Lets all clients share their threads. */
  private static final class Factory extends JdkHttpClientFactory {
    private final Executor executor;
    private final Optional<SSLContext> tls;

    Factory(Executor executor, Optional<SSLContext> tls) {
      this.executor = executor;
      this.tls = tls;
    }

    @Override
    protected java.net.http.HttpClient.Builder createNewHttpClientBuilder() {
      return java.net.http.HttpClient.newBuilder().executor(executor);
    }

    /** No API server redirects; what does would get our Authorization header. */
    @Override
    protected void additionalConfig(java.net.http.HttpClient.Builder builder) {
      builder.followRedirects(java.net.http.HttpClient.Redirect.NEVER);
      tls.ifPresent(builder::sslContext);
    }
  }
}
