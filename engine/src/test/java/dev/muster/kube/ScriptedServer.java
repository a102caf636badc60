package dev.muster.kube;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/** Says what a test tells it to, in order, and remembers what it was asked. */
final class ScriptedServer implements AutoCloseable {
  /** One request as it came; {@code target} is path and query, still encoded. */
  record Seen(String method, String target, String authorization, String agent, String body) {}

  /** Writes one answer, in good or bad manners. */
  interface Answer {
    void to(HttpExchange exchange) throws IOException;
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final BlockingQueue<Answer> script = new LinkedBlockingQueue<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private volatile Function<Seen, @Nullable Answer> rule = seen -> null;
  final List<Seen> seen = new CopyOnWriteArrayList<>();

  ScriptedServer() {
    this(null);
  }

  /** Serves https, and asks for a client certificate. */
  ScriptedServer(@Nullable SSLContext tls) {
    try {
      InetSocketAddress any = new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0);
      if (tls == null) {
        server = HttpServer.create(any, 0);
      } else {
        HttpsServer secure = HttpsServer.create(any, 0);
        secure.setHttpsConfigurator(
            new HttpsConfigurator(tls) {
              @Override
              public void configure(HttpsParameters parameters) {
                SSLParameters wanted = tls.getDefaultSSLParameters();
                wanted.setWantClientAuth(true);
                parameters.setSSLParameters(wanted);
              }
            });
        server = secure;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Seen request =
          new Seen(
              exchange.getRequestMethod(),
              exchange.getRequestURI().toString(),
              String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")),
              String.valueOf(exchange.getRequestHeaders().getFirst("User-Agent")),
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
      seen.add(request);
      Answer answer = rule.apply(request);
      answer = answer == null ? script.poll() : answer;
      (answer == null ? text(418, "text/plain", "not in the script") : answer).to(exchange);
    }
  }

  String url() {
    String scheme = server instanceof HttpsServer ? "https" : "http";
    return scheme + "://127.0.0.1:" + server.getAddress().getPort();
  }

  /** The answers to the next requests. */
  void say(Answer... answers) {
    script.addAll(List.of(answers));
  }

  /** Answers by request; what the rule answers with null takes from the script. */
  void follow(Function<Seen, @Nullable Answer> newRule) {
    rule = newRule;
  }

  static Answer json(int code, String body) {
    return text(code, "application/json", body.replace('\'', '"'));
  }

  static Answer status(int code, String reason, String message) {
    return json(
        code,
        "{'kind':'Status','apiVersion':'v1','status':'Failure','reason':'%s','message':'%s','code':%d}"
            .formatted(reason, message, code));
  }

  static Answer text(int code, String type, String body) {
    return exchange -> {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", type);
      exchange.sendResponseHeaders(code, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    };
  }

  static Answer with(String header, String value, Answer answer) {
    return exchange -> {
      exchange.getResponseHeaders().set(header, value);
      answer.to(exchange);
    };
  }

  /** Promises more than it sends, and hangs up. */
  static Answer cut() {
    return exchange -> {
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, 1000);
      exchange.getResponseBody().write("{\"kind\":".getBytes(StandardCharsets.UTF_8));
      exchange.getResponseBody().flush();
    };
  }

  /** Says nothing until the server is closed. */
  Answer silence() {
    return exchange -> hold();
  }

  /** Starts a body and never ends it. */
  Answer slow() {
    return exchange -> {
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, 0);
      exchange.getResponseBody().write('{');
      exchange.getResponseBody().flush();
      hold();
    };
  }

  /** Sends lines as they are put into the queue, until it takes out an empty one. */
  Answer stream(BlockingQueue<String> lines) {
    return exchange -> {
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, 0);
      OutputStream out = exchange.getResponseBody();
      try {
        out.flush();
        while (over.getCount() > 0) {
          String line = lines.poll(50, TimeUnit.MILLISECONDS);
          if (line == null) {
            continue;
          }
          if (line.isEmpty()) {
            return;
          }
          out.write((line.replace('\'', '"') + "\n").getBytes(StandardCharsets.UTF_8));
          out.flush();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    };
  }

  private void hold() {
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    over.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
