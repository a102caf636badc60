package dev.muster.sandbox.server;

import static dev.muster.sandbox.server.TestClient.MERGE_PATCH;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.sandbox.server.json.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Watches and followed logs. */
class WatchTest {
  private static final String CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";

  private final ApiServer server =
      ApiServer.builder().eventLog(5).bookmarksEvery(Duration.ofMillis(200)).start();
  private final SimulatedCluster cluster = server.addCluster("host", "uid-of-host");
  private final TestClient client = new TestClient(server.baseUrl("host"), server.token("host"));

  @AfterEach
  void close() {
    server.close();
  }

  private String create(String name, String label) {
    return client
        .create(CONFIG_MAPS, "{'metadata':{'name':'" + name + "','labels':{'l':'" + label + "'}}}")
        .at("/metadata/resourceVersion");
  }

  @Test
  void showsWhatIsThereAndThenEveryChange() {
    create("a", "1");
    try (TestClient.Lines watch = client.follow(CONFIG_MAPS + "?watch=true")) {
      assertThat(watch.event()).isEqualTo("ADDED a");
      create("b", "1");
      assertThat(watch.event()).isEqualTo("ADDED b");
      client.patch(CONFIG_MAPS + "/b", MERGE_PATCH, "{'data':{'x':'1'}}");
      assertThat(watch.event()).isEqualTo("MODIFIED b");
      client.delete(CONFIG_MAPS + "/b");
      JsonNode deleted = watch.json();
      assertThat(deleted.path("type").asText()).isEqualTo("DELETED");
      assertThat(deleted.at("/object/data/x").asText()).isEqualTo("1");
    }
  }

  @Test
  void goesOnFromAResourceVersion() {
    String version = create("a", "1");
    create("b", "1");
    create("c", "1");
    try (TestClient.Lines watch =
        client.follow(CONFIG_MAPS + "?watch=true&resourceVersion=" + version)) {
      assertThat(watch.event()).isEqualTo("ADDED b");
      assertThat(watch.event()).isEqualTo("ADDED c");
    }
  }

  @Test
  void saysExpiredWhenTheLogNoLongerReachesBack() {
    String version = create("a", "1");
    for (int i = 0; i < 8; i++) {
      create("b" + i, "1");
    }
    try (TestClient.Lines watch =
        client.follow(CONFIG_MAPS + "?watch=true&resourceVersion=" + version)) {
      JsonNode error = watch.json();
      assertThat(error.path("type").asText()).isEqualTo("ERROR");
      assertThat(error.at("/object/code").asInt()).isEqualTo(410);
      assertThat(error.at("/object/reason").asText()).isEqualTo("Expired");
      assertThat(watch.ended()).isTrue();
    }
  }

  @Test
  void tellsOfObjectsThatEnterAndLeaveTheSelection() {
    create("a", "1");
    try (TestClient.Lines watch = client.follow(CONFIG_MAPS + "?watch=true&labelSelector=l%3D2")) {
      client.patch(CONFIG_MAPS + "/a", MERGE_PATCH, "{'metadata':{'labels':{'l':'2'}}}");
      assertThat(watch.event()).isEqualTo("ADDED a");
      client.patch(CONFIG_MAPS + "/a", MERGE_PATCH, "{'metadata':{'labels':{'l':'3'}}}");
      assertThat(watch.event()).isEqualTo("DELETED a");
    }
    try (TestClient.Lines watch =
        client.follow(CONFIG_MAPS + "?watch=true&fieldSelector=metadata.name%3Dz")) {
      create("y", "1");
      create("z", "1");
      assertThat(watch.event()).isEqualTo("ADDED z");
    }
  }

  @Test
  void sendsBookmarksAndEndsInTime() {
    String version = create("a", "1");
    try (TestClient.Lines watch =
        client.follow(
            CONFIG_MAPS
                + "?watch=true&allowWatchBookmarks=true&timeoutSeconds=1&resourceVersion="
                + version)) {
      JsonNode bookmark = watch.json();
      assertThat(bookmark.path("type").asText()).isEqualTo("BOOKMARK");
      assertThat(bookmark.at("/object/metadata/resourceVersion").asText()).isEqualTo(version);
      boolean ended = false;
      while (!ended) {
        ended = watch.ended();
      }
    }
  }

  @Test
  void endsOpenWatchesOnClose() {
    TestClient.Lines watch = client.follow(CONFIG_MAPS + "?watch=true");
    TestClient.Lines logs = followPod();
    long start = System.nanoTime();
    server.close();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
    assertThat(watch.ended()).isTrue();
    assertThat(logs.ended()).isTrue();
  }

  private TestClient.Lines followPod() {
    cluster.seed(
        Json.parse(
            TestClient.quoted(
                "{'apiVersion':'v1','kind':'Pod','metadata':{'name':'p'},"
                    + "'spec':{'containers':[{'name':'c','image':'i:1'}]}}")));
    return client.follow("/api/v1/namespaces/default/pods/p/log?follow=true&container=c");
  }

  @Test
  void followsLogsUntilThePodIsGone() {
    cluster.logs().append("default", "p", "c", "one");
    TestClient.Lines logs = followPod();
    assertThat(logs.next()).isEqualTo("one");
    cluster.logs().append("default", "p", "c", "two");
    assertThat(logs.next()).isEqualTo("two");
    String path = "/api/v1/namespaces/default/pods/p/log";
    assertThat(client.get(path + "?tailLines=1").body().asText()).isEqualTo("two\n");
    assertThat(client.get(path + "?timestamps=true").body().asText())
        .matches("(?s)\\d{4}-\\d\\d-\\d\\dT.*Z one\n.*Z two\n");
    assertThat(client.get(path + "?sinceTime=2999-01-01T00:00:00Z").body().asText()).isEmpty();
    assertThat(client.get(path + "?container=zz").at("/message"))
        .isEqualTo("container zz is not valid for pod p");
    client.delete("/api/v1/namespaces/default/pods/p");
    assertThat(logs.ended()).isTrue();
  }

  @Test
  void speaksWebSocketToThoseWhoAsk() throws Exception {
    create("a", "1");
    BlockingQueue<String> frames = new LinkedBlockingQueue<>();
    URI base = server.baseUrl("host");
    WebSocket socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .header("Authorization", "Bearer " + server.token("host"))
            .buildAsync(
                URI.create(base.toString().replace("http:", "ws:") + CONFIG_MAPS + "?watch=true"),
                new WebSocket.Listener() {
                  private final StringBuilder text = new StringBuilder();

                  @Override
                  public @Nullable CompletionStage<?> onText(
                      WebSocket webSocket, CharSequence data, boolean last) {
                    text.append(data);
                    if (last) {
                      frames.add(text.toString());
                      text.setLength(0);
                    }
                    webSocket.request(1);
                    return null;
                  }
                })
            .get(10, TimeUnit.SECONDS);
    assertThat(frames.poll(10, TimeUnit.SECONDS)).contains("\"ADDED\"", "\"name\":\"a\"");
    create("b", "1");
    assertThat(frames.poll(10, TimeUnit.SECONDS)).contains("\"name\":\"b\"");
    socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(10, TimeUnit.SECONDS);
  }
}
