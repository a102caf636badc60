package dev.muster.sandbox.controller.multicluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.client.ApiClient;
import dev.muster.sandbox.client.Json;
import dev.muster.sandbox.client.Kind;
import dev.muster.sandbox.client.Watcher;
import dev.muster.sandbox.client.WorkerPool;
import dev.muster.sandbox.controller.cluster.ClusterObject;
import dev.muster.sandbox.controller.cluster.DirectAccess;
import dev.muster.sandbox.controller.env.ClusterEndpoint;
import dev.muster.sandbox.controller.env.Faults;
import dev.muster.sandbox.controller.env.KubeSphereVersion;
import dev.muster.sandbox.controller.env.Manifest;
import dev.muster.sandbox.controller.env.Timing;
import dev.muster.sandbox.controller.install.Definitions;
import dev.muster.sandbox.controller.workload.Program;
import dev.muster.sandbox.controller.workload.RunningPod;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The part of the simulated ks-controller-manager that looks after Cluster objects: works on a host
 * only, reacts to changes of a spec, and looks at everything again once per resync, counted from
 * its own start.
 */
public final class ClusterController implements Program {
  private static final Duration REAL_RESYNC = Duration.ofSeconds(120);

  private final ClusterEndpoint host;
  private final ApiClient api;
  private final Timing timing;
  private final Tower tower;
  private final Members members;
  private final Federation federation;
  private final WorkerPool pool;
  private final WorkerPool.Strand strand;
  private final KubeSphereVersion fallback;
  private final Map<String, ClusterWorker> workers = new ConcurrentHashMap<>();
  private volatile boolean active;
  private volatile KubeSphereVersion version;
  private @Nullable RunningPod pod;
  private @Nullable Watcher configs;
  private @Nullable Watcher clusters;
  private int process;

  /**
   * @param direct the way to members without an agent
   * @param fallback the version when the image's tag does not say one
   */
  public ClusterController(
      ClusterEndpoint host,
      DirectAccess direct,
      Tower tower,
      Timing timing,
      Faults faults,
      WorkerPool pool,
      KubeSphereVersion fallback) {
    this.host = host;
    this.api = host.api().as("ks-controller-manager", "controller-manager");
    this.timing = timing;
    this.tower = tower;
    this.members = new Members(tower, direct);
    this.federation = new Federation(api, faults);
    this.pool = pool;
    this.strand = pool.strand();
    this.fallback = fallback;
    this.version = fallback;
  }

  @Override
  public void started(RunningPod newPod) {
    strand.execute(
        () -> {
          pod = newPod;
          process++;
          version = newPod.version().orElse(fallback);
          if (version.atLeast(3, 3)) {
            // The mounted file is watched; before 3.3 only a restart makes it count.
            configs =
                Watcher.start(
                    api, Kind.CONFIG_MAP, ClusterObject.NAMESPACE, strand, this::configChanged);
          } else {
            int ofProcess = process;
            strand.untilAccepted(timing.podStart(), () -> readConfig(ofProcess));
          }
        });
  }

  @Override
  public void stopped() {
    strand.execute(this::close);
  }

  public void close() {
    process++;
    active = false;
    pod = null;
    for (Watcher watcher : new Watcher[] {configs, clusters}) {
      if (watcher != null) {
        watcher.close();
      }
    }
    configs = null;
    clusters = null;
    workers.clear();
  }

  /** Whether it looks after Cluster objects at present. */
  public boolean isActive() {
    return active;
  }

  /** The webhook of 3.4 as this controller serves it. */
  public ClusterAdmission admission() {
    return new ClusterAdmission(
        members, timing.clientTimeout(), () -> active && version.atLeast(3, 4));
  }

  private void readConfig(int ofProcess) {
    if (ofProcess == process) {
      api.find(Kind.CONFIG_MAP, ClusterObject.NAMESPACE, "kubesphere-config").ifPresent(this::take);
    }
  }

  private void configChanged(Watcher.Event event) {
    if (event.type() != Watcher.EventType.DELETED
        && Json.name(event.object()).equals("kubesphere-config")) {
      int ofProcess = process;
      strand.after(
          active ? timing.configReload() : timing.step(),
          () -> {
            if (ofProcess == process) {
              take(event.object());
            }
          });
    }
  }

  private void take(ObjectNode config) {
    ObjectNode settings = Manifest.yaml(config.path("data").path("kubesphere.yaml").asText());
    boolean wanted = settings.path("multicluster").path("enable").asBoolean();
    if (wanted && !active) {
      activate(settings);
    } else if (!wanted && active) {
      active = false;
      Watcher current = clusters;
      if (current != null) {
        current.close();
      }
      workers.clear();
    }
  }

  private void activate(ObjectNode settings) {
    active = true;
    Definitions.ensure(api, Definitions.CLUSTER, version);
    String hostName = settings.path("multicluster").path("hostClusterName").asText("host");
    int ofProcess = process;
    strand.untilAccepted(timing.podStart(), () -> ensureHostCluster(hostName));
    clusters = Watcher.start(api, Definitions.CLUSTER, null, strand, this::clusterChanged);
    Duration asked =
        GoDuration.parse(
            settings.path("multicluster").path("clusterControllerResyncPeriod").asText());
    Duration period =
        asked.isZero()
            ? timing.resync()
            : Duration.ofMillis(
                Math.max(
                    200, timing.resync().toMillis() * asked.toMillis() / REAL_RESYNC.toMillis()));
    strand.after(period, () -> resync(ofProcess, period));
  }

  private void resync(int ofProcess, Duration period) {
    if (ofProcess != process || !active) {
      return;
    }
    Watcher current = clusters;
    if (current != null) {
      // A removal that was refused is not tried again by the resync.
      current.copies().stream()
          .filter(cluster -> !Json.isBeingDeleted(cluster))
          .forEach(cluster -> worker(Json.name(cluster)).request());
    }
    strand.after(period, () -> resync(ofProcess, period));
  }

  private void clusterChanged(Watcher.Event event) {
    ObjectNode cluster = event.object();
    String name = Json.name(cluster);
    if (event.type() == Watcher.EventType.DELETED) {
      return;
    }
    ObjectNode before = event.before();
    boolean news =
        before == null
            || !before.path("spec").equals(cluster.path("spec"))
            || !ClusterObject.hasFinalizer(cluster)
            || Json.isBeingDeleted(cluster);
    if (news) {
      worker(name).request();
    }
  }

  private ClusterWorker worker(String name) {
    return workers.computeIfAbsent(
        name,
        ignored ->
            new ClusterWorker(
                name,
                api,
                members,
                federation,
                tower,
                timing,
                version,
                pool.strand(),
                () -> active,
                this::log));
  }

  private void log(String line) {
    RunningPod current = pod;
    if (current != null) {
      current.log(line);
    }
  }

  /** The host's own object: made once, under the name of that moment. */
  private void ensureHostCluster(String name) {
    for (ObjectNode cluster : api.items(Definitions.CLUSTER, null)) {
      if (ClusterObject.isHost(cluster)) {
        return;
      }
    }
    ObjectNode cluster = Json.object();
    ObjectNode metadata = cluster.putObject("metadata");
    metadata.put("name", name);
    metadata
        .putObject("labels")
        .put(ClusterObject.HOST_LABEL, "")
        .put("kubesphere.io/managed", "true");
    metadata
        .putObject("annotations")
        .put(
            "kubesphere.io/description",
            "The description was created by KubeSphere automatically.");
    ObjectNode spec = cluster.putObject("spec");
    spec.put("joinFederation", true).put("enable", true).put("provider", "kubesphere");
    String kubeconfig =
        "apiVersion: v1\nkind: Config\nclusters:\n- name: local\n  cluster:\n    server: "
            + host.api().base()
            + "\n";
    ObjectNode connection = spec.putObject("connection");
    connection.put("type", "direct");
    connection.put(
        "kubeconfig",
        Base64.getEncoder().encodeToString(kubeconfig.getBytes(StandardCharsets.UTF_8)));
    api.createIfAbsent(Definitions.CLUSTER, cluster);
  }
}
