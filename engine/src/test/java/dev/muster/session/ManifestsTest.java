package dev.muster.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.muster.bound.Bounds;
import dev.muster.problem.Problem;
import dev.muster.problem.Problems;
import dev.muster.problem.Where;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Manifests from servers that mean harm, and their checksums. */
@Timeout(120)
class ManifestsTest {
  private static final String OBJECT = "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n";
  private static final String SUM =
      "2dba2da3b6fca3a6c5c6ee2a9d5e3b6b6f6ee1a6b2b4fd2b8a5f0a3a1f0c0d0e";

  @TempDir Path folder;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch over = new CountDownLatch(1);
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
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

  private void serve(String path, int status, byte[] body, String... header) {
    server.createContext(
        path,
        exchange -> {
          if (header.length > 0) {
            exchange.getResponseHeaders().add(header[0], header[1]);
          }
          exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
          try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
          }
        });
  }

  private record Loaded(List<JsonNode> objects, String problems) {}

  private Loaded load(Duration deadline, String key, String value, String checksum) {
    Problems problems = new Problems();
    ObjectNode source = JsonNodeFactory.instance.objectNode().put(key, value);
    if (!checksum.isEmpty()) {
      source.put("sha256", checksum);
    }
    List<JsonNode> objects =
        new Manifests(deadline).load(source, folder, Where.nowhere(), problems);
    return new Loaded(
        objects, problems.all().stream().map(Problem::text).collect(Collectors.joining()));
  }

  private Loaded fetch(String url) {
    return load(Duration.ofSeconds(60), "url", url, SUM);
  }

  private static String sumIn(String problems) {
    return problems
        .substring(problems.indexOf("found    sha256 ") + 16)
        .lines()
        .findFirst()
        .orElse("");
  }

  @Test
  void aServerThatSendsAByteNowAndThenIsNotWaitedFor() {
    CountDownLatch asked = new CountDownLatch(1);
    server.createContext(
        "/drip",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          asked.countDown();
          drip(exchange);
        });

    assertThat(load(Duration.ofMillis(1500), "url", url("/drip"), SUM).problems())
        .contains("cannot fetch " + url("/drip") + ": it was not there whole within 1 s");
    assertThat(asked.getCount()).as("the server was asked").isZero();
  }

  /** Until the test is over or nobody takes it any more. */
  private void drip(HttpExchange exchange) {
    try (OutputStream out = exchange.getResponseBody()) {
      do {
        out.write('#');
        out.flush();
      } while (!over.await(100, TimeUnit.MILLISECONDS));
    } catch (IOException e) {
      assertThat(e).as("whoever asked is gone").isNotNull();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aServerThatDoesNotAnswerIsNotWaitedFor() {
    server.createContext(
        "/silent",
        exchange -> {
          try {
            over.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });

    assertThat(load(Duration.ofMillis(500), "url", url("/silent"), SUM).problems())
        .contains("it was not there whole within 500 ms", "name it with `file:`");
  }

  @Test
  void aBodyWithoutEndIsNotTakenIn() {
    server.createContext(
        "/endless",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          try (OutputStream out = exchange.getResponseBody()) {
            byte[] part = new byte[1 << 16];
            while (over.getCount() > 0) {
              out.write(part);
            }
          }
        });
    serve("/large", 200, new byte[Bounds.FILE + 1]);

    assertThat(fetch(url("/endless")).problems()).contains("it is larger than 8 MiB");
    assertThat(fetch(url("/large")).problems()).contains("it is larger than 8 MiB");
  }

  @Test
  void redirectsAreFollowedFiveTimes() {
    serve("/r0", 200, OBJECT.getBytes(StandardCharsets.UTF_8));
    for (int i = 1; i <= 6; i++) {
      serve("/r" + i, 302, new byte[0], "Location", "/r" + (i - 1));
    }
    serve("/loop", 307, new byte[0], "Location", "/loop");

    String sum = sumIn(fetch(url("/r0")).problems());
    assertThat(load(Duration.ofSeconds(60), "url", url("/r5"), sum).objects()).hasSize(1);
    assertThat(fetch(url("/r6")).problems())
        .contains("it leads from one address to the next more than 5 times");
    assertThat(fetch(url("/loop")).problems()).contains("more than 5 times");
  }

  @Test
  void whatComesUnencryptedNeedsAChecksum() {
    serve("/plain", 200, OBJECT.getBytes(StandardCharsets.UTF_8));

    assertThat(load(Duration.ofSeconds(60), "url", url("/plain"), "").problems())
        .contains("is not encrypted and has no checksum", "sha256");
  }

  @Test
  void whatIsNotAsItsChecksumSaysIsRefusedAndNothingOfItIsUsed() throws IOException {
    serve("/m", 200, OBJECT.getBytes(StandardCharsets.UTF_8));
    Files.writeString(folder.resolve("m.yaml"), OBJECT);

    Loaded wrong = fetch(url("/m"));
    assertThat(wrong.objects()).isEmpty();
    assertThat(wrong.problems())
        .contains("is not what its checksum says", "expected sha256 " + SUM, "found    sha256 ");
    String sum = sumIn(wrong.problems());
    assertThat(load(Duration.ofSeconds(60), "url", url("/m"), sum).objects()).hasSize(1);
    assertThat(load(Duration.ofSeconds(60), "file", "m.yaml", sum).objects()).hasSize(1);
    assertThat(load(Duration.ofSeconds(60), "file", "m.yaml", SUM).problems())
        .contains("m.yaml is not what its checksum says");
  }

  @Test
  void whatTheServerSaysIsToldWithoutWhatIsSecretInTheAddress() {
    serve("/gone", 404, new byte[0]);
    String address = url("/gone?token=canary").replace("http://", "http://me:canary@");

    assertThat(fetch(address).problems())
        .contains("cannot fetch " + url("/gone") + ": the server answered 404")
        .doesNotContain("canary");
    assertThat(fetch("http://localhost:1/").problems()).contains("no answer");
    serve("/latin", 200, new byte[] {(byte) 0xe9});
    assertThat(fetch(url("/latin")).problems()).contains("it is not UTF-8 text");
  }
}
