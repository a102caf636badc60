package dev.muster.sandbox.server.rest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.server.json.Json;
import dev.muster.sandbox.server.kind.Defaulting;
import dev.muster.sandbox.server.kind.KindInfo;
import dev.muster.sandbox.server.kind.Kinds;
import dev.muster.sandbox.server.store.ObjectStore;
import dev.muster.sandbox.server.store.PodLogs;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;

/** Everything that one simulated cluster consists of. */
public final class Backend {
  /** What the cluster is made of and how patient it is. */
  public record Settings(
      String name, Clock clock, int logSize, Duration bookmarks, ScheduledExecutorService later) {}

  private final Settings settings;
  private final Kinds kinds = new Kinds();
  private final ObjectStore store;
  private final PodLogs logs;
  private final Defaulting defaulting = new Defaulting();
  private final List<AdmissionHook> hooks = new CopyOnWriteArrayList<>();
  private final Map<String, AdmissionHook> webhooks = new ConcurrentHashMap<>();
  private volatile ServiceProxyHandler proxy = request -> Optional.empty();
  private volatile boolean closed;

  public Backend(Settings settings) {
    this.settings = settings;
    this.store = new ObjectStore(settings.logSize());
    this.logs = new PodLogs(settings.clock());
  }

  public Settings settings() {
    return settings;
  }

  public Kinds kinds() {
    return kinds;
  }

  public ObjectStore store() {
    return store;
  }

  public PodLogs logs() {
    return logs;
  }

  Defaulting defaulting() {
    return defaulting;
  }

  public List<AdmissionHook> hooks() {
    return hooks;
  }

  /** What answers behind the webhooks of this name that a configuration object names. */
  public Map<String, AdmissionHook> webhooks() {
    return webhooks;
  }

  ServiceProxyHandler proxy() {
    return proxy;
  }

  public void proxy(ServiceProxyHandler handler) {
    proxy = handler;
  }

  boolean closed() {
    return closed;
  }

  /** Ends every watch and followed log at its next look. */
  public void close() {
    closed = true;
  }

  Instant instant() {
    return settings.clock().instant();
  }

  String now() {
    return instant().truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /** The stored object as one served version of its kind shows it. */
  static ObjectNode view(KindInfo kind, ObjectNode stored) {
    if (stored.path("apiVersion").asText().equals(kind.apiVersion())) {
      return stored;
    }
    ObjectNode shown = Json.object();
    shown.setAll(stored);
    return shown.put("apiVersion", kind.apiVersion());
  }
}
