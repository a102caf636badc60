package dev.muster.sandbox.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.problem.MusterException;
import dev.muster.sandbox.client.ApiClient;
import dev.muster.sandbox.client.ApiException;
import dev.muster.sandbox.client.Json;
import dev.muster.sandbox.client.Kind;
import dev.muster.sandbox.client.Trust;
import dev.muster.sandbox.controller.SimulatedFleet;
import dev.muster.sandbox.controller.env.ClusterEndpoint;
import dev.muster.sandbox.controller.env.ClusterSetup;
import dev.muster.sandbox.controller.env.LoadBalancer;
import dev.muster.sandbox.controller.env.Timing;
import dev.muster.sandbox.controller.install.Definitions;
import dev.muster.sandbox.server.ApiServer;
import dev.muster.session.RehearsalStage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

/**
 * A recorded fleet on simulated API servers. What an installed cluster has besides what was
 * recorded (definitions, nodes, accounts, the Secret behind the settings) is seeded to fit it; then
 * the recorded objects are laid over, and the simulated programs start.
 */
final class OfflineStage implements RehearsalStage {
  private static final String SYSTEM = "kubesphere-system";

  /** For all that is waited for. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Besides, for each cluster. */
  private static final Duration EACH = Duration.ofMillis(200);

  private static final Duration STEADY = Duration.ofMillis(2500);

  /** What a load balancer gives where none was recorded; documentation range. */
  private static final String ADDRESS = "203.0.113.10";

  private final ApiServer server;
  private final SimulatedFleet fleet;
  private final RecordedState host;
  private final List<RecordedState> clusters = new ArrayList<>();
  private final Set<String> assumptions = new TreeSet<>();
  private long deadline;

  OfflineStage(Fleet recorded) {
    List<RecordedState> states = recorded.clusters().stream().map(RecordedState::new).toList();
    host =
        states.stream()
            .filter(state -> state.cluster().host() && state.cluster().reached())
            .findFirst()
            .orElseThrow(
                () ->
                    MusterException.of(
                        "the host was not reached when the fleet was recorded, so nothing can be played",
                        "record it again: muster plan --snapshot FILE"));
    server = ApiServer.builder().start();
    SimulatedFleet.Builder builder =
        SimulatedFleet.withHost(setup(host).withLoadBalancer(balancer()))
            .timing(Timing.fast())
            .ways(new RecordedWays(recorded, this::api)::behind);
    clusters.add(host);
    for (RecordedState state : states) {
      String name = state.cluster().name();
      if (!state.cluster().reached()) {
        server.addCluster(name, state.cluster().uid()).unavailable(true);
        assumptions.add(name + " cannot be reached, as when it was recorded");
      } else if (!state.cluster().host()) {
        builder.member(setup(state));
        clusters.add(state);
      }
    }
    fleet = builder.build();
  }

  void start() {
    HostHooks.attach(server.cluster(name()), fleet, host.version().generation());
    fleet.seed();
    clusters.forEach(this::lay);
    fleet.slowTokenSecrets(false).settled().start();
    deadline = System.nanoTime() + PATIENCE.plus(EACH.multipliedBy(clusters.size())).toNanos();
    clusters.forEach(this::awaitPods);
    List<String> strangers = host.connected().stream().filter(m -> !knownAgent(m)).toList();
    host.connected().stream().filter(m -> !strangers.contains(m)).forEach(this::awaitTunnel);
    strangers.forEach(
        member ->
            assumptions.add(
                "the agent of " + member + " is not connected, as its token is not the Cluster's"));
    awaitReady(host.joined().stream().filter(m -> !strangers.contains(m)).toList());
  }

  /**
   * The first look of a controller that starts may come before the tunnels are up, and is written
   * down; so it has to stay good for longer than from one look to the next.
   */
  private void awaitReady(List<String> members) {
    long[] since = {System.nanoTime()};
    await(
        "not all of " + String.join(", ", members) + " are ready again in the simulation",
        () -> {
          if (!members.stream().allMatch(this::joined)) {
            since[0] = System.nanoTime();
          }
          return members.isEmpty() || System.nanoTime() - since[0] > STEADY.toNanos();
        });
  }

  /** An agent whose token was changed while it was connected stays so; no other one comes in. */
  private boolean knownAgent(String member) {
    return clusters.stream()
        .filter(state -> state.cluster().name().equals(member))
        .allMatch(state -> state.agentHas(host.token(member)));
  }

  private boolean joined(String member) {
    return api(name())
        .find(Definitions.CLUSTER, null, member)
        .filter(RecordedState::joined)
        .isPresent();
  }

  private String name() {
    return host.cluster().name();
  }

  private ClusterSetup setup(RecordedState state) {
    String name = state.cluster().name();
    var cluster = server.addCluster(name, state.cluster().uid());
    ApiClient api = ApiClient.of(server.baseUrl(name), server.controllerToken(), Trust.jdk());
    ClusterEndpoint endpoint =
        new ClusterEndpoint(
            name,
            api,
            (namespace, pod, container, line) ->
                cluster.logs().append(namespace, pod, container, line));
    ClusterSetup setup =
        ClusterSetup.of(endpoint, state.versionOr(host).tag())
            .withRole(state.role())
            .withJwtSecret(state.jwtSecret());
    return state.openElb() ? setup.withOpenElb() : setup;
  }

  private LoadBalancer balancer() {
    Optional<LoadBalancer> recorded = host.loadBalancer();
    if (recorded.isEmpty()) {
      assumptions.add("Service tower's address is " + ADDRESS + ", until the real one is known");
    }
    return recorded.orElseGet(() -> LoadBalancer.ip(ADDRESS));
  }

  /** Lays the recorded objects over what was seeded, with the namespaces that they are in. */
  private void lay(RecordedState state) {
    String name = state.cluster().name();
    state.cluster().objects().stream()
        .map(Json::namespace)
        .filter(namespace -> !namespace.isEmpty())
        .distinct()
        .forEach(namespace -> namespace(name, namespace));
    for (JsonNode object : state.cluster().objects()) {
      try {
        if (object.path("kind").asText().equals("Namespace") && unsaid(object)) {
          assumptions.add("namespace " + Json.name(object) + " of " + name + " is there");
          namespace(name, Json.name(object));
        } else {
          server.cluster(name).seed(object);
        }
      } catch (IllegalArgumentException e) {
        assumptions.add(
            object.path("kind").asText()
                + " objects play no part: the simulation has no such kind");
      }
    }
  }

  /** Whether it only stands for one of which the cluster would not say anything. */
  private static boolean unsaid(JsonNode object) {
    return object.at("/metadata/uid").asText().isEmpty();
  }

  private void namespace(String cluster, String namespace) {
    ObjectNode object = Json.object();
    object.putObject("metadata").put("name", namespace);
    api(cluster).createIfAbsent(Kind.NAMESPACE, object);
  }

  private ApiClient api(String cluster) {
    return ApiClient.of(server.baseUrl(cluster), server.controllerToken(), Trust.jdk());
  }

  /** Programs that ran when the fleet was recorded run again. */
  private void awaitPods(RecordedState state) {
    String name = state.cluster().name();
    for (String deployment : state.running()) {
      await(
          deployment + " of " + name + " has no running pod in the simulation",
          () -> {
            ObjectNode live = api(name).get(Kind.DEPLOYMENT, SYSTEM, deployment);
            boolean pod =
                api(name).items(Kind.POD, SYSTEM).stream()
                    .anyMatch(
                        p ->
                            Json.name(p).startsWith(deployment + "-")
                                && p.at("/status/phase").asText().equals("Running"));
            return pod && live.at("/status/readyReplicas").asInt() > 0;
          });
    }
  }

  /** Members that were joined through an agent are so again. */
  private void awaitTunnel(String member) {
    await(
        member + " was joined and does not come back in the simulation",
        () ->
            fleet.services().get("mc-" + member, "6443", "/api/v1/namespaces/kube-system").status()
                == 200);
  }

  private void await(String otherwise, BooleanSupplier condition) {
    while (System.nanoTime() < deadline) {
      try {
        if (condition.getAsBoolean()) {
          return;
        }
        Thread.sleep(20);
      } catch (ApiException e) {
        if (!e.isNotFound()) {
          throw e;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
    assumptions.add(otherwise);
  }

  @Override
  public String kubeconfig() {
    return server.kubeconfig();
  }

  @Override
  public List<String> assumptions() {
    return List.copyOf(assumptions);
  }

  @Override
  public void close() {
    fleet.close();
    server.close();
  }
}
