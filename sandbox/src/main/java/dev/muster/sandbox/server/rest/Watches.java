package dev.muster.sandbox.server.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.server.http.BodyStream;
import dev.muster.sandbox.server.json.Json;
import dev.muster.sandbox.server.store.ObjectStore;
import dev.muster.sandbox.server.store.WatchEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** The verb watch. */
final class Watches {
  private static final Duration TICK = Duration.ofSeconds(1);
  private static final byte[] NEWLINE = "\n".getBytes(StandardCharsets.US_ASCII);

  private final Backend backend;

  Watches(Backend backend) {
    this.backend = backend;
  }

  void serve(ApiRequest request) throws IOException, InterruptedException {
    Selection selection = Selection.of(request);
    long since = revision(request);
    // fabric8 may ask for WebSocket frames; the events in them are the same.
    boolean frames = request.exchange().wantsWebSocket();
    try (BodyStream out =
        frames
            ? request.exchange().webSocket()
            : request.exchange().stream(200, "application/json")) {
      new Stream(request, selection, out, frames).run(since);
    }
  }

  private long revision(ApiRequest request) {
    String text = request.http().parameter("resourceVersion").orElse("");
    if (text.isEmpty()) {
      return 0;
    }
    long asked;
    try {
      asked = Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw ApiError.badRequest("Invalid value: \"" + text + "\": not a resource version");
    }
    long current = backend.store().revision();
    if (asked > current) {
      throw ApiError.tooLargeRevision(asked, current);
    }
    return asked;
  }

  private final class Stream {
    private final ApiRequest request;
    private final Selection selection;
    private final BodyStream out;
    private final boolean frames;
    private final Shape shape;
    private final boolean bookmarks;
    private final long end;
    private long nextBookmark;
    private boolean headed;

    Stream(ApiRequest request, Selection selection, BodyStream out, boolean frames) {
      this.request = request;
      this.selection = selection;
      this.out = out;
      this.frames = frames;
      this.shape = Shape.wanted(request.http());
      this.bookmarks = request.http().flag("allowWatchBookmarks");
      this.end = System.nanoTime() + timeout().toNanos();
      this.nextBookmark = System.nanoTime() + backend.settings().bookmarks().toNanos();
    }

    private Duration timeout() {
      String text = request.http().parameter("timeoutSeconds").orElse("");
      try {
        long seconds = text.isEmpty() ? 0 : Long.parseLong(text);
        // A real server ends watches at random between half an hour and an hour.
        return Duration.ofSeconds(
            seconds > 0 ? seconds : ThreadLocalRandom.current().nextLong(1_800, 3_600));
      } catch (NumberFormatException e) {
        return Duration.ofMinutes(30);
      }
    }

    void run(long since) throws IOException, InterruptedException {
      long seen = since;
      boolean initial = request.http().flag("sendInitialEvents");
      if (seen == 0 || initial) {
        ObjectStore.Listing now =
            backend.store().list(request.kind().resource(), request.info().scope());
        for (ObjectNode object : now.items()) {
          if (selection.test(object)) {
            send("ADDED", object);
          }
        }
        seen = now.revision();
        if (initial) {
          bookmark(seen, true);
        }
      }
      while (!backend.closed()) {
        long left = end - System.nanoTime();
        if (left <= 0) {
          break;
        }
        Duration wait = left < TICK.toNanos() ? Duration.ofNanos(left) : TICK;
        ObjectStore.Batch batch = backend.store().changes(request.kind().resource(), seen, wait);
        if (batch.expired()) {
          error(ApiError.expired(seen, batch.upTo()));
          return;
        }
        for (WatchEvent event : batch.events()) {
          event(event);
        }
        seen = batch.upTo();
        if (bookmarks && System.nanoTime() >= nextBookmark) {
          bookmark(seen, false);
          nextBookmark = System.nanoTime() + backend.settings().bookmarks().toNanos();
        }
        if (batch.events().isEmpty() && out.clientGone()) {
          return;
        }
      }
      if (bookmarks && !backend.closed()) {
        bookmark(seen, false);
      }
    }

    private void event(WatchEvent event) throws IOException {
      Optional<String> scope = request.info().scope();
      boolean cluster = !request.kind().namespaced();
      if (!cluster && scope.isPresent() && !scope.get().equals(event.key().namespace())) {
        return;
      }
      boolean was = event.before().isPresent() && selection.test(event.before().get());
      boolean is = !event.removed() && selection.test(event.object());
      if (is) {
        send(was ? "MODIFIED" : "ADDED", event.object());
      } else if (was) {
        send("DELETED", last(event));
      }
    }

    /**
     * An object that left the selection is shown as it last was in it, at the revision of the
     * change.
     */
    private ObjectNode last(WatchEvent event) {
      if (event.removed()) {
        return event.object();
      }
      ObjectNode last = event.before().orElseThrow().deepCopy();
      Json.child(last, "metadata").put("resourceVersion", Long.toString(event.revision()));
      return last;
    }

    private void send(String type, ObjectNode object) throws IOException {
      ObjectNode shown = shape.one(request.kind(), object, request.http(), backend.instant());
      if (shape == Shape.TABLE) {
        if (headed) {
          shown.putArray("columnDefinitions");
        }
        headed = true;
      }
      write(type, shown);
    }

    private void bookmark(long revision, boolean initialEnd) throws IOException {
      ObjectNode object =
          Json.object()
              .put("kind", request.kind().kind())
              .put("apiVersion", request.kind().apiVersion());
      ObjectNode metadata = object.putObject("metadata");
      metadata.put("resourceVersion", Long.toString(revision)).putNull("creationTimestamp");
      if (initialEnd) {
        metadata.putObject("annotations").put("k8s.io/initial-events-end", "true");
      }
      write(
          "BOOKMARK",
          shape == Shape.TABLE
              ? Tables.table(
                  request.kind(),
                  List.of(object),
                  Long.toString(revision),
                  "Metadata",
                  backend.instant())
              : object);
    }

    private void error(ApiError error) throws IOException {
      write("ERROR", error.status());
    }

    private void write(String type, ObjectNode object) throws IOException {
      ObjectNode event = Json.object().put("type", type);
      event.set("object", object);
      byte[] bytes = Json.bytes(event);
      if (frames) {
        out.write(bytes);
      } else {
        byte[] line = new byte[bytes.length + NEWLINE.length];
        System.arraycopy(bytes, 0, line, 0, bytes.length);
        System.arraycopy(NEWLINE, 0, line, bytes.length, NEWLINE.length);
        out.write(line);
      }
    }
  }
}
