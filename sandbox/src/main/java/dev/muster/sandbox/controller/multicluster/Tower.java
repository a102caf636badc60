package dev.muster.sandbox.controller.multicluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.client.ApiClient;
import dev.muster.sandbox.client.ApiException;
import dev.muster.sandbox.client.Json;
import dev.muster.sandbox.client.Watcher;
import dev.muster.sandbox.client.WorkerPool;
import dev.muster.sandbox.controller.cluster.ClusterObject;
import dev.muster.sandbox.controller.env.ClusterEndpoint;
import dev.muster.sandbox.controller.env.Timing;
import dev.muster.sandbox.controller.install.Definitions;
import dev.muster.sandbox.controller.workload.Program;
import dev.muster.sandbox.controller.workload.RunningPod;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The simulated proxy on the host: prepares Cluster objects of type proxy, lets agents in and says
 * whether one is connected. It knows only the fields of 3.0, works on copies that may be stale, and
 * writes nothing when it stops.
 */
public final class Tower implements Program {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final List<String> SPEC_FIELDS =
      List.of("joinFederation", "enable", "provider", "connection");
  private static final List<String> CONNECTION_FIELDS =
      List.of(
          "type",
          "kubernetesAPIEndpoint",
          "kubesphereAPIEndpoint",
          "token",
          "kubeconfig",
          "kubernetesAPIServerPort",
          "kubesphereAPIServerPort");
  private static final List<String> STATUS_FIELDS =
      List.of("conditions", "kubernetesVersion", "nodeCount", "zones", "region");

  /** What Tower says to an agent. */
  public enum Greeting {
    ACCEPTED,
    UNAUTHORIZED,
    DOWN
  }

  private final ApiClient api;
  private final Timing timing;
  private final Allocation allocation;
  private final WorkerPool.Strand strand;
  private final BooleanSupplier controllerRuns;
  private final Map<String, List<AgentSession>> sessions = new HashMap<>();
  private final Map<String, Deque<ObjectNode>> waiting = new HashMap<>();
  private final Map<String, Integer> passes = new HashMap<>();
  private final Map<Integer, String> listeners = new HashMap<>();
  private final Ports ports = new Ports();
  private volatile @Nullable Watcher watcher;
  private volatile @Nullable RunningPod pod;

  /**
   * @param controllerRuns whether a cluster controller works on the same objects; only then are
   *     ports generated twice
   */
  public Tower(
      ClusterEndpoint host, Timing timing, WorkerPool pool, BooleanSupplier controllerRuns) {
    this.api = host.api().as("tower", "proxy");
    this.timing = timing;
    this.allocation = new Allocation(api);
    this.strand = pool.strand();
    this.controllerRuns = controllerRuns;
  }

  @Override
  public void started(RunningPod newPod) {
    pod = newPod;
    newPod.log("Listening on 0.0.0.0:8080...");
    strand.execute(() -> watcher = Watcher.start(api, Definitions.CLUSTER, null, strand, this::on));
  }

  @Override
  public void stopped() {
    pod = null;
    strand.execute(
        () -> {
          close();
          waiting.clear();
          passes.clear();
        });
    List<AgentSession> dropped = new ArrayList<>();
    synchronized (sessions) {
      sessions.values().forEach(dropped::addAll);
      sessions.clear();
      listeners.clear();
    }
    dropped.forEach(session -> session.broken().run());
  }

  public void close() {
    Watcher current = watcher;
    watcher = null;
    if (current != null) {
      current.close();
    }
  }

  /** The pod, empty when there is none. */
  Optional<Allocation.Backend> backend() {
    return Optional.ofNullable(pod).map(it -> new Allocation.Backend(it.ip(), it.name()));
  }

  /** An agent asks to be let in: name and token must be those of a Cluster. */
  Greeting connect(AgentSession session, String token) {
    Watcher current = watcher;
    if (pod == null || current == null || !current.isSynced()) {
      return Greeting.DOWN;
    }
    String expected = current.copy(null, session.cluster()).map(ClusterObject::token).orElse("");
    if (expected.isEmpty() || !expected.equals(token)) {
      return Greeting.UNAUTHORIZED;
    }
    synchronized (sessions) {
      sessions.computeIfAbsent(session.cluster(), ignored -> new ArrayList<>()).add(session);
    }
    strand.execute(() -> connected(session.cluster()));
    return Greeting.ACCEPTED;
  }

  /** The tunnel is gone; only the last one of a name is told to anybody. */
  void disconnect(AgentSession session) {
    boolean last;
    synchronized (sessions) {
      List<AgentSession> left = sessions.getOrDefault(session.cluster(), new ArrayList<>());
      boolean removed = left.remove(session);
      last = removed && left.isEmpty();
    }
    if (last) {
      strand.execute(() -> lost(session.cluster()));
    }
  }

  Ports ports() {
    return ports;
  }

  /** From now on new clusters are given the port of this one, until it is empty. */
  public void givePortOf(Optional<String> cluster) {
    ports.giveThatOf(cluster);
  }

  /** Where a request through mc-NAME ends: any of the agents of who listens at its port. */
  public Optional<ClusterEndpoint> route(String cluster) {
    synchronized (sessions) {
      String listener = listeners.getOrDefault(port(cluster), cluster);
      List<AgentSession> open = sessions.getOrDefault(listener, List.of());
      return open.isEmpty()
          ? Optional.empty()
          : Optional.of(open.get(ThreadLocalRandom.current().nextInt(open.size())).member());
    }
  }

  private void on(Watcher.Event event) {
    ObjectNode cluster = event.object();
    String name = Json.name(cluster);
    if (!ClusterObject.isProxy(cluster)) {
      return;
    }
    if (event.type() == Watcher.EventType.DELETED) {
      waiting.remove(Json.uid(cluster));
      passes.remove(Json.uid(cluster));
      allocation.removeService(name);
      ports.gone(name);
      return;
    }
    RunningPod current = pod;
    if (current == null || isOldTower(current)) {
      return;
    }
    if (!ClusterObject.joinsFederation(cluster)) {
      current.log(
          "Failed to delete service mc-" + name + ": services \"mc-" + name + "\" not found");
      return;
    }
    int before = passes.getOrDefault(Json.uid(cluster), 0);
    if (ClusterObject.holds(cluster, "Initialized")
        || Json.isBeingDeleted(cluster)
        || before >= 2) {
      return;
    }
    passes.put(Json.uid(cluster), before + 1);
    Deque<ObjectNode> queue =
        waiting.computeIfAbsent(Json.uid(cluster), ignored -> new ArrayDeque<>());
    queue.add(cluster);
    if (queue.size() == 1) {
      strand.after(timing.step(), () -> prepare(Json.uid(cluster), deadline()));
    }
  }

  /** v0.1.0 leaves tokens and ports to the controller. */
  private static boolean isOldTower(RunningPod pod) {
    String image = pod.template().path("spec").path("containers").path(0).path("image").asText();
    return image.endsWith(":v0.1.0");
  }

  /**
   * One pass over one queued copy. Where a controller runs, its finalizer is waited for first: in
   * reality it is just faster, and this is what makes Tower see a second copy without token.
   */
  private void prepare(String uid, long deadline) {
    Deque<ObjectNode> queue = waiting.get(uid);
    ObjectNode copy = queue == null ? null : queue.peek();
    Watcher current = watcher;
    if (queue == null || copy == null || current == null) {
      return;
    }
    boolean seen =
        current.copy(null, Json.name(copy)).map(ClusterObject::hasFinalizer).orElse(true);
    if (controllerRuns.getAsBoolean() && !seen && System.nanoTime() < deadline) {
      strand.after(timing.step(), () -> prepare(uid, deadline));
      return;
    }
    try {
      Allocation.Backend own = backend().orElse(new Allocation.Backend("", ""));
      allocation.put(copy, ports.next(Json.name(copy)), own, Tower::knownFields);
    } catch (ApiException e) {
      log("Failed to initialize cluster " + Json.name(copy) + ": " + e.getMessage());
      strand.after(timing.podStart(), () -> prepare(uid, deadline()));
      return;
    }
    queue.remove();
    if (queue.isEmpty()) {
      waiting.remove(uid);
    } else {
      strand.after(timing.step(), () -> prepare(uid, deadline()));
    }
  }

  private int port(String name) {
    Watcher current = watcher;
    return current == null
        ? 0
        : current
            .copy(null, name)
            .map(copy -> copy.at("/spec/connection/kubernetesAPIServerPort").asInt())
            .orElse(0);
  }

  /** The first cluster at a port has it; that another one has not is nowhere but in the log. */
  private void listen(String name) {
    int port = port(name);
    String listener;
    synchronized (sessions) {
      listener = listeners.computeIfAbsent(port, free -> name);
    }
    if (!listener.equals(name)) {
      log("listen tcp 0.0.0.0:" + port + ": bind: address already in use");
    }
  }

  private void connected(String name) {
    log("Proxy session opened for cluster " + name);
    listen(name);
    write(
        name,
        cluster -> {
          String server = ClusterObject.endpoint(cluster);
          Json.at(cluster, "spec", "connection").put("kubeconfig", ProxyKubeconfig.base64(server));
          String message = "Agent has connected to proxy successfully.";
          ClusterObject.condition(cluster, "AgentAvailable", true, "", message);
        });
  }

  private void lost(String name) {
    log("Proxy session closed for cluster " + name);
    boolean gone;
    synchronized (sessions) {
      gone = sessions.getOrDefault(name, List.of()).isEmpty();
      if (gone) {
        listeners.values().remove(name);
      }
    }
    if (gone) {
      write(
          name,
          cluster -> {
            String message = "Agent has not connected to proxy.";
            ClusterObject.condition(cluster, "AgentAvailable", false, "", message);
          });
    }
  }

  private void write(String name, Consumer<ObjectNode> change) {
    try {
      var unused =
          api.edit(
              Definitions.CLUSTER,
              null,
              name,
              cluster -> {
                keep(cluster);
                change.accept(cluster);
              });
    } catch (ApiException e) {
      log("Failed to update cluster " + name + ": " + e.getMessage());
    }
  }

  private void log(String line) {
    RunningPod current = pod;
    if (current != null) {
      current.log(line);
    }
  }

  private static long deadline() {
    return System.nanoTime() + PATIENCE.toNanos();
  }

  private static ObjectNode knownFields(ObjectNode cluster) {
    keep(cluster);
    return cluster;
  }

  /** A type compiled against 3.0: other fields do not survive a write. */
  private static void keep(ObjectNode cluster) {
    ClusterObject.dropEmpty(cluster);
    Json.at(cluster, "spec").retain(SPEC_FIELDS);
    Json.at(cluster, "spec", "connection").retain(CONNECTION_FIELDS);
    JsonNode status = cluster.path("status");
    if (status instanceof ObjectNode fields) {
      fields.retain(STATUS_FIELDS);
    }
  }
}
