package dev.muster.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.muster.kube.KubeClusters;
import dev.muster.kube.Timeouts;
import dev.muster.live.Reading;
import dev.muster.resource.ObjectRef;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nothing here waits for a time-out: what answers is done while what does not still waits. */
@Timeout(120)
class ReadersTest {
  private static final ObjectRef NODE = ObjectRef.of("v1", "Node", "", "n");
  private static final byte[] ANSWER =
      "{\"kind\":\"Node\",\"metadata\":{\"name\":\"n\"}}".getBytes(StandardCharsets.UTF_8);

  private final Readers readers = new Readers();

  @AfterEach
  void end() throws InterruptedException {
    readers.shutdownNow();
    assertThat(readers.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void tasksThatWaitHoldUpNoOthers() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    List<Future<?>> waiting = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      waiting.add(
          readers.submit(
              () -> {
                over.await();
                return 1;
              }));
    }
    List<Future<?>> quick = new ArrayList<>();
    for (int i = 0; i < 900; i++) {
      quick.add(readers.submit(() -> 1));
    }

    for (Future<?> task : quick) {
      task.get();
    }
    assertThat(waiting).noneMatch(Future::isDone);
    over.countDown();
    for (Future<?> task : waiting) {
      task.get();
    }
  }

  @Test
  void thereAreFewThreadsAsLongAsTasksMoveOn() throws Exception {
    List<Future<?>> tasks = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      tasks.add(readers.submit(() -> 1));
    }
    for (Future<?> task : tasks) {
      task.get();
    }

    assertThat(readers.getLargestPoolSize()).isLessThanOrEqualTo(32);
  }

  @Test
  void clustersThatDoNotAnswerHoldUpNoOthers() throws Exception {
    ExecutorService threads = Executors.newCachedThreadPool();
    HttpServer server = HttpServer.create(new InetSocketAddress(loopback(), 0), 500);
    server.createContext(
        "/",
        exchange -> {
          exchange.getResponseHeaders().set("Content-Type", "application/json");
          exchange.sendResponseHeaders(200, ANSWER.length);
          exchange.getResponseBody().write(ANSWER);
          exchange.close();
        });
    server.setExecutor(threads);
    server.start();
    try (ServerSocket silent = new ServerSocket(0, 500, loopback());
        KubeClusters clusters =
            new KubeClusters("test", new Timeouts(60, 60), KubeClusters.Writes.REAL)) {
      List<Future<Reading>> dead = new ArrayList<>();
      List<Future<Reading>> well = new ArrayList<>();
      for (int i = 0; i < 400; i++) {
        boolean dies = i < 100;
        int port = dies ? silent.getLocalPort() : server.getAddress().getPort();
        String name = "c" + i;
        (dies ? dead : well)
            .add(readers.submit(() -> clusters.cluster(name, kubeconfig(port)).read(NODE)));
      }

      for (Future<Reading> reading : well) {
        assertThat(reading.get().found()).isPresent();
      }
      assertThat(dead).noneMatch(Future::isDone);
      readers.shutdownNow();
      for (Future<Reading> reading : dead) {
        assertThat(reading.isDone() || reading.cancel(true)).isTrue();
      }
    } finally {
      server.stop(0);
      threads.shutdownNow();
    }
  }

  private static InetAddress loopback() throws java.io.IOException {
    return InetAddress.getByName("127.0.0.1");
  }

  private static String kubeconfig(int port) {
    return """
    current-context: c
    contexts: [{name: c, context: {cluster: c, user: u}}]
    clusters: [{name: c, cluster: {server: "http://127.0.0.1:%d"}}]
    users: [{name: u, user: {token: token}}]
    """
        .formatted(port);
  }
}
