package dev.muster.wire;

import static dev.muster.wire.RawServer.say;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How many connections there are, and what becomes of those that end. */
@Timeout(60)
class LanesTest {
  private static final String OK = "HTTP/1.1 200 OK|Content-Length: 2||hi";

  private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable closeable : open) {
      closeable.close();
    }
    timer.shutdownNow();
  }

  private RawServer server(RawServer.Manners manners) {
    RawServer server = new RawServer(manners);
    open.add(server);
    return server;
  }

  private Lanes lanes(RawServer server, int seconds) {
    Lanes lanes =
        new Lanes(
            new Endpoint("127.0.0.1", server.port(), Optional.empty(), ""),
            new Doors(),
            timer,
            new Lanes.Limits(
                TimeUnit.SECONDS.toNanos(20), TimeUnit.SECONDS.toNanos(seconds), 1000));
    open.add(lanes);
    return lanes;
  }

  private static Request get(String path) {
    return new Request("GET", path, List.of(), new byte[0], true);
  }

  private static Request write(String path) {
    return new Request("PUT", path, List.of(), "body".getBytes(StandardCharsets.UTF_8), false);
  }

  private static FutureTask<Answer> start(Lanes lanes, Request request) {
    FutureTask<Answer> task = new FutureTask<>(() -> lanes.ask(request));
    new Thread(task, "asking").start();
    return task;
  }

  /** Answers every request. */
  private RawServer polite() {
    RawServer[] self = new RawServer[1];
    self[0] =
        server(
            (connection, in, out) -> {
              while (true) {
                self[0].request(connection, in);
                say(out, OK);
              }
            });
    return self[0];
  }

  @Test
  void readsTakeTurnsOnOneConnection() throws Exception {
    RawServer server = polite();
    Lanes lanes = lanes(server, 50);
    List<FutureTask<Answer>> reads = new ArrayList<>();
    lanes.ask(get("/first"));
    for (int i = 0; i < 20; i++) {
      reads.add(start(lanes, get("/" + i)));
    }

    for (FutureTask<Answer> read : reads) {
      assertThat(read.get().code()).isEqualTo(200);
    }
    assertThat(server.seen).hasSize(21);
    assertThat(server.connections()).isEqualTo(1);
  }

  @Test
  void aReadThatDoesNotEndHoldsUpNobodyForLong() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    CountDownLatch asked = new CountDownLatch(1);
    RawServer[] self = new RawServer[1];
    self[0] =
        server(
            (connection, in, out) -> {
              while (true) {
                if (self[0].request(connection, in).contains("/slow")) {
                  asked.countDown();
                  over.await();
                }
                say(out, OK);
              }
            });
    Lanes lanes = lanes(self[0], 50);
    FutureTask<Answer> slow = start(lanes, get("/slow"));
    asked.await();

    assertThat(lanes.ask(write("/write")).code()).isEqualTo(200);
    assertThat(lanes.ask(get("/read")).code()).isEqualTo(200);
    assertThat(slow.isDone()).isFalse();
    over.countDown();
    assertThat(slow.get().code()).isEqualTo(200);
  }

  @Test
  void aReadIsSentAgainWhenTheKeptConnectionIsClosed() throws Exception {
    RawServer[] self = new RawServer[1];
    self[0] =
        server(
            (connection, in, out) -> {
              self[0].request(connection, in);
              say(out, OK);
              if (connection == 1) {
                // Takes the next one, and hangs up without a word.
                self[0].request(connection, in);
                return;
              }
              self[0].request(connection, in);
              say(out, OK);
            });
    Lanes lanes = lanes(self[0], 50);

    assertThat(lanes.ask(get("/a")).code()).isEqualTo(200);
    assertThat(lanes.ask(get("/b")).code()).isEqualTo(200);
    assertThat(self[0].seen).containsExactly("1 GET /a", "1 GET /b", "2 GET /b");
  }

  @Test
  void aReadOnANewConnectionIsSentOnce() {
    RawServer[] self = new RawServer[1];
    self[0] = server((connection, in, out) -> self[0].request(connection, in));

    assertThatThrownBy(() -> lanes(self[0], 50).ask(get("/a")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("hung up without an answer");
    assertThat(self[0].seen).hasSize(1);
  }

  @Test
  void aWriteIsNeverSentTwice() throws Exception {
    RawServer[] self = new RawServer[1];
    self[0] =
        server(
            (connection, in, out) -> {
              self[0].request(connection, in);
              say(out, OK);
              self[0].request(connection, in);
            });
    Lanes lanes = lanes(self[0], 50);

    assertThat(lanes.ask(get("/a")).code()).isEqualTo(200);
    assertThatThrownBy(() -> lanes.ask(write("/b"))).isInstanceOf(IOException.class);
    assertThat(self[0].seen).containsExactly("1 GET /a", "1 PUT /b");
  }

  @Test
  void aWriteGoesToANewConnectionWhenTheKeptOneIsSeenToBeClosed() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    RawServer[] self = new RawServer[1];
    self[0] =
        server(
            (connection, in, out) -> {
              self[0].request(connection, in);
              say(out, OK);
              if (connection == 1) {
                out.close();
                closed.countDown();
                return;
              }
              self[0].request(connection, in);
            });
    Lanes lanes = lanes(self[0], 50);

    assertThat(lanes.ask(get("/a")).code()).isEqualTo(200);
    closed.await();
    assertThat(lanes.ask(write("/b")).code()).isEqualTo(200);
    assertThat(self[0].seen).containsExactly("1 GET /a", "2 PUT /b");
  }

  @Test
  void anAnswerToNoRequestIsNotTakenForTheNextOne() throws Exception {
    RawServer[] self = new RawServer[1];
    self[0] =
        server(
            (connection, in, out) -> {
              while (true) {
                String line = self[0].request(connection, in);
                say(out, OK.replace("hi", line.substring(5, 7)) + OK.replace("hi", "no"));
              }
            });
    Lanes lanes = lanes(self[0], 50);
    List<String> bodies = new ArrayList<>();
    for (String path : List.of("/aa", "/bb")) {
      bodies.add(new String(lanes.ask(get(path)).body(), StandardCharsets.UTF_8));
    }

    assertThat(bodies).containsExactly("aa", "bb");
    assertThat(self[0].connections()).isEqualTo(2);
  }

  @Test
  void theWholeAnswerIsBoundedInTime() {
    RawServer[] self = new RawServer[1];
    self[0] =
        server(
            (connection, in, out) -> {
              self[0].request(connection, in);
              say(out, "HTTP/1.1 200 OK|Content-Length: 900||");
              while (true) {
                out.write(' ');
                out.flush();
                Thread.sleep(20);
              }
            });

    assertThatThrownBy(() -> lanes(self[0], 1).ask(get("/a")))
        .isInstanceOf(SocketTimeoutException.class);
  }

  @Test
  void anInterruptedThreadGivesUp() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    RawServer[] self = new RawServer[1];
    self[0] =
        server(
            (connection, in, out) -> {
              self[0].request(connection, in);
              asked.countDown();
              in.read();
            });
    Lanes lanes = lanes(self[0], 50);
    FutureTask<Boolean> task =
        new FutureTask<>(
            () -> {
              assertThatThrownBy(() -> lanes.ask(get("/a"))).isInstanceOf(IOException.class);
              return Thread.currentThread().isInterrupted();
            });
    Thread thread = new Thread(task, "interrupted");
    thread.start();
    asked.await();
    thread.interrupt();

    assertThat(task.get()).isTrue();
  }

  @Test
  void aHeaderCannotBecomeTwo() {
    Lanes lanes = lanes(polite(), 50);
    Request smuggling =
        new Request(
            "GET", "/", List.of(Map.entry("Authorization", "x\r\nX: y")), new byte[0], true);

    assertThatThrownBy(() -> lanes.ask(smuggling))
        .isInstanceOf(IOException.class)
        .hasMessageNotContaining("X");
    assertThatThrownBy(() -> lanes.ask(get("/ HTTP/1.1\r\nX: y"))).isInstanceOf(IOException.class);
  }

  @Test
  void nothingIsAskedOnceItIsClosed() throws ExecutionException, InterruptedException {
    RawServer server = polite();
    Lanes lanes = lanes(server, 50);
    assertThat(start(lanes, get("/a")).get().code()).isEqualTo(200);
    lanes.close();

    assertThatThrownBy(() -> lanes.ask(get("/b"))).isInstanceOf(IOException.class);
    assertThat(server.seen).hasSize(1);
  }
}
