package dev.muster.sandbox.controller.install;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.client.ApiClient;
import dev.muster.sandbox.client.Json;
import dev.muster.sandbox.client.Watcher;
import dev.muster.sandbox.client.WorkerPool;
import dev.muster.sandbox.controller.env.ClusterEndpoint;
import dev.muster.sandbox.controller.env.Faults;
import dev.muster.sandbox.controller.env.KubeSphereVersion;
import dev.muster.sandbox.controller.env.Timing;
import dev.muster.sandbox.controller.workload.Program;
import dev.muster.sandbox.controller.workload.RunningPod;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The simulated ks-installer: waits for a change of the spec of the one ClusterConfiguration and
 * then runs, one run at a time; whatever changes during a run starts one more run after it.
 */
public final class Installer implements Program {
  private static final String NAMESPACE = "kubesphere-system";
  private static final String NAME = "ks-installer";

  private final ClusterEndpoint cluster;
  private final ApiClient api;
  private final Timing timing;
  private final Faults faults;
  private final KubeSphereVersion fallback;
  private final WorkerPool.Strand strand;
  private String ranBefore = "";
  private @Nullable Watcher watcher;
  private @Nullable RunningPod pod;
  private KubeSphereVersion version;
  private String seen = "";
  private boolean queued;
  private int process;
  private boolean runs;
  private volatile int finishedRuns;

  /**
   * @param fallback the version when the image's tag does not say one
   */
  public Installer(
      ClusterEndpoint cluster,
      Timing timing,
      Faults faults,
      WorkerPool pool,
      KubeSphereVersion fallback) {
    this.cluster = cluster;
    this.api = cluster.api().as("ks-installer", "kubectl-patch");
    this.timing = timing;
    this.faults = faults;
    this.fallback = fallback;
    this.version = fallback;
    this.strand = pool.strand();
  }

  /**
   * The cluster was installed with this object before the simulation: its first sight starts
   * nothing.
   */
  public void ranBefore(ObjectNode configuration) {
    strand.execute(() -> ranBefore = trigger(configuration));
  }

  private static String trigger(ObjectNode configuration) {
    return Json.uid(configuration) + " " + Json.text(configuration.path("spec"));
  }

  @Override
  public void started(RunningPod newPod) {
    strand.execute(
        () -> {
          process++;
          pod = newPod;
          version = newPod.version().orElse(fallback);
          seen = "";
          runs = false;
          queued = false;
          newPod.log("{\"level\":\"info\",\"msg\":\"Initialize hooks and wait for events\"}");
          watcher =
              Watcher.start(api, Definitions.CLUSTER_CONFIGURATION, NAMESPACE, strand, this::on);
        });
  }

  @Override
  public void stopped() {
    strand.execute(
        () -> {
          process++;
          pod = null;
          close();
        });
  }

  /** Stops watching; a run that is under way ends before its next stage. */
  public void close() {
    Watcher current = watcher;
    if (current != null) {
      current.close();
    }
  }

  /** How many runs have come to any end since the simulation began. */
  public int finishedRuns() {
    return finishedRuns;
  }

  private void on(Watcher.Event event) {
    ObjectNode object = event.object();
    if (pod == null
        || event.type() == Watcher.EventType.DELETED
        || !Json.name(object).equals(NAME)) {
      return;
    }
    // Only the spec counts, and a new object counts as new even with the same spec.
    String trigger = trigger(object);
    if (trigger.equals(seen)) {
      return;
    }
    seen = trigger;
    boolean known = trigger.equals(ranBefore);
    ranBefore = "";
    if (known) {
      return;
    }
    if (runs) {
      queued = true;
    } else {
      begin();
    }
  }

  private void begin() {
    RunningPod current = pod;
    Optional<ObjectNode> object = api.find(Definitions.CLUSTER_CONFIGURATION, NAMESPACE, NAME);
    if (current == null || object.isEmpty()) {
      return;
    }
    runs = true;
    queued = false;
    int ofProcess = process;
    InstallerLog log = new InstallerLog(current, version);
    Optional<ObjectNode> migrated = Migration.of(version, object.get());
    if (migrated.isPresent()) {
      strand.untilAccepted(timing.podStart(), () -> recreate(migrated.get(), log));
      return;
    }
    new InstallRun(
            cluster,
            timing,
            faults,
            strand,
            version,
            object.get(),
            log,
            () -> process == ofProcess,
            this::ended)
        .start();
  }

  /** The migration: the run ends here, the ADDED event of the new object starts the real one. */
  private void recreate(ObjectNode migrated, InstallerLog log) {
    api.delete(Definitions.CLUSTER_CONFIGURATION, NAMESPACE, NAME);
    log.line("Delete old cluster configuration successfully");
    api.create(Definitions.CLUSTER_CONFIGURATION, migrated);
    log.line("Create cluster configuration successfully");
    ended();
  }

  private void ended() {
    runs = false;
    finishedRuns++;
    if (queued) {
      begin();
    }
  }
}
