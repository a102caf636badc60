package dev.muster.sandbox.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.server.ApiServer;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class WatcherTest {
  private final WorkerPool pool = new WorkerPool(2);
  private final List<String> events = new CopyOnWriteArrayList<>();
  private final ApiServer server = ApiServer.builder().eventLog(5).start();
  private final ApiClient api = serve();
  private final Watcher watcher = watch();

  private ApiClient serve() {
    server.addCluster("one", UUID.randomUUID().toString());
    return ApiClient.of(server.baseUrl("one"), server.token("one"), Trust.jdk());
  }

  @BeforeEach
  void awaitTheFirstList() {
    until(watcher::isSynced);
  }

  @AfterEach
  void stop() {
    watcher.close();
    pool.close();
    server.close();
  }

  @Test
  void tellsEveryChangeInOrder() {
    put("a", "1");
    put("a", "2");
    api.delete(Kind.CONFIG_MAP, "default", "a");
    until(() -> events.size() == 3);
    assertThat(events).containsExactly("ADDED a 1", "MODIFIED a 2", "DELETED a 2");
  }

  @Test
  void catchesUpAfterAnOutageInWhichTheServerForgotItsVersion() {
    put("gone", "1");
    put("kept", "1");
    until(() -> names().equals(Set.of("gone", "kept")));
    server.cluster("one").unavailable(true);
    for (int i = 0; i < 20; i++) {
      seed("new" + i, "1");
    }
    server.cluster("one").unavailable(false);
    api.delete(Kind.CONFIG_MAP, "default", "gone");
    until(() -> names().size() == 21 && !names().contains("gone"));
    assertThat(events).containsOnlyOnce("DELETED gone 1").containsOnlyOnce("ADDED new19 1");
  }

  @Test
  void retriesAnEditUntilNobodyIsFaster() {
    put("a", "0");
    int[] attempts = {0};
    var unused =
        api.edit(
            Kind.CONFIG_MAP,
            "default",
            "a",
            map -> {
              if (attempts[0]++ < 3) {
                put("a", "other" + attempts[0]);
              }
              Json.at(map, "data").put("mine", "x");
            });
    ObjectNode stored = api.get(Kind.CONFIG_MAP, "default", "a");
    assertThat(stored.at("/data/mine").asText()).isEqualTo("x");
    assertThat(stored.at("/data/value").asText()).isEqualTo("other3");
  }

  @Test
  void tellsNoAnswerFromARefusal() {
    ApiClient nobody = ApiClient.of(URI.create("http://127.0.0.1:1"), null, Trust.jdk());
    assertThatThrownBy(() -> nobody.find(Kind.NODE, null, "x"))
        .isInstanceOfSatisfying(
            ApiException.class, failure -> assertThat(failure.status()).isZero());
    assertThat(api.find(Kind.NODE, null, "x")).isEmpty();
    ApiClient stranger = ApiClient.of(server.baseUrl("one"), "wrong", Trust.jdk());
    assertThatThrownBy(() -> stranger.find(Kind.NODE, null, "x"))
        .isInstanceOfSatisfying(
            ApiException.class, failure -> assertThat(failure.status()).isEqualTo(401));
  }

  private Watcher watch() {
    return Watcher.start(
        api,
        Kind.CONFIG_MAP,
        "default",
        pool.strand(),
        event -> {
          String name = Json.name(event.object());
          if (!name.equals("kube-root-ca.crt")) {
            events.add(event.type() + " " + name + " " + event.object().at("/data/value").asText());
          }
        });
  }

  private Set<String> names() {
    Set<String> names = new TreeSet<>();
    watcher.copies().forEach(copy -> names.add(Json.name(copy)));
    names.remove("kube-root-ca.crt");
    return names;
  }

  private void put(String name, String value) {
    ObjectNode map = map(name, value);
    if (!api.createIfAbsent(Kind.CONFIG_MAP, map)) {
      var unused = api.mergePatch(Kind.CONFIG_MAP, "default", name, map);
    }
  }

  private void seed(String name, String value) {
    ObjectNode map = map(name, value);
    map.put("apiVersion", "v1").put("kind", "ConfigMap");
    var unused = server.cluster("one").seed(map);
  }

  private static ObjectNode map(String name, String value) {
    ObjectNode map = Json.object();
    map.putObject("metadata").put("name", name).put("namespace", "default");
    map.putObject("data").put("value", value);
    return map;
  }

  private static void until(BooleanSupplier condition) {
    long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      try {
        Thread.sleep(10);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
