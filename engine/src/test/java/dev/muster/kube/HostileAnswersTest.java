package dev.muster.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.live.Cluster;
import dev.muster.live.Reading;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A cluster that wants to harm whoever asks it, and a client with a heap of 256 MiB: what is asked
 * comes to an end with a failure that names the server, whatever is sent.
 */
@Timeout(180)
class HostileAnswersTest {
  private static final String OBJECT =
      "{\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"settings\",\"namespace\":\"default\"%s}}";
  private static final String LIST =
      "{\"kind\":\"ConfigMapList\",\"metadata\":{\"resourceVersion\":\"1\",\"continue\":\"%s\"},\"items\":[%s]}";
  private static final String JSON_HEAD =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n%s\r\n";
  private static final byte[] MEGABYTE = "x".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);

  private final FuzzedServer server = new FuzzedServer();

  @TempDir Path folder;

  private String ask(String what) throws Exception {
    return ask(what, 60, new CountDownLatch(0));
  }

  private String ask(String what, int seconds, CountDownLatch enough) throws Exception {
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx256m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    System.getProperty("java.class.path"),
                    "dev.muster.kube.SmallClient",
                    server.url(),
                    what,
                    String.valueOf(seconds)))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    boolean seen = enough.await(120, TimeUnit.SECONDS);
    process.getOutputStream().close();
    boolean ended = process.waitFor(120, TimeUnit.SECONDS);
    process.destroyForcibly().waitFor();
    String said = Files.readString(output);
    assertThat(seen).as(said).isTrue();
    assertThat(ended).as("it ends by itself").isTrue();
    assertThat(said).doesNotContain("out of memory", "OutOfMemory", "\tat ");
    return said;
  }

  private static void text(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }

  private static void chunk(OutputStream out, byte[] bytes) throws IOException {
    text(out, Integer.toHexString(bytes.length) + "\r\n");
    out.write(bytes);
    text(out, "\r\n");
  }

  private static byte[] json(String body) {
    return FuzzedServer.answer(200, "application/json", body.getBytes(StandardCharsets.UTF_8));
  }

  /** A gigabyte, if anybody takes it. */
  private static void flood(OutputStream out) throws IOException {
    for (int i = 0; i < 1024; i++) {
      out.write(MEGABYTE);
    }
  }

  @Test
  void aBodyOfAGigabyteIsNotTakenIn() throws Exception {
    server.flow(
        (line, out) -> {
          text(out, JSON_HEAD.formatted("Content-Length: 1073741824\r\n"));
          flood(out);
        });

    assertThat(ask("read")).contains(server.url(), "at most 32 MiB");
  }

  @Test
  void aChunkedBodyThatNeverEndsIsNotTakenIn() throws Exception {
    server.flow(
        (line, out) -> {
          text(out, JSON_HEAD.formatted("Transfer-Encoding: chunked\r\n"));
          while (true) {
            chunk(out, MEGABYTE);
          }
        });

    assertThat(ask("read")).contains(server.url(), "at most 32 MiB");
  }

  @Test
  void aBodyThatComesDropByDropEndsWithTheRequestsTime() throws Exception {
    server.flow(
        (line, out) -> {
          text(out, JSON_HEAD.formatted("Content-Length: 1000000\r\n"));
          drops(out);
        });

    assertThat(ask("read", 2, new CountDownLatch(0))).contains("did not answer in time");
  }

  private static void drops(OutputStream out) throws IOException {
    try {
      while (true) {
        out.write(' ');
        out.flush();
        Thread.sleep(20);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void headersWithoutEndAreNotTakenIn() throws Exception {
    server.flow(
        (line, out) -> {
          text(out, "HTTP/1.1 200 OK\r\n");
          for (int i = 0; ; i++) {
            text(out, "X-" + i + ": " + "y".repeat(8000) + "\r\n");
          }
        });

    assertThat(ask("read")).contains("the connection to " + server.url() + " broke");
  }

  @Test
  void aHeaderWithoutEndIsNotTakenIn() throws Exception {
    server.flow(
        (line, out) -> {
          text(out, "HTTP/1.1 200 OK\r\nX-Long: ");
          flood(out);
        });

    assertThat(ask("read")).contains("the connection to " + server.url() + " broke");
  }

  @Test
  void aTreeThatIsLargerThanItsTextIsRefused() throws Exception {
    for (String piece : List.of("[],", "{\"a\":0},", "\"\",", "1.5,")) {
      String many = piece.repeat((30 << 20) / piece.length()) + "0";
      server.answer(line -> json("{\"kind\":\"ConfigMap\",\"x\":[" + many + "]}"));

      assertThat(ask("read")).contains("more than any API server does");
    }
  }

  @Test
  void depthIsRefused() throws Exception {
    server.answer(line -> json("{\"kind\":\"ConfigMap\",\"x\":" + "[".repeat(10_000_000)));

    assertThat(ask("read")).contains("200 levels");
  }

  @Test
  void numbersWithoutEndAreRefused() throws Exception {
    server.answer(line -> json("{\"kind\":\"ConfigMap\",\"x\":" + "9".repeat(1_000_000) + "}"));
    assertThat(ask("read")).contains("more than any API server does");

    server.answer(line -> json("{\"kind\":\"ConfigMap\",\"x\":1e1000000000}"));
    assertThat(ask("read")).contains("does not answer like a Kubernetes API server");
  }

  @Test
  void aListWithoutEndIsGivenUp() throws Exception {
    String item = OBJECT.formatted(",\"annotations\":{\"a\":\"" + "y".repeat(100_000) + "\"}");
    byte[] page = json(LIST.formatted("more", (item + ",").repeat(9) + item));
    AtomicInteger pages = new AtomicInteger();
    server.answer(
        line -> {
          pages.incrementAndGet();
          return page;
        });

    assertThat(ask("list")).contains("the list of configmaps does not end");
    assertThat(pages.get()).isLessThan(100);
  }

  @Test
  void aListOfEmptyPagesIsGivenUp() throws Exception {
    byte[] page = json(LIST.formatted("more", ""));
    server.answer(line -> page);

    assertThat(ask("list")).contains("does not end: more than 1000 pages");
  }

  @Test
  void aGzipBombIsNotOpened() throws Exception {
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(bomb)) {
      flood(zip);
    }
    server.flow(
        (line, out) -> {
          text(
              out,
              JSON_HEAD.formatted(
                  "Content-Encoding: gzip\r\nContent-Length: " + bomb.size() + "\r\n"));
          out.write(bomb.toByteArray());
        });

    assertThat(ask("read")).contains("does not answer like a Kubernetes API server");
  }

  @Test
  void aLogWithoutEndIsReadInPart() throws Exception {
    byte[] pods = json("{\"kind\":\"PodList\",\"items\":[{\"metadata\":{\"name\":\"p\"}}]}");
    byte[] rows = "2026-05-01T10:00:00Z y\n".repeat(1_300_000).getBytes(StandardCharsets.UTF_8);
    server.answer(
        line -> line.contains("/log") ? FuzzedServer.answer(200, "text/plain", rows) : pods);
    assertThat(ask("logs")).contains(" lines, the longest 1\n");

    byte[] one = ("2026-05-01T10:00:00Z " + "y".repeat(20 << 20)).getBytes(StandardCharsets.UTF_8);
    server.answer(
        line -> line.contains("/log") ? FuzzedServer.answer(200, "text/plain", one) : pods);
    assertThat(ask("logs")).contains("1 lines, the longest 16387");

    server.flow(
        (line, out) -> {
          if (!line.contains("/log")) {
            out.write(pods);
            return;
          }
          text(
              out,
              "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 1073741824\r\n\r\n");
          flood(out);
        });
    assertThat(ask("logs")).contains("at most 32 MiB");
  }

  @Test
  void podsWithoutEndAreNotAskedForTheirLogs() throws Exception {
    String pod = "{\"metadata\":{\"name\":\"p\"}},";
    server.answer(line -> json("{\"kind\":\"PodList\",\"items\":[" + pod.repeat(5000) + "{}]}"));

    assertThat(ask("logs")).contains("finds 5001 pods");
  }

  /** Sends events as long as they are taken, some more than the client may hold in all. */
  private CountDownLatch events(byte[] event, long bytes) {
    CountDownLatch enough = new CountDownLatch(1);
    AtomicLong sent = new AtomicLong();
    byte[] listed = json(LIST.formatted("", ""));
    server.flow(
        (line, out) -> {
          if (!line.contains("watch=true")) {
            out.write(listed);
            return;
          }
          text(out, JSON_HEAD.formatted("Transfer-Encoding: chunked\r\n"));
          while (true) {
            chunk(out, event);
            if (sent.addAndGet(event.length) > bytes) {
              enough.countDown();
            }
          }
        });
    return enough;
  }

  @Test
  void aWatchThatNeverStopsSendingIsHeldOut() throws Exception {
    String object = OBJECT.formatted(",\"annotations\":{\"a\":\"" + "y".repeat(5000) + "\"}");
    byte[] event =
        ("{\"type\":\"MODIFIED\",\"object\":" + object + "}\n").getBytes(StandardCharsets.UTF_8);

    assertThat(ask("watch", 60, events(event, 1L << 30))).contains("saw Found", "closed");
  }

  @Test
  void aLineOfAWatchWithoutEndIsNotTakenIn() throws Exception {
    assertThat(ask("watch", 60, events(MEGABYTE, 1L << 28))).contains("saw Absent", "closed");
  }

  @Test
  void anAnswerAboutAnotherObjectIsNotUsed() {
    for (String other :
        List.of(
            OBJECT.replace("settings", "other"),
            OBJECT.replace("default", "kube-system"),
            OBJECT.replace(",\"namespace\":\"default\"", ""))) {
      server.answer(line -> json(other.formatted("")));
      assertThat(read()).asString().contains("another object than the one it was asked for");
    }
    server.answer(line -> json(OBJECT.formatted("").replace("ConfigMap", "Secret")));
    assertThat(read()).asString().contains("does not answer like a Kubernetes API server");
  }

  @Test
  void aRedirectIsNotFollowed() {
    AtomicInteger asked = new AtomicInteger();
    server.flow(
        (line, out) -> {
          asked.incrementAndGet();
          text(out, "HTTP/1.1 307 Go\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n");
        });

    assertThat(read()).asString().contains("HTTP 307");
    assertThat(asked).hasValue(1);
  }

  @Test
  void whatAServerSaysOfAFailureIsShortAndPrintable() {
    String message = "\\u001b]0;owned\\u0007\\r\\u009b2J\\u202e" + "z".repeat(1_000_000);
    server.answer(
        line ->
            FuzzedServer.answer(
                403,
                "application/json",
                ("{\"kind\":\"Status\",\"message\":\"" + message + "\"}")
                    .getBytes(StandardCharsets.UTF_8)));

    assertThat(read().failed().orElseThrow().message())
        .hasSizeLessThan(3000)
        .doesNotContain("\u001b", "\u0007", "\r", "\u009b", "\u202e");
  }

  @Test
  void invalidUtf8CannotBecomeTheEndOfALine() {
    byte[] body =
        OBJECT.formatted(",\"labels\":{\"a\":\"?\"}").getBytes(StandardCharsets.ISO_8859_1);
    for (int i = 0; i < body.length; i++) {
      body[i] = body[i] == '?' ? (byte) 0x9b : body[i];
    }
    server.answer(line -> FuzzedServer.answer(200, "application/json", body));

    assertThat(read()).asString().contains("does not answer like a Kubernetes API server");
  }

  private Reading read() {
    try (KubeClusters clusters =
        new KubeClusters(
            "one",
            new Timeouts(20, 60),
            KubeClusters.Writes.REAL,
            java.util.Map.of(),
            folder,
            Clusters.PATIENT)) {
      Cluster cluster = clusters.cluster("one", SmallClient.kubeconfig(server.url()));
      return cluster.read(SmallClient.REF);
    }
  }
}
