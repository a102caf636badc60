package dev.muster.notify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.muster.problem.MusterException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a receiver gets, how often it is asked, and what is said when it does not want it. */
@Timeout(120)
class NotifierTest {
  private static final byte[] KEY = "0123456789abcdef".getBytes(StandardCharsets.UTF_8);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private record Answer(int status, String retryAfter) {}

  /** A clock that moves when somebody waits, and only then. */
  private static final class Clock implements Notifier.Time {
    // Late in its second: signatures have whole seconds, and each wait is to reach another one.
    private Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS).plusMillis(999);
    private final List<Duration> pauses = new ArrayList<>();

    @Override
    public Instant now() {
      return now;
    }

    @Override
    public void pause(Duration time) {
      pauses.add(time);
      now = now.plus(time);
    }
  }

  private final Deque<Answer> answers = new ArrayDeque<>();
  private final List<String> got = new ArrayList<>();
  private final List<String> signatures = new ArrayList<>();
  private final Clock clock = new Clock();
  private HttpServer server;

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          got.add(
              exchange.getRequestURI()
                  + " "
                  + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          signatures.add(exchange.getRequestHeaders().getFirst("Muster-Signature"));
          String login = exchange.getRequestHeaders().getFirst("Authorization");
          if (login != null) {
            got.add(login);
          }
          Answer answer = answers.isEmpty() ? new Answer(204, "") : answers.remove();
          if (!answer.retryAfter().isEmpty()) {
            exchange.getResponseHeaders().set("Retry-After", answer.retryAfter());
          }
          exchange.getResponseHeaders().set("Location", "/elsewhere");
          exchange.sendResponseHeaders(answer.status(), -1);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private String address() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  private java.util.Optional<String> send(String url) {
    return new Notifier(KEY, "muster/test", PATIENCE, clock).send(Target.of(url), "{}");
  }

  @Test
  void postsOnceWhatIsTaken() {
    assertThat(send("http://" + address() + "/hook?token=a%20b")).isEmpty();
    assertThat(got).containsExactly("/hook?token=a%20b {}");
    assertThat(clock.pauses).isEmpty();
  }

  @Test
  void triesAgainWhatTheReceiverMayTakeLaterAndSignsItAnew() {
    answers.addAll(List.of(new Answer(503, ""), new Answer(429, ""), new Answer(500, "")));
    assertThat(send("http://" + address())).isEmpty();
    assertThat(got).hasSize(4);
    assertThat(clock.pauses).hasSize(3);
    assertThat(clock.pauses.get(0)).isBetween(Duration.ofMillis(500), Duration.ofSeconds(1));
    assertThat(clock.pauses.get(2)).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(4));
    assertThat(signatures).doesNotHaveDuplicates();
  }

  @Test
  void waitsAsLongAsTheReceiverSays() {
    answers.add(new Answer(429, "7"));
    answers.add(
        new Answer(
            503,
            java.time.format.DateTimeFormatter.RFC_1123_DATE_TIME.format(
                clock.now.plusSeconds(20).atZone(java.time.ZoneOffset.UTC))));
    assertThat(send("http://" + address())).isEmpty();
    assertThat(clock.pauses.get(0)).isEqualTo(Duration.ofSeconds(7));
    assertThat(clock.pauses.get(1)).isBetween(Duration.ofSeconds(11), Duration.ofSeconds(13));
  }

  @Test
  void givesUpWhenItsTimeIsOver() {
    for (int i = 0; i < 100; i++) {
      answers.add(new Answer(503, ""));
    }
    assertThat(send("http://" + address()).orElseThrow())
        .isEqualTo(
            "http://"
                + address()
                + ": it answered with status 503, after "
                + got.size()
                + " tries");
    assertThat(got).hasSizeBetween(5, 12);
    got.clear();
    answers.clear();
    answers.add(new Answer(429, "3600"));
    assertThat(send("http://" + address())).isPresent();
    assertThat(got).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 307, 400, 401, 404, 413})
  void takesANoForANo(int status) {
    answers.add(new Answer(status, ""));
    assertThat(send("http://" + address()).orElseThrow()).contains(String.valueOf(status));
    assertThat(got).hasSize(1);
  }

  @Test
  void triesAgainWhereNobodyListens() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    assertThat(send("http://127.0.0.1:" + port).orElseThrow())
        .contains("cannot be reached", "tries");
    assertThat(clock.pauses).hasSizeGreaterThan(3);
  }

  @Test
  void doesNotWaitForTheEndOfAnAnswer() throws Exception {
    try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      java.util.concurrent.FutureTask<Socket> accepted =
          new java.util.concurrent.FutureTask<>(
              () -> {
                Socket socket = listening.accept();
                socket
                    .getOutputStream()
                    .write(
                        "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
                return socket;
              });
      new Thread(accepted, "receiver that never ends").start();
      assertThat(send("http://127.0.0.1:" + listening.getLocalPort())).isEmpty();
      accepted.get().close();
    }
  }

  @Test
  void showsNothingOfAnAddressButItsHost() {
    answers.add(new Answer(404, ""));
    assertThat(send("http://user:pa%20ss@" + address() + "/secret/path?token=secret").orElseThrow())
        .startsWith("http://" + address() + ": ")
        .doesNotContain("user", "pa", "secret");
    assertThat(got).containsExactly("/secret/path?token=secret {}", "Basic dXNlcjpwYSBzcw==");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hooks.secret.com",
        "ftp://secret",
        "https:secret",
        "http://se cret/",
        "http:///secret"
      })
  void refusesWhatIsNoAddressWithoutRepeatingIt(String url) {
    assertThatThrownBy(() -> Target.of(url))
        .isInstanceOf(MusterException.class)
        .hasMessageNotContaining("secret");
  }

  @Test
  void isVerifiedByTheReceiverOfTheExamples(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("key");
    Files.writeString(file, new String(KEY, StandardCharsets.UTF_8) + "\n");
    Process receiver =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                Path.of("../examples/notify/Receiver.java").toString(),
                file.toString(),
                "0")
            .redirectErrorStream(true)
            .start();
    try (BufferedReader said =
        new BufferedReader(
            new InputStreamReader(receiver.getInputStream(), StandardCharsets.UTF_8))) {
      String line = said.readLine();
      assertThat(line).startsWith("listening on ");
      Target target = Target.of("http://127.0.0.1:" + line.substring("listening on ".length()));
      assertThat(new Notifier(KEY, "muster/test", PATIENCE).send(target, "{\"kind\":\"x\"}"))
          .isEmpty();
      assertThat(said.readLine()).isEqualTo("{\"kind\":\"x\"}");
      byte[] other = "another key that is long".getBytes(StandardCharsets.UTF_8);
      assertThat(new Notifier(other, "muster/test", PATIENCE).send(target, "{}").orElseThrow())
          .contains("401");
      assertThat(said.readLine()).isEqualTo("refused");
      clock.now = Instant.now().minusSeconds(3600);
      assertThat(new Notifier(KEY, "muster/test", PATIENCE, clock).send(target, "{}").orElseThrow())
          .contains("401");
    } finally {
      receiver.destroyForcibly().waitFor();
    }
  }
}
