package dev.muster.sandbox.controller;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.sandbox.client.ApiException;
import dev.muster.sandbox.client.Kind;
import dev.muster.sandbox.client.WorkerPool;
import dev.muster.sandbox.controller.cluster.DirectAccess;
import dev.muster.sandbox.controller.core.CoreController;
import dev.muster.sandbox.controller.env.ClusterEndpoint;
import dev.muster.sandbox.controller.env.ClusterSetup;
import dev.muster.sandbox.controller.env.Faults;
import dev.muster.sandbox.controller.env.KubeSphereVersion;
import dev.muster.sandbox.controller.env.LoadBalancer;
import dev.muster.sandbox.controller.env.ProxyNetwork;
import dev.muster.sandbox.controller.env.Role;
import dev.muster.sandbox.controller.env.Timing;
import dev.muster.sandbox.controller.multicluster.Agent;
import dev.muster.sandbox.controller.multicluster.ClusterAdmission;
import dev.muster.sandbox.controller.multicluster.ClusterController;
import dev.muster.sandbox.controller.multicluster.KsApiserver;
import dev.muster.sandbox.controller.multicluster.McServices;
import dev.muster.sandbox.controller.multicluster.Tower;
import dev.muster.sandbox.controller.workload.LoadBalancers;
import dev.muster.sandbox.controller.workload.OpenElb;
import dev.muster.sandbox.controller.workload.Program;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/**
 * A simulated KubeSphere fleet: one host, any number of members, each behind its own API server.
 *
 * <p>Use: build, {@link #seed()}, {@link #start()}, then whatever the test or demonstration does,
 * {@link #close()}.
 */
public final class SimulatedFleet implements AutoCloseable {
  private static final int THREADS = 16;

  /** A bound for what hangs, whatever else the machine does. */
  private static final Duration SEEDED_WITHIN = Duration.ofMinutes(3);

  private final WorkerPool pool = new WorkerPool(THREADS);
  private final Faults faults = new Faults();
  private final Map<String, SimulatedCluster> clusters = new LinkedHashMap<>();
  private final Map<String, Agent> agents = new LinkedHashMap<>();
  private final Tower tower;
  private final ClusterController controller;
  private final KsApiserver apiserver;
  private final McServices services;
  private final LoadBalancers balancers;
  private final CoreController core;
  private final Optional<OpenElb> openElb;

  private SimulatedFleet(Builder builder) {
    ClusterSetup host = builder.host;
    List<ClusterEndpoint> endpoints = new ArrayList<>();
    endpoints.add(host.endpoint());
    builder.members.forEach(member -> endpoints.add(member.endpoint()));
    Timing timing = builder.timing;
    DirectAccess direct = new DirectAccess(host.endpoint(), endpoints, builder.ways);
    // Tower is told whether a controller works beside it, and the controller needs Tower's tunnels.
    ClusterController[] later = new ClusterController[1];
    tower = new Tower(host.endpoint(), timing, pool, () -> later[0] != null && later[0].isActive());
    controller =
        new ClusterController(host.endpoint(), direct, tower, timing, faults, pool, host.version());
    later[0] = controller;
    apiserver = new KsApiserver(host.endpoint(), host.version());
    services = new McServices(host.endpoint(), tower);
    balancers =
        new LoadBalancers(
            host.endpoint().api(),
            "kubesphere-system",
            timing.loadBalancer(),
            pool,
            host.loadBalancer());
    core = new CoreController(host.endpoint(), direct, timing, pool, host.version());
    openElb =
        host.openElb()
            ? Optional.of(new OpenElb(host.endpoint().api(), timing.loadBalancer(), pool))
            : Optional.empty();
    add(host, timing, programsOf(host));
    for (ClusterSetup member : builder.members) {
      Agent agent = new Agent(member.endpoint(), tower, builder.network, timing, faults, pool);
      agents.put(member.name(), agent);
      add(member, timing, Map.of("cluster-agent", agent));
    }
  }

  private Map<String, Program> programsOf(ClusterSetup host) {
    return host.version().atLeast(4, 0)
        ? Map.of("ks-controller-manager", core)
        : Map.of("tower", tower, "ks-controller-manager", controller, "ks-apiserver", apiserver);
  }

  private void add(ClusterSetup setup, Timing timing, Map<String, Program> programs) {
    SimulatedCluster cluster =
        new SimulatedCluster(setup, clusters.size(), timing, faults, pool, programs);
    if (clusters.put(setup.name(), cluster) != null) {
      throw new IllegalArgumentException("two clusters are named " + setup.name());
    }
  }

  public static Builder withHost(ClusterSetup host) {
    return new Builder(host);
  }

  /** Collects what a fleet is made of. */
  public static final class Builder {
    private final ClusterSetup host;
    private final List<ClusterSetup> members = new ArrayList<>();
    private Timing timing = Timing.realistic();
    private ProxyNetwork network = ProxyNetwork.open();
    private DirectAccess.Ways ways = (cluster, kubeconfig) -> Optional.empty();

    private Builder(ClusterSetup host) {
      this.host = host;
    }

    public Builder member(ClusterSetup member) {
      members.add(member);
      return this;
    }

    public Builder timing(Timing newTiming) {
      timing = newTiming;
      return this;
    }

    public Builder network(ProxyNetwork newNetwork) {
      network = newNetwork;
      return this;
    }

    /** Kubeconfigs that lead elsewhere than they say. */
    public Builder ways(DirectAccess.Ways newWays) {
      ways = newWays;
      return this;
    }

    public SimulatedFleet build() {
      return new SimulatedFleet(this);
    }
  }

  /** Creates the initial objects of all clusters that are not there yet; returns when they are. */
  public SimulatedFleet seed() {
    List<CompletableFuture<Void>> all =
        clusters.values().stream()
            .map(cluster -> CompletableFuture.runAsync(cluster::seed, pool.strand()::execute))
            .map(seeded -> seeded.orTimeout(SEEDED_WITHIN.toMillis(), TimeUnit.MILLISECONDS))
            .toList();
    for (CompletableFuture<Void> each : all) {
      try {
        each.join();
      } catch (CompletionException e) {
        if (e.getCause() instanceof ApiException refusal) {
          throw refusal;
        }
        throw e;
      }
    }
    return this;
  }

  /** What the clusters hold now is what their installers have run with: it starts no run. */
  public SimulatedFleet settled() {
    clusters.values().forEach(SimulatedCluster::settled);
    return this;
  }

  public SimulatedFleet start() {
    clusters.values().forEach(SimulatedCluster::start);
    balancers.start();
    openElb.ifPresent(OpenElb::start);
    return this;
  }

  /** Ends all programs as a power cut would: nothing is written any more. At most 2 s. */
  @Override
  public void close() {
    clusters.values().forEach(SimulatedCluster::close);
    balancers.close();
    openElb.ifPresent(OpenElb::close);
    core.close();
    tower.close();
    controller.close();
    pool.close();
  }

  /** How many threads the simulated programs hold at present. */
  public int threads() {
    return pool.threads();
  }

  /** The same as {@link #close()}, under the name by which tests mean it. */
  public void killControllers() {
    close();
  }

  // --- what an environment mounts

  /** GETs through the Services mc-NAME. */
  public McServices services() {
    return services;
  }

  /** The webhook of 3.4. */
  public ClusterAdmission admission() {
    return controller.admission();
  }

  /** The host's ks-apiserver. */
  public KsApiserver apiserver() {
    return apiserver;
  }

  // --- switches for tests and demonstrations

  /** The agent's process on a member dies and stays dead. */
  public SimulatedFleet stopAgent(String member) {
    faults.stopAgent(member);
    agent(member).faultsChanged();
    return this;
  }

  public SimulatedFleet startAgent(String member) {
    faults.startAgent(member);
    agent(member).faultsChanged();
    return this;
  }

  /**
   * Makes a stage (preinstall, metrics-server, common, ks-core, ks-config, result-info) or a
   * component (multicluster, ...) of a cluster's installer fail until {@link #repairInstaller}.
   */
  public SimulatedFleet failInstaller(String cluster, String what, String text) {
    cluster(cluster);
    faults.failInstaller(cluster, what, text);
    return this;
  }

  public SimulatedFleet repairInstaller(String cluster, String what) {
    faults.repairInstaller(cluster, what);
    return this;
  }

  /**
   * Whether the first join of a cluster fails because its token secret is filled late (it does,
   * unless said).
   */
  public SimulatedFleet slowTokenSecrets(boolean slow) {
    faults.setSlowTokenSecrets(slow);
    return this;
  }

  /**
   * Tower gives the clusters that are registered from now on the port of this one, as the real one
   * may; empty ends that.
   */
  public SimulatedFleet givePortOf(Optional<String> member) {
    tower.givePortOf(member);
    return this;
  }

  /** Moves the host's load balancer to other addresses. */
  public SimulatedFleet changeLoadBalancer(LoadBalancer balancer) {
    balancers.change(balancer);
    return this;
  }

  /** An edit by somebody else: a merge patch under that field manager. */
  public SimulatedFleet editBy(
      String manager, String cluster, Kind kind, String namespace, String name, JsonNode patch) {
    var unused =
        cluster(cluster)
            .endpoint()
            .api()
            .as(manager, manager)
            .mergePatch(kind, namespace.isEmpty() ? null : namespace, name, patch);
    return this;
  }

  /** A person at the console of this fleet. */
  public ByHand byHand() {
    return new ByHand(
        this, name -> cluster(name).endpoint().api().as("kubectl-create", "kubectl-create"));
  }

  /** The host's name. */
  String hostName() {
    return clusters.keySet().iterator().next();
  }

  /** How many installer runs of a cluster have come to any end. */
  public int finishedRuns(String cluster) {
    return cluster(cluster).installer().finishedRuns();
  }

  // --- files for hands-on use

  /** The manifest that brings an installer into a cluster where nothing is installed. */
  public static String installerManifest(String version) {
    KubeSphereVersion parsed = KubeSphereVersion.of(version);
    return Seed.definitionText() + "---\n" + Seed.installerManifest(parsed);
  }

  /** The ClusterConfiguration that goes with it. */
  public static String configurationManifest(String version, Role role) {
    return Seed.configurationManifest(KubeSphereVersion.of(version), role, "");
  }

  private SimulatedCluster cluster(String name) {
    SimulatedCluster found = clusters.get(name);
    if (found == null) {
      throw new IllegalArgumentException("no cluster " + name + " in " + clusters.keySet());
    }
    return found;
  }

  private Agent agent(String member) {
    Agent found = agents.get(member);
    if (found == null) {
      throw new IllegalArgumentException("no member " + member + " in " + agents.keySet());
    }
    return found;
  }
}
