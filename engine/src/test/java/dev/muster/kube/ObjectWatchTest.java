package dev.muster.kube;

import static dev.muster.kube.ScriptedServer.cut;
import static dev.muster.kube.ScriptedServer.json;
import static dev.muster.kube.ScriptedServer.status;
import static dev.muster.kube.ScriptedServer.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.muster.live.Cluster;
import dev.muster.live.Failure;
import dev.muster.live.Reading;
import dev.muster.live.Watching;
import dev.muster.resource.ObjectRef;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ObjectWatchTest {
  private static final ObjectRef LEASE =
      ObjectRef.of("coordination.k8s.io/v1", "Lease", "shop", "mine");

  private final ScriptedServer server = new ScriptedServer();
  private final Path folder;
  private Clusters clusters;
  private Cluster cluster;
  private final BlockingQueue<Reading> readings = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

  ObjectWatchTest(@TempDir Path folder) {
    this.folder = folder;
    clusters = new Clusters(folder, Clusters.PATIENT, standing());
    cluster = clusters.at(server.url());
  }

  /** Whether each watch has a connection of its own. */
  boolean standing() {
    return false;
  }

  private void loseAllPatience() {
    clusters.close();
    clusters = new Clusters(folder, Clusters.IMPATIENT, standing());
    cluster = clusters.at(server.url());
  }

  @AfterEach
  void close() {
    clusters.close();
    server.close();
  }

  private static String object(String version) {
    return "{'metadata':{'name':'mine','namespace':'shop','uid':'u','resourceVersion':'%s'}}"
        .formatted(version);
  }

  private static String event(String type, String version) {
    return "{'type':'%s','object':%s}".formatted(type, object(version));
  }

  private static ScriptedServer.Answer list(String version, String... items) {
    return json(
        200,
        "{'kind':'LeaseList','metadata':{'resourceVersion':'%s'},'items':[%s]}"
            .formatted(version, String.join(",", items)));
  }

  private Reading next() throws InterruptedException {
    Reading reading = readings.poll(20, TimeUnit.SECONDS);
    assertThat(reading).as("a reading in time").isNotNull();
    return reading;
  }

  private String nextVersion() throws InterruptedException {
    Reading reading = next();
    assertThat(reading.found()).as("%s after %s", reading, server.seen).isPresent();
    return reading.found().orElseThrow().resourceVersion();
  }

  private void seen(int requests) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (server.seen.size() < requests && System.nanoTime() < deadline) {
      Thread.sleep(5);
    }
    assertThat(server.seen).hasSizeGreaterThanOrEqualTo(requests);
  }

  @Test
  void tellsTheStateNowAndEachChange() throws InterruptedException {
    server.say(list("10", object("4")), server.stream(events));

    try (Watching watching = cluster.watch(LEASE, readings::add)) {
      Reading first = next();
      assertThat(first.found().orElseThrow().ref()).isEqualTo(LEASE);
      assertThat(first.found().orElseThrow().tree().path("kind").asText()).isEqualTo("Lease");
      events.add(event("MODIFIED", "11"));
      assertThat(nextVersion()).isEqualTo("11");
      events.add("{'type':'BOOKMARK','object':{'metadata':{'resourceVersion':'12'}}}");
      events.add(event("DELETED", "13"));
      assertThat(next()).isEqualTo(new Reading.Absent());
      events.add(event("ADDED", "14"));
      assertThat(nextVersion()).isEqualTo("14");
      assertThat(watching).isNotNull();
    }

    String collection = "/apis/coordination.k8s.io/v1/namespaces/shop/leases";
    assertThat(server.seen.get(0).target())
        .isEqualTo(collection + "?fieldSelector=metadata.name%3Dmine");
    assertThat(server.seen.get(1).target())
        .startsWith(collection + "?fieldSelector=metadata.name%3Dmine&watch=true")
        .contains("&allowWatchBookmarks=true&resourceVersion=10&timeoutSeconds=");
  }

  @Test
  void goesOnFromTheLastVersionWhenTheStreamEnds() throws InterruptedException {
    BlockingQueue<String> second = new LinkedBlockingQueue<>();
    server.say(list("10", object("4")), server.stream(events), cut(), server.stream(second));

    try (Watching watching = cluster.watch(LEASE, readings::add)) {
      assertThat(nextVersion()).isEqualTo("4");
      events.add("{'type':'BOOKMARK','object':{'metadata':{'resourceVersion':'20'}}}");
      events.add("");
      second.add(event("MODIFIED", "21"));
      assertThat(nextVersion()).isEqualTo("21");
      assertThat(watching).isNotNull();
    }

    assertThat(server.seen).hasSize(4);
    assertThat(server.seen.get(2).target()).contains("&resourceVersion=20&");
    assertThat(server.seen.get(3).target()).contains("&resourceVersion=20&");
  }

  @Test
  void listsAnewWhenItsVersionIsTooOld() throws InterruptedException {
    BlockingQueue<String> third = new LinkedBlockingQueue<>();
    events.add("{'type':'ERROR','object':{'kind':'Status','code':410}}");
    server.say(
        list("10", object("4")),
        status(410, "Expired", "too old resource version"),
        list("20", object("4")),
        server.stream(events),
        list("30", object("25")),
        server.stream(third));

    try (Watching watching = cluster.watch(LEASE, readings::add)) {
      assertThat(nextVersion()).isEqualTo("4");
      // The second list has brought nothing new, so nothing is told.
      assertThat(nextVersion()).isEqualTo("25");
      third.add(event("MODIFIED", "31"));
      assertThat(nextVersion()).isEqualTo("31");
      assertThat(watching).isNotNull();
    }
  }

  @Test
  void waitsForAKindThatDoesNotExistYet() throws InterruptedException {
    server.say(
        text(404, "text/plain", "404 page not found"),
        text(404, "text/plain", "404 page not found"),
        text(404, "text/plain", "404 page not found"),
        list("10"),
        server.stream(events));

    try (Watching watching = cluster.watch(LEASE, readings::add)) {
      assertThat(next()).isEqualTo(new Reading.Absent());
      seen(5);
      events.add(event("ADDED", "11"));
      assertThat(nextVersion()).isEqualTo("11");
      assertThat(watching).isNotNull();
    }
  }

  @Test
  void isSilentAboutAPassingFailure() throws InterruptedException {
    server.say(
        status(503, "ServiceUnavailable", "starting"),
        cut(),
        list("10", object("4")),
        status(500, "", "oh"),
        list("10", object("4")),
        server.stream(events));
    events.add(event("MODIFIED", "11"));

    try (Watching watching = cluster.watch(LEASE, readings::add)) {
      assertThat(nextVersion()).isEqualTo("4");
      assertThat(nextVersion()).isEqualTo("11");
      assertThat(watching).isNotNull();
    }
  }

  @Test
  void tellsALastingFailureAndThenRecovers() throws InterruptedException {
    loseAllPatience();
    server.follow(seen -> status(500, "", "down"));

    try (Watching watching = cluster.watch(LEASE, readings::add)) {
      Reading reading = next();
      while (reading.failed().orElseThrow().kind() == Failure.Kind.TIMEOUT) {
        reading = next();
      }
      assertThat(reading)
          .isEqualTo(new Reading.Failed(new Failure(Failure.Kind.SERVER_ERROR, "down")));
      server.follow(
          seen ->
              seen.target().contains("watch=true")
                  ? server.stream(events)
                  : list("10", object("4")));
      assertThat(nextVersion()).isEqualTo("4");
      events.add(event("MODIFIED", "12"));
      assertThat(nextVersion()).isEqualTo("12");
      assertThat(watching).isNotNull();
    }
  }

  @Test
  void tellsOfSilence() throws InterruptedException {
    loseAllPatience();
    server.follow(seen -> server.silence());

    try (Watching watching = cluster.watch(LEASE, readings::add)) {
      assertThat(next().failed().orElseThrow().kind()).isEqualTo(Failure.Kind.TIMEOUT);
      assertThat(watching).isNotNull();
    }
  }

  @Test
  void tellsOfAccessThatCannotBeUsed(@TempDir Path empty) throws InterruptedException {
    loseAllPatience();
    Cluster none = clusters.open(empty.resolve("none.yaml"), "x");

    try (Watching watching = none.watch(LEASE, readings::add)) {
      Reading reading = next();
      while (reading.failed().orElseThrow().kind() == Failure.Kind.TIMEOUT) {
        reading = next();
      }
      assertThat(reading.failed().orElseThrow().kind()).isEqualTo(Failure.Kind.NO_ACCESS);
      assertThat(watching).isNotNull();
    }
  }

  @Test
  void closingEndsTheRequestAndAllNews() throws InterruptedException {
    BlockingQueue<String> hungUp = new LinkedBlockingQueue<>();
    ScriptedServer.Answer stream = server.stream(events);
    server.say(
        list("10", object("4")),
        exchange -> {
          try {
            stream.to(exchange);
          } catch (java.io.IOException e) {
            hungUp.add("the client hung up");
            throw e;
          }
        });
    Watching watching = cluster.watch(LEASE, readings::add);
    assertThat(nextVersion()).isEqualTo("4");
    seen(2);

    watching.close();
    watching.close();

    // A server notices at its next write.
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (hungUp.isEmpty() && System.nanoTime() < deadline) {
      events.add(event("MODIFIED", "11"));
      Thread.sleep(20);
    }
    assertThat(hungUp).isNotEmpty();
    assertThat(readings).isEmpty();
    assertThat(server.seen).hasSize(2);
  }

  @Test
  void survivesAListenerThatThrows() throws InterruptedException {
    server.say(list("10", object("4")), server.stream(events));
    Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
    Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> {});
    try (Watching watching =
        cluster.watch(
            LEASE,
            reading -> {
              readings.add(reading);
              if (reading.found().orElseThrow().resourceVersion().equals("11")) {
                throw new IllegalStateException("a listener's mistake");
              }
            })) {
      assertThat(nextVersion()).isEqualTo("4");
      events.add(event("MODIFIED", "11"));
      events.add(event("MODIFIED", "12"));
      assertThat(nextVersion()).isEqualTo("11");
      assertThat(nextVersion()).isEqualTo("12");
      assertThat(watching).isNotNull();
    } finally {
      Thread.setDefaultUncaughtExceptionHandler(before);
    }
  }
}
