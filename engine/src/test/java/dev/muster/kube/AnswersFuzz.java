package dev.muster.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.muster.fuzz.Promises;
import dev.muster.live.Cluster;
import dev.muster.live.Failure;
import dev.muster.live.Listing;
import dev.muster.live.LiveObject;
import dev.muster.live.LogQuery;
import dev.muster.live.Logs;
import dev.muster.live.Reading;
import dev.muster.live.ServicePort;
import dev.muster.live.Watching;
import dev.muster.live.Written;
import dev.muster.resource.ObjectRef;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * What a cluster answers: every method of the port, over HTTP, from a cluster that wants to harm.
 */
public final class AnswersFuzz {
  private static final int[] CODES = {
    200, 200, 200, 200, 201, 204, 400, 401, 403, 404, 409, 410, 422, 429, 500, 503
  };
  private static final String[] TYPES = {
    "application/json", "application/json; charset=utf-8", "text/plain", ""
  };
  private static final ObjectRef REF =
      new ObjectRef("", "v1", "ConfigMap", "configmaps", "default", "settings");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonNode MANIFEST = JSON.createObjectNode().put("kind", "ConfigMap");
  private static final byte[] LISTED =
      FuzzedServer.answer(
          200,
          "application/json",
          "{\"kind\":\"ConfigMapList\",\"metadata\":{\"resourceVersion\":\"1\"},\"items\":[]}"
              .getBytes(StandardCharsets.UTF_8));
  private static final AtomicReference<Throwable> THROWN = new AtomicReference<>();
  private static final FuzzedServer SERVER = new FuzzedServer();
  private static final Cluster CLUSTER = cluster();

  private AnswersFuzz() {}

  private static Cluster cluster() {
    Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> THROWN.set(thrown));
    Pace pace = new Pace(Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofSeconds(60));
    return new KubeClusters(
            "fuzz",
            new Timeouts(30, 30),
            KubeClusters.Writes.REAL,
            Map.of(),
            Path.of("/nowhere"),
            pace)
        .cluster(
            "fuzzed",
            """
            current-context: c
            contexts: [{name: c, context: {cluster: c, user: u}}]
            clusters: [{name: c, cluster: {server: "%s"}}]
            users: [{name: u, user: {token: token}}]
            """
                .formatted(SERVER.url()));
  }

  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length < 3) {
      return;
    }
    byte[] body = Arrays.copyOfRange(input, 3, input.length);
    byte[] answer =
        FuzzedServer.answer(
            CODES[(input[1] & 0xff) % CODES.length], TYPES[(input[2] & 0xff) % TYPES.length], body);
    SERVER.answer(line -> answer);
    long start = Promises.now();
    switch ((input[0] & 0xff) % 9) {
      case 0 -> read(CLUSTER.read(REF));
      case 1 -> read(CLUSTER.readThrough(new ServicePort("ns", "http", "proxy", "80"), REF));
      case 2 -> listed(body);
      case 3 -> written(CLUSTER.create(REF, MANIFEST));
      case 4 -> written(CLUSTER.patch(REF, JSON.createArrayNode()));
      case 5 -> written(CLUSTER.delete(REF, "some-uid"));
      case 6 -> watched(answer);
      case 7 -> logs(answer, body);
      default -> CLUSTER.clock();
    }
    Promises.quick(start);
    Throwable thrown = THROWN.getAndSet(null);
    if (thrown != null) {
      throw new AssertionError("a thread of muster's ended", thrown);
    }
  }

  private static void read(Reading reading) {
    reading.failed().ifPresent(AnswersFuzz::told);
    if (reading instanceof Reading.Found found) {
      own(found.object());
    }
  }

  private static void listed(byte[] body) {
    // A server that goes on and on is another test's; here a list has two pages.
    byte[] page = FuzzedServer.answer(200, "application/json", body);
    SERVER.answer(line -> line.contains("continue=") ? LISTED : page);
    Listing listing = CLUSTER.list(REF.withName(""), "");
    if (listing instanceof Listing.Failed failed) {
      told(failed.failure());
    } else {
      for (LiveObject object : ((Listing.Listed) listing).objects()) {
        Promises.that(
            object.ref().withName("").equals(REF.withName("")), "an object of another kind");
      }
    }
  }

  private static void written(Written written) {
    if (written instanceof Written.Failed failed) {
      told(failed.failure());
    } else {
      own(((Written.Done) written).object());
    }
  }

  /** A stream that ends; the request that follows it tells that all of it was taken in. */
  private static void watched(byte[] stream) {
    CountDownLatch over = new CountDownLatch(2);
    Function<String, byte[]> answers =
        line -> {
          if (!line.contains("watch=true")) {
            return LISTED;
          }
          over.countDown();
          return stream;
        };
    SERVER.answer(answers);
    try (Watching watching = CLUSTER.watch(REF, AnswersFuzz::read)) {
      Promises.that(over.await(60, TimeUnit.SECONDS), "the watch stands still");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void logs(byte[] answer, byte[] body) {
    byte[] pods =
        FuzzedServer.answer(
            200,
            "application/json",
            "{\"kind\":\"PodList\",\"items\":[{\"metadata\":{\"name\":\"p\"}}]}"
                .getBytes(StandardCharsets.UTF_8));
    boolean list = body.length > 0 && body[0] == '{';
    SERVER.answer(line -> line.contains("/log") || list ? answer : pods);
    Logs logs = CLUSTER.logs(new LogQuery("ns", "app=a", ""), Instant.EPOCH);
    if (logs instanceof Logs.Failed failed) {
      told(failed.failure());
    }
  }

  /** An object is the one that was asked for, and can be written out and read again. */
  private static void own(LiveObject object) {
    Promises.that(object.ref().equals(REF), "another object");
    JsonNode metadata = object.tree().path("metadata");
    Promises.that(
        metadata.path("name").asText().equals(REF.name())
            && metadata.path("namespace").asText().equals(REF.namespace()),
        "an object of another name: " + metadata);
    try {
      JSON.readTree(object.tree().toString());
    } catch (java.io.IOException e) {
      throw new AssertionError("an object that is no JSON", e);
    }
  }

  private static void told(Failure failure) {
    Promises.that(!failure.message().isBlank(), "a failure without words");
    Promises.printable(failure.message());
  }
}
