package dev.muster.sandbox.controller;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.client.ApiClient;
import dev.muster.sandbox.client.ApiException;
import dev.muster.sandbox.client.Json;
import dev.muster.sandbox.client.Kind;
import dev.muster.sandbox.client.Trust;
import dev.muster.sandbox.client.Watcher;
import dev.muster.sandbox.client.WorkerPool;
import dev.muster.sandbox.command.HostHooks;
import dev.muster.sandbox.controller.env.ClusterEndpoint;
import dev.muster.sandbox.controller.env.ClusterSetup;
import dev.muster.sandbox.controller.env.LoadBalancer;
import dev.muster.sandbox.controller.env.Manifest;
import dev.muster.sandbox.controller.env.Role;
import dev.muster.sandbox.controller.env.Timing;
import dev.muster.sandbox.controller.install.Definitions;
import dev.muster.sandbox.controller.multicluster.KsApiserver;
import dev.muster.sandbox.server.ApiServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/** A fleet on in-memory API servers, and the eyes and hands of a test. */
final class Stage implements AutoCloseable {
  static final String SYSTEM = "kubesphere-system";
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  final ApiServer server;
  final SimulatedFleet fleet;
  private final Map<String, List<String>> logs = new ConcurrentHashMap<>();
  private final WorkerPool pool = new WorkerPool(2);
  private final List<Watcher> watchers = new ArrayList<>();

  private Stage(String version, Timing timing, LoadBalancer balancer, Role host, Role... members) {
    this(version, timing, setup -> setup.withRole(host).withLoadBalancer(balancer), members);
  }

  private Stage(String version, Timing timing, UnaryOperator<ClusterSetup> host, Role... members) {
    server = ApiServer.builder().start();
    ClusterSetup center = host.apply(setup("host", version));
    SimulatedFleet.Builder builder = SimulatedFleet.withHost(center).timing(timing);
    for (int i = 1; i <= members.length; i++) {
      builder.member(setup("m" + i, version).withRole(members[i - 1]));
    }
    fleet = builder.build();
    HostHooks.attach(server.cluster("host"), fleet, version);
    fleet.seed().start();
  }

  /** A host with role host and an address for Tower. */
  static Stage host(String version, Role... members) {
    return new Stage(version, Timing.fast(), LoadBalancer.ip("203.0.113.9"), Role.HOST, members);
  }

  /** A host on bare metal, where OpenELB is the load balancer. */
  static Stage hostWithOpenElb(String version) {
    return new Stage(version, Timing.fast(), setup -> setup.withRole(Role.HOST).withOpenElb());
  }

  static Stage hostWith(String version, Timing timing, LoadBalancer balancer, Role... members) {
    return new Stage(version, timing, balancer, Role.HOST, members);
  }

  /** A cluster that is no host yet. */
  static Stage plain(String version, Role role) {
    return new Stage(version, Timing.fast(), LoadBalancer.pending(), role);
  }

  private ClusterSetup setup(String name, String version) {
    server.addCluster(name, UUID.randomUUID().toString());
    List<String> lines = logs.computeIfAbsent(name, ignored -> new CopyOnWriteArrayList<>());
    ApiClient api = ApiClient.of(server.baseUrl(name), server.token(name), Trust.jdk());
    return ClusterSetup.of(
        new ClusterEndpoint(
            name, api, (namespace, pod, container, line) -> lines.add(pod + ": " + line)),
        version);
  }

  ApiClient api(String cluster) {
    return ApiClient.of(server.baseUrl(cluster), server.token(cluster), Trust.jdk())
        .as("test", "test");
  }

  ObjectNode cluster(String name) {
    return api("host").get(Definitions.CLUSTER, null, name);
  }

  ObjectNode configuration(String cluster) {
    return api(cluster).get(Definitions.CLUSTER_CONFIGURATION, SYSTEM, "ks-installer");
  }

  String config(String cluster) {
    return api(cluster)
        .find(Kind.CONFIG_MAP, SYSTEM, "kubesphere-config")
        .map(map -> map.path("data").path("kubesphere.yaml").asText())
        .orElse("");
  }

  JsonNode settings(String cluster) {
    return Manifest.yaml(config(cluster));
  }

  void configure(String cluster, String specYaml) {
    ObjectNode patch = Json.object();
    patch.set("spec", Manifest.yaml(specYaml));
    api(cluster).mergePatch(Definitions.CLUSTER_CONFIGURATION, SYSTEM, "ks-installer", patch);
  }

  /** Registers a member as a user does: type proxy, joining, without a token of its own. */
  void register(String name) {
    create("{joinFederation: true, enable: true, provider: '', connection: {type: proxy}}", name);
  }

  void create(String specYaml, String name) {
    ObjectNode cluster = Json.object();
    cluster.putObject("metadata").put("name", name);
    cluster.set("spec", Manifest.yaml(specYaml));
    api("host").create(Definitions.CLUSTER, cluster);
  }

  /** Waits until nobody changes the object any more, as a careful user does. */
  void awaitStable(String name) {
    until(
        name + " is initialized and has its finalizer",
        () ->
            holds(name, "Initialized")
                && cluster(name).path("metadata").path("finalizers").size() == 1);
    String[] last = {""};
    until(
        name + " is stable",
        () -> {
          String now = Json.text(cluster(name).path("spec"));
          boolean same = now.equals(last[0]);
          last[0] = now;
          pause(250);
          return same;
        });
  }

  void deployAgent(String cluster, String member) {
    KsApiserver.Answer answer = fleet.apiserver().agentDeployment(cluster);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    api(member).create(Kind.DEPLOYMENT, Manifest.yaml(answer.body()));
  }

  /** The whole import, until all conditions are true. */
  void join(String cluster, String member) {
    register(cluster);
    awaitStable(cluster);
    deployAgent(cluster, member);
    until(cluster + " is ready", () -> holds(cluster, "Ready") && holds(cluster, "AgentAvailable"));
  }

  boolean holds(String cluster, String condition) {
    return condition(cluster, condition).path("status").asText().equals("True");
  }

  boolean denies(String cluster, String condition) {
    return condition(cluster, condition).path("status").asText().equals("False");
  }

  JsonNode condition(String cluster, String type) {
    JsonNode conditions =
        api("host")
            .find(Definitions.CLUSTER, null, cluster)
            .<JsonNode>map(object -> object.path("status").path("conditions"))
            .orElse(Json.array());
    for (JsonNode condition : conditions) {
      if (condition.path("type").asText().equals(type)) {
        return condition;
      }
    }
    return Json.object();
  }

  /** All lines that any container of a cluster has logged, each after its pod's name. */
  List<String> log(String cluster) {
    return List.copyOf(logs.getOrDefault(cluster, List.of()));
  }

  /** Every state of every object of a kind from now on, in order. */
  List<ObjectNode> record(String cluster, Kind kind) {
    List<ObjectNode> states = new CopyOnWriteArrayList<>();
    Watcher watcher =
        Watcher.start(api(cluster), kind, null, pool.strand(), event -> states.add(event.object()));
    watchers.add(watcher);
    until("the watch has begun", watcher::isSynced);
    return states;
  }

  void awaitRuns(String cluster, int count) {
    until(cluster + " has run " + count + " times", () -> fleet.finishedRuns(cluster) >= count);
  }

  static void until(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        if (condition.getAsBoolean()) {
          return;
        }
      } catch (ApiException e) {
        if (!e.isNotFound()) {
          throw e;
        }
      }
      assertThat(System.nanoTime()).as("not within " + PATIENCE + ": " + what).isLessThan(deadline);
      pause(15);
    }
  }

  static void pause(long milliseconds) {
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    fleet.close();
    watchers.forEach(Watcher::close);
    pool.close();
    server.close();
  }
}
