package dev.muster.sandbox.controller.install;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.client.ApiClient;
import dev.muster.sandbox.client.ApiException;
import dev.muster.sandbox.client.Json;
import dev.muster.sandbox.client.Kind;
import dev.muster.sandbox.client.WorkerPool;
import dev.muster.sandbox.controller.env.ClusterEndpoint;
import dev.muster.sandbox.controller.env.Faults;
import dev.muster.sandbox.controller.env.KubeSphereVersion;
import dev.muster.sandbox.controller.env.Timing;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;

/**
 * One run: spec and status are those of its beginning, whatever happens to the object meanwhile.
 * The early ends say nothing to anybody but the log.
 */
final class InstallRun {
  private static final String NAMESPACE = "kubesphere-system";
  private static final String NAME = "ks-installer";
  private static final int POD_TRIES = 30;

  private final ApiClient api;
  private final ApiClient apply;
  private final Timing timing;
  private final Faults faults;
  private final String cluster;
  private final WorkerPool.Strand strand;
  private final KubeSphereVersion version;
  private final JsonNode spec;
  private final JsonNode status;
  private final InstallerLog log;
  private final BooleanSupplier alive;
  private final Runnable whenEnded;
  private final Deque<Stage> stages = new ArrayDeque<>();
  private boolean componentsFailed;

  /** A part of the run, with its share of the time in percent; false ends the run. */
  private record Stage(String name, int share, BooleanSupplier work) {}

  InstallRun(
      ClusterEndpoint endpoint,
      Timing timing,
      Faults faults,
      WorkerPool.Strand strand,
      KubeSphereVersion version,
      ObjectNode object,
      InstallerLog log,
      BooleanSupplier alive,
      Runnable whenEnded) {
    this.cluster = endpoint.name();
    this.api = endpoint.api().as("ks-installer", "kubectl-patch");
    this.apply = endpoint.api().as("ks-installer", "kubectl-client-side-apply");
    this.timing = timing;
    this.faults = faults;
    this.strand = strand;
    this.version = version;
    this.spec = object.path("spec").deepCopy();
    this.status = object.path("status").deepCopy();
    this.log = log;
    this.alive = alive;
    this.whenEnded = whenEnded;
  }

  void start() {
    Components components = new Components(cluster, faults, log, version, spec, status);
    stages.add(new Stage("preinstall", 10, this::preinstall));
    stages.add(new Stage("metrics-server", 5, () -> true));
    stages.add(new Stage("common", 15, this::common));
    stages.add(new Stage("ks-core", 20, this::core));
    stages.add(new Stage("", 5, components::begin));
    stages.add(
        new Stage(
            "",
            25,
            () -> {
              componentsFailed = !components.finish(api, apply, this::patchStatus);
              return true;
            }));
    stages.add(new Stage("ks-config", 10, this::renderConfig));
    stages.add(new Stage("result-info", 10, this::resultInfo));
    next();
  }

  private void next() {
    Stage stage = stages.poll();
    if (stage == null) {
      awaitPods(1);
      return;
    }
    if (!stage.name().isEmpty()) {
      log.play(stage.name());
    }
    Duration time = timing.installerRun().multipliedBy(stage.share()).dividedBy(100);
    strand.after(time, () -> work(stage));
  }

  private void work(Stage stage) {
    if (!alive.getAsBoolean()) {
      return;
    }
    Optional<String> failure = faults.installerFailure(cluster, stage.name());
    if (failure.isPresent()) {
      log.failedPlay(stage.name(), failure.get());
      whenEnded.run();
      return;
    }
    boolean goesOn;
    try {
      goesOn = stage.work().getAsBoolean();
    } catch (ApiException e) {
      if (e.status() == 0 || e.status() >= 500) {
        // The machine below is not the part that is simulated here: a lost API server is waited
        // for.
        strand.after(timing.podStart(), () -> work(stage));
        return;
      }
      log.failedPlay(stage.name(), String.valueOf(e.getMessage()));
      goesOn = false;
    }
    if (goesOn) {
      next();
    } else {
      whenEnded.run();
    }
  }

  private boolean preinstall() {
    String wanted = spec.path("persistence").path("storageClass").asText();
    List<ObjectNode> classes = api.items(Kind.STORAGE_CLASS, null);
    if (!wanted.isEmpty()) {
      if (classes.stream().noneMatch(each -> Json.name(each).equals(wanted))) {
        log.line("StorageClass " + wanted + " was not found !");
        return false;
      }
      return true;
    }
    String key = "storageclass.kubernetes.io/is-default-class";
    boolean found =
        classes.stream()
            .anyMatch(
                each ->
                    each.path("metadata").path("annotations").path(key).asText().equals("true"));
    if (!found) {
      log.line("Default StorageClass was not found !");
    }
    return found;
  }

  private boolean common() {
    new Kubectl(apply).ensure("seed/common.yaml", Map.of());
    return true;
  }

  private boolean core() {
    String wanted = spec.path("authentication").path("jwtSecret").asText();
    if (!JwtSecret.survivesTheShell(wanted)) {
      log.failedPlay("ks-core", "non-zero return code");
      return false;
    }
    JwtSecret.ensure(api, version, wanted);
    Definitions.ensure(api, Definitions.CLUSTER, version);
    new Kubectl(apply).ensure("seed/core.yaml", Map.of("version", version.tag()));
    ObjectNode core = Json.object();
    core.put("status", "enabled").put("enabledTime", InstallerLog.enabledTime());
    patchStatus("core", core);
    return true;
  }

  private boolean renderConfig() {
    String text = ConfigRenderer.render(version, spec, JwtSecret.read(api));
    Kubectl kubectl = new Kubectl(apply);
    kubectl.applyConfigMap(NAMESPACE, "kubesphere-config", "kubesphere.yaml", text);
    if (!version.atLeast(3, 3)) {
      new Kubectl(api.as("ks-installer", "kubectl-rollout"))
          .rolloutRestart(NAMESPACE, List.of("ks-apiserver", "ks-controller-manager"));
    }
    return true;
  }

  private boolean resultInfo() {
    log.collecting();
    return renderConfig();
  }

  private void awaitPods(int attempt) {
    if (!alive.getAsBoolean()) {
      return;
    }
    boolean running = false;
    try {
      running = runs("ks-console") && runs("ks-apiserver");
      if (running) {
        finish();
        whenEnded.run();
        return;
      }
    } catch (ApiException e) {
      log.line("The connection to the server was refused");
    }
    if (attempt == POD_TRIES) {
      whenEnded.run();
      return;
    }
    Duration pause = timing.installerRun().dividedBy(12);
    strand.after(pause, () -> awaitPods(attempt + 1));
  }

  private boolean runs(String deployment) {
    for (ObjectNode pod : api.items(Kind.POD, NAMESPACE)) {
      if (pod.path("metadata").path("labels").path("app").asText().equals(deployment)
          && pod.path("status").path("phase").asText().equals("Running")) {
        return true;
      }
    }
    return false;
  }

  private void finish() {
    if (version.atLeast(3, 1)) {
      ObjectNode core = Json.object();
      core.put("version", version.tag());
      patchStatus("core", core);
    }
    if (!componentsFailed) {
      JsonNode console = spec.path("common").path("core").path("console");
      int port = console.path("port").asInt(spec.path("console").path("port").asInt(30880));
      log.welcome(nodeAddress(), port, JwtSecret.adminPassword(api));
    }
    if (!status.has("clusterId")) {
      patchStatus(
          "clusterId", Json.tree(UUID.randomUUID() + "-" + System.currentTimeMillis() / 1000));
    }
  }

  private String nodeAddress() {
    for (ObjectNode node : api.items(Kind.NODE, null)) {
      for (JsonNode address : node.path("status").path("addresses")) {
        if (address.path("type").asText().equals("InternalIP")) {
          return address.path("address").asText();
        }
      }
    }
    return "127.0.0.1";
  }

  private void patchStatus(String part, JsonNode value) {
    ObjectNode patch = Json.object();
    patch.putObject("status").set(part, value);
    api.mergePatch(Definitions.CLUSTER_CONFIGURATION, NAMESPACE, NAME, patch);
  }
}
