package dev.muster.history;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.muster.problem.MusterException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One file of a repository behind git's own HTTP server, which may want a login or never end. */
@Timeout(120)
class GitFileTest {
  private static final String CANARY = "canary-of-a-login-27182818";

  @TempDir Path temp;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch over = new CountDownLatch(1);
  private Git git;
  private Path repository;
  private HttpServer server;
  private volatile String wanted = "";

  @BeforeEach
  void start() throws IOException {
    git = new Git(temp);
    repository = git.repository("plans");
    Git.write(repository.resolve("x.yaml"), "kind: Plan\n");
    git.run(repository, "add", ".");
    git.run(repository, "commit", "-q", "-m", "A plan");
    git.run(repository, "tag", "v1");
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/plans", this::backend);
    server.createContext("/silent", this::silent);
    server.start();
  }

  @AfterEach
  void stop() {
    over.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private String url(String path) {
    return "http://localhost:" + server.getAddress().getPort() + path;
  }

  /** As a web server runs git http-backend. */
  private void backend(HttpExchange exchange) throws IOException {
    String login = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
    if (!wanted.isEmpty() && !login.equals(wanted)) {
      exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"plans\"");
      exchange.sendResponseHeaders(401, -1);
      exchange.close();
      return;
    }
    ProcessBuilder builder = new ProcessBuilder("git", "http-backend");
    var variables = builder.environment();
    variables.put("GIT_PROJECT_ROOT", temp.toString());
    variables.put("GIT_HTTP_EXPORT_ALL", "1");
    variables.put("HOME", git.home.toString());
    variables.put("REQUEST_METHOD", exchange.getRequestMethod());
    variables.put("PATH_INFO", exchange.getRequestURI().getPath());
    String query = exchange.getRequestURI().getQuery();
    variables.put("QUERY_STRING", query == null ? "" : query);
    String type = exchange.getRequestHeaders().getFirst("Content-Type");
    variables.put("CONTENT_TYPE", type == null ? "" : type);
    String encoding = exchange.getRequestHeaders().getFirst("Content-Encoding");
    variables.put("HTTP_CONTENT_ENCODING", encoding == null ? "" : encoding);
    String protocol = exchange.getRequestHeaders().getFirst("Git-Protocol");
    variables.put("GIT_PROTOCOL", protocol == null ? "" : protocol);
    byte[] asked = exchange.getRequestBody().readAllBytes();
    variables.put("CONTENT_LENGTH", String.valueOf(asked.length));
    Process process = builder.start();
    process.getOutputStream().write(asked);
    process.getOutputStream().close();
    byte[] said = process.getInputStream().readAllBytes();
    String text = new String(said, StandardCharsets.ISO_8859_1);
    int body = text.indexOf("\r\n\r\n") + 4;
    int status = 200;
    for (String line : text.substring(0, body).split("\r\n")) {
      int colon = line.indexOf(": ");
      if (line.startsWith("Status: ")) {
        status = Integer.parseInt(line.substring(8, 11));
      } else if (colon > 0) {
        exchange.getResponseHeaders().add(line.substring(0, colon), line.substring(colon + 2));
      }
    }
    exchange.sendResponseHeaders(status, 0);
    exchange.getResponseBody().write(said, body, said.length - body);
    exchange.close();
  }

  private void silent(HttpExchange exchange) {
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    exchange.close();
  }

  private static String read(String url, String revision, String path) {
    return new String(GitFile.usual().read(url, revision, path), UTF_8);
  }

  @Test
  void readsAFileOfATagABranchAndACommit() {
    String commit = git.run(repository, "rev-parse", "HEAD").strip();
    for (String revision : new String[] {"v1", "main", "refs/tags/v1", commit}) {
      assertThat(read(url("/plans"), revision, "x.yaml")).as(revision).isEqualTo("kind: Plan\n");
    }
  }

  @Test
  void tellsWhatIsNotThereWithoutSpeakingOfAHistory() {
    assertThatThrownBy(() -> read(url("/plans"), "v9", "x.yaml"))
        .isInstanceOf(MusterException.class)
        .hasMessageContaining("has no branch or tag \"v9\"")
        .hasMessageNotContaining("--no-history");
    assertThatThrownBy(() -> read(url("/plans"), "v1", "y.yaml"))
        .hasMessageContaining("has no file y.yaml");
    assertThatThrownBy(() -> read(url("/plans"), "v1", "../x.yaml"))
        .hasMessageContaining("has no file");
  }

  @Test
  void aServerThatWantsALoginThatNobodyHasIsTold() {
    wanted = "Basic " + CANARY;
    assertThatThrownBy(() -> read(url("/plans"), "v1", "x.yaml"))
        .hasMessageContaining("cannot fetch from " + url("/plans"))
        .hasMessageContaining("not authorized")
        .hasMessageNotContaining(CANARY);
    String login = "http://ann:" + CANARY + "@localhost:" + server.getAddress().getPort();
    assertThatThrownBy(() -> read(login + "/plans", "v1", "x.yaml"))
        .hasMessageContaining("cannot fetch from http://localhost")
        .hasMessageNotContaining(CANARY);
  }

  @Test
  void aServerThatDoesNotAnswerIsNotWaitedFor() {
    GitFile hasty = GitFile.within(Duration.ofSeconds(1), Long.MAX_VALUE);
    assertThatThrownBy(() -> hasty.read(url("/silent"), "v1", "x.yaml"))
        .hasMessageContaining("it was not there whole within 1 s");
  }

  @Test
  void aRepositoryThatIsTooLargeIsGivenUp() {
    GitFile small = GitFile.within(Duration.ofSeconds(100), 0);
    assertThatThrownBy(() -> small.read(url("/silent"), "v1", "x.yaml"))
        .hasMessageContaining("one commit of it is larger than 0 MiB");
  }
}
