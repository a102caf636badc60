package dev.muster.sandbox.controller.core;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.client.ApiClient;
import dev.muster.sandbox.client.Json;
import dev.muster.sandbox.client.Watcher;
import dev.muster.sandbox.client.WorkerPool;
import dev.muster.sandbox.controller.cluster.ClusterObject;
import dev.muster.sandbox.controller.cluster.DirectAccess;
import dev.muster.sandbox.controller.env.ClusterEndpoint;
import dev.muster.sandbox.controller.env.KubeSphereVersion;
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
 * The part of ks-controller-manager 4.x that looks after Cluster objects: on a host only; reacts to
 * changes of a spec and to the annotation kubesphere.io/syncAt, and looks again at each cluster
 * once per resync.
 */
public final class CoreController implements Program {
  private static final String SYNC_AT = "kubesphere.io/syncAt";
  // 900 s against the 120 s of 3.x, by which the timing is scaled.
  private static final double LONGER = 7.5;

  private final ClusterEndpoint host;
  private final ApiClient api;
  private final DirectAccess access;
  private final Timing timing;
  private final WorkerPool pool;
  private final WorkerPool.Strand strand;
  private final KubeSphereVersion version;
  private final Map<String, CoreWorker> workers = new ConcurrentHashMap<>();
  private volatile boolean active;
  private volatile @Nullable RunningPod pod;
  private @Nullable Watcher clusters;
  private int process;

  /**
   * @param direct the way to members
   */
  public CoreController(
      ClusterEndpoint host,
      DirectAccess direct,
      Timing timing,
      WorkerPool pool,
      KubeSphereVersion version) {
    this.host = host;
    this.api = host.api().as("ks-controller-manager", "controller-manager");
    this.access = direct;
    this.timing = timing;
    this.pool = pool;
    this.strand = pool.strand();
    this.version = version;
  }

  @Override
  public void started(RunningPod newPod) {
    strand.execute(
        () -> {
          pod = newPod;
          int ofProcess = ++process;
          strand.untilAccepted(timing.podStart(), () -> begin(ofProcess));
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
    Watcher current = clusters;
    clusters = null;
    if (current != null) {
      current.close();
    }
    workers.clear();
  }

  private void begin(int ofProcess) {
    if (ofProcess != process) {
      return;
    }
    JsonNode multicluster = new CoreChart(host.api(), version).settings().path("multicluster");
    if (!multicluster.path("clusterRole").asText().equals("host")) {
      return;
    }
    String name = multicluster.path("hostClusterName").asText("host");
    ensureHostCluster(name);
    active = true;
    clusters = Watcher.start(api, Definitions.CLUSTER, null, strand, event -> changed(event, name));
    strand.after(period(), () -> resync(ofProcess, name));
  }

  private Duration period() {
    return Duration.ofMillis(Math.round(timing.resync().toMillis() * LONGER));
  }

  private void resync(int ofProcess, String hostName) {
    Watcher current = clusters;
    if (ofProcess != process || current == null) {
      return;
    }
    current.copies().forEach(cluster -> worker(Json.name(cluster), hostName).request());
    strand.after(period(), () -> resync(ofProcess, hostName));
  }

  private void changed(Watcher.Event event, String hostName) {
    ObjectNode cluster = event.object();
    if (event.type() == Watcher.EventType.DELETED) {
      workers.remove(Json.name(cluster));
      return;
    }
    ObjectNode before = event.before();
    boolean news =
        before == null
            || !before.path("spec").equals(cluster.path("spec"))
            || Json.isBeingDeleted(cluster)
            || !syncAt(before).equals(syncAt(cluster));
    if (news) {
      worker(Json.name(cluster), hostName).request();
    }
  }

  private static String syncAt(ObjectNode cluster) {
    return cluster.path("metadata").path("annotations").path(SYNC_AT).asText();
  }

  private CoreWorker worker(String name, String hostName) {
    return workers.computeIfAbsent(
        name,
        ignored ->
            new CoreWorker(
                name,
                hostName,
                api,
                access,
                timing,
                version,
                pool.strand(),
                () -> active && workers.containsKey(name),
                this::log));
  }

  private void log(String line) {
    RunningPod current = pod;
    if (current != null) {
      current.log(line);
    }
  }

  private void ensureHostCluster(String name) {
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
            "kubesphere.io/description", "The description was created by KubeSphere automatically.")
        .put("kubesphere.io/creator", "admin");
    ObjectNode spec = cluster.putObject("spec");
    String kubeconfig =
        "apiVersion: v1\nkind: Config\nclusters:\n- name: kubernetes\n  cluster:\n    server: "
            + host.api().base()
            + "\n";
    spec.put("provider", "kubesphere")
        .putObject("connection")
        .put("type", "direct")
        .put(
            "kubeconfig",
            Base64.getEncoder().encodeToString(kubeconfig.getBytes(StandardCharsets.UTF_8)));
    api.createIfAbsent(Definitions.CLUSTER, cluster);
  }
}
