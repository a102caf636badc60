package dev.muster.sandbox.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a copy of all objects of one kind and tells of each change: list, then watch, again the
 * watch when the connection ends, again the list when the server has forgotten the version (410).
 * Costs one connection and no thread.
 */
public final class Watcher implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Watcher.class.getName());
  private static final Duration FIRST_RETRY = Duration.ofMillis(100);
  private static final Duration LAST_RETRY = Duration.ofSeconds(2);

  /** What happened to an object. */
  public enum EventType {
    ADDED,
    MODIFIED,
    DELETED
  }

  /**
   * One change.
   *
   * @param object the object afterwards, or as it last was
   * @param before the copy this watcher had before, null when it had none
   */
  public record Event(EventType type, ObjectNode object, @Nullable ObjectNode before) {}

  /** Is told of changes, one at a time, on the strand of the watcher. */
  public interface Listener {
    void on(Event event);
  }

  private final ApiClient api;
  private final Kind kind;
  private final @Nullable String namespace;
  private final WorkerPool.Strand strand;
  private final Listener listener;
  private final Map<String, ObjectNode> copies = new ConcurrentHashMap<>();
  private volatile boolean closed;
  private volatile boolean listed;
  private volatile Flow.@Nullable Subscription subscription;
  private String version = "";
  private Duration retry = FIRST_RETRY;
  private int session;

  private Watcher(
      ApiClient api,
      Kind kind,
      @Nullable String namespace,
      WorkerPool.Strand strand,
      Listener listener) {
    this.api = api;
    this.kind = kind;
    this.namespace = namespace;
    this.strand = strand;
    this.listener = listener;
  }

  /** Starts at once; the first list is told as ADDED events. */
  public static Watcher start(
      ApiClient api,
      Kind kind,
      @Nullable String namespace,
      WorkerPool.Strand strand,
      Listener listener) {
    Watcher watcher = new Watcher(api, kind, namespace, strand, listener);
    strand.execute(watcher::relist);
    return watcher;
  }

  /** The copy of an object; it may be older than what the server has, as in every informer. */
  public Optional<ObjectNode> copy(@Nullable String inNamespace, String name) {
    return Optional.ofNullable(copies.get(key(inNamespace == null ? "" : inNamespace, name)));
  }

  public Collection<ObjectNode> copies() {
    return List.copyOf(copies.values());
  }

  /** Whether the first list has arrived. */
  public boolean isSynced() {
    return listed;
  }

  @Override
  public void close() {
    closed = true;
    Flow.Subscription current = subscription;
    if (current != null) {
      current.cancel();
    }
  }

  private void relist() {
    if (closed) {
      return;
    }
    ObjectNode list;
    try {
      list = api.list(kind, namespace);
    } catch (ApiException e) {
      // A kind that is not served yet answers 404: the program waits for it, as real ones do by
      // crashing.
      strand.after(nextRetry(), this::relist);
      return;
    }
    Map<String, ObjectNode> found = new LinkedHashMap<>();
    for (JsonNode item : list.path("items")) {
      if (item instanceof ObjectNode object) {
        object.put("apiVersion", kind.apiVersion()).put("kind", kind.kind());
        found.put(key(Json.namespace(object), Json.name(object)), object);
      }
    }
    version = list.path("metadata").path("resourceVersion").asText();
    listed = true;
    for (String gone : new ArrayList<>(copies.keySet())) {
      ObjectNode before = copies.get(gone);
      ObjectNode now = found.get(gone);
      if (before != null && (now == null || !Json.uid(now).equals(Json.uid(before)))) {
        tell(EventType.DELETED, before);
      }
    }
    found.forEach(
        (key, object) -> {
          if (!object.equals(copies.get(key))) {
            tell(copies.containsKey(key) ? EventType.MODIFIED : EventType.ADDED, object);
          }
        });
    watch();
  }

  private void watch() {
    if (closed) {
      return;
    }
    int number = ++session;
    String path =
        kind.path(namespace)
            + "?watch=true&allowWatchBookmarks=true&timeoutSeconds=3000&resourceVersion="
            + Kind.encode(version);
    var unused =
        api.http()
            .sendAsync(api.watchRequest(path), info -> subscriber(info, new Lines(number)))
            .whenComplete((response, failure) -> strand.execute(() -> ended(number)));
  }

  private HttpResponse.BodySubscriber<@Nullable Void> subscriber(
      HttpResponse.ResponseInfo info, Lines lines) {
    if (info.statusCode() == 200) {
      return BodySubscribers.fromLineSubscriber(
          lines, ignored -> null, StandardCharsets.UTF_8, "\n");
    }
    strand.execute(() -> version = "");
    return BodySubscribers.replacing(null);
  }

  private void ended(int number) {
    if (closed || number != session) {
      return;
    }
    strand.after(nextRetry(), version.isEmpty() ? this::relist : this::watch);
  }

  private Duration nextRetry() {
    Duration now = retry;
    Duration twice = retry.multipliedBy(2);
    retry = twice.compareTo(LAST_RETRY) > 0 ? LAST_RETRY : twice;
    return now;
  }

  private void line(int number, String text) {
    if (closed || number != session || text.isBlank()) {
      return;
    }
    ObjectNode event;
    try {
      event = Json.parse(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      LOG.log(Level.DEBUG, "a watch line that is not JSON");
      return;
    }
    retry = FIRST_RETRY;
    String type = event.path("type").asText();
    if (!(event.get("object") instanceof ObjectNode object)) {
      return;
    }
    if (type.equals("ERROR")) {
      // Whatever the code (410 as a rule): what this watcher knows is no longer trusted.
      session++;
      version = "";
      strand.after(nextRetry(), this::relist);
      return;
    }
    version = object.path("metadata").path("resourceVersion").asText(version);
    if (!type.equals("BOOKMARK")) {
      tell(EventType.valueOf(type), object);
    }
  }

  private void tell(EventType type, ObjectNode object) {
    String key = key(Json.namespace(object), Json.name(object));
    ObjectNode before = type == EventType.DELETED ? copies.remove(key) : copies.put(key, object);
    try {
      listener.on(new Event(type, object, before));
    } catch (ApiException e) {
      if (!closed) {
        LOG.log(Level.DEBUG, "a listener for {0} failed: {1}", kind.plural(), e.getMessage());
      }
    }
  }

  private static String key(String namespace, String name) {
    return namespace + "/" + name;
  }

  private final class Lines implements Flow.Subscriber<String> {
    private final int number;

    Lines(int number) {
      this.number = number;
    }

    @Override
    public void onSubscribe(Flow.Subscription newSubscription) {
      subscription = newSubscription;
      if (closed) {
        newSubscription.cancel();
      } else {
        newSubscription.request(Long.MAX_VALUE);
      }
    }

    @Override
    public void onNext(String text) {
      strand.execute(() -> line(number, text));
    }

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onComplete() {}
  }
}
