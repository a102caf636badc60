package dev.muster.testbed;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Repositories over HTTP for one user: git's own program behind a login. */
final class GitServer implements AutoCloseable {
  private final HttpServer server;
  private final Path repositories;
  private final String authorization;
  private final AtomicInteger refused = new AtomicInteger();

  GitServer(Path repositories, String user, String password) throws IOException {
    this.repositories = repositories;
    this.authorization =
        "Basic "
            + Base64.getEncoder()
                .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  /** Of the server, with a login or none. */
  String url(String login) {
    String at = login.isEmpty() ? "" : login + "@";
    return "http://" + at + "127.0.0.1:" + server.getAddress().getPort();
  }

  /** Requests that came with another login than the right one. */
  int refused() {
    return refused.get();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      String shown = exchange.getRequestHeaders().getFirst("Authorization");
      if (!authorization.equals(shown)) {
        if (shown != null) {
          refused.incrementAndGet();
        }
        exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"plans\"");
        exchange.sendResponseHeaders(401, -1);
        return;
      }
      pass(exchange, backend(exchange, body));
    }
  }

  /** What {@code git http-backend} says, as any CGI does. */
  private byte[] backend(HttpExchange exchange, byte[] body) throws IOException {
    ProcessBuilder program = new ProcessBuilder("git", "http-backend");
    Map<String, String> environment = program.environment();
    environment.put("GIT_PROJECT_ROOT", repositories.toString());
    environment.put("GIT_HTTP_EXPORT_ALL", "1");
    environment.put("REMOTE_USER", "reader");
    environment.put("REQUEST_METHOD", exchange.getRequestMethod());
    environment.put("PATH_INFO", exchange.getRequestURI().getPath());
    environment.put(
        "QUERY_STRING", Optional.ofNullable(exchange.getRequestURI().getQuery()).orElse(""));
    environment.put("CONTENT_LENGTH", String.valueOf(body.length));
    header(exchange, "Content-Type").ifPresent(it -> environment.put("CONTENT_TYPE", it));
    header(exchange, "Content-Encoding")
        .ifPresent(it -> environment.put("HTTP_CONTENT_ENCODING", it));
    header(exchange, "Git-Protocol").ifPresent(it -> environment.put("GIT_PROTOCOL", it));
    Process process = program.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try (var in = process.getOutputStream()) {
      in.write(body);
    }
    return process.getInputStream().readAllBytes();
  }

  private static Optional<String> header(HttpExchange exchange, String name) {
    return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name));
  }

  private static void pass(HttpExchange exchange, byte[] said) throws IOException {
    InputStream rest = new ByteArrayInputStream(said);
    int status = 200;
    for (String line = line(rest); !line.isEmpty(); line = line(rest)) {
      String value = line.substring(line.indexOf(':') + 1).strip();
      if (line.startsWith("Status:")) {
        status = Integer.parseInt(value.substring(0, 3));
      } else {
        exchange.getResponseHeaders().set(line.substring(0, line.indexOf(':')), value);
      }
    }
    byte[] body = rest.readAllBytes();
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      line.write(next);
    }
    return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
