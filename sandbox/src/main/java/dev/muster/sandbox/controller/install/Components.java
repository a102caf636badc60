package dev.muster.sandbox.controller.install;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.client.ApiClient;
import dev.muster.sandbox.client.Json;
import dev.muster.sandbox.controller.env.Faults;
import dev.muster.sandbox.controller.env.KubeSphereVersion;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * The components that a run installs side by side, after ks-core and before the configuration is
 * rendered.
 */
final class Components {
  private static final Set<String> NO_COMPONENTS =
      Set.of("metrics_server", "monitoring", "multicluster", "network", "openpitrix", "common");

  private final String cluster;
  private final Faults faults;
  private final InstallerLog log;
  private final KubeSphereVersion version;
  private final JsonNode spec;
  private final JsonNode status;

  Components(
      String cluster,
      Faults faults,
      InstallerLog log,
      KubeSphereVersion version,
      JsonNode spec,
      JsonNode status) {
    this.cluster = cluster;
    this.faults = faults;
    this.log = log;
    this.version = version;
    this.spec = spec;
    this.status = status;
  }

  List<String> names() {
    List<String> names = new ArrayList<>(List.of("monitoring", "multicluster"));
    if (version.atLeast(3, 1)) {
      names.add("openpitrix");
      names.add("network");
    }
    for (Iterator<Map.Entry<String, JsonNode>> it = spec.fields(); it.hasNext(); ) {
      Map.Entry<String, JsonNode> field = it.next();
      boolean own = NO_COMPONENTS.contains(field.getKey());
      if (field.getKey().equals("openpitrix") && !version.atLeast(3, 1)) {
        own = false;
      }
      if (!own && field.getValue().path("enabled").asBoolean()) {
        names.add(field.getKey());
      }
    }
    return names;
  }

  boolean begin() {
    names().forEach(log::startComponent);
    log.waitForTasks();
    return true;
  }

  /**
   * Does the work of all components; false when one of them failed, which does not stop the others.
   */
  boolean finish(ApiClient api, ApiClient apply, BiConsumer<String, JsonNode> patchStatus) {
    List<String> names = names();
    int done = 0;
    boolean allGood = true;
    for (String name : names) {
      Optional<String> failure = faults.installerFailure(cluster, name);
      done++;
      if (failure.isPresent()) {
        allGood = false;
        log.componentFailed(name, failure.get());
        continue;
      }
      boolean enabledNow = !name.equals("multicluster") || multicluster(api, apply);
      if (enabledNow && !status.path(name).path("status").asText().equals("enabled")) {
        ObjectNode enabled = Json.object();
        enabled.put("status", "enabled").put("enabledTime", InstallerLog.enabledTime());
        patchStatus.accept(name, enabled);
      }
      log.componentDone(name, done, names.size());
    }
    return allGood;
  }

  /**
   * Only on a host that was not one before; afterwards Tower and the Service stay even if they are
   * deleted.
   */
  private boolean multicluster(ApiClient api, ApiClient apply) {
    boolean host = spec.path("multicluster").path("clusterRole").asText().equals("host");
    if (!host || status.path("multicluster").path("status").asText().equals("enabled")) {
      return false;
    }
    installTower(api, apply, version, spec);
    return true;
  }

  static void installTower(
      ApiClient api, ApiClient apply, KubeSphereVersion version, JsonNode spec) {
    String flags = version.atLeast(3, 1) ? ", --v=4" : ", --v=2";
    if (version.atLeast(3, 1) && !version.atLeast(3, 4)) {
      flags += ", --leader-elect=true";
    }
    new Kubectl(apply)
        .ensure(
            "seed/tower.yaml",
            Map.of("image", ConfigRenderer.towerImage(version, spec), "flags", flags));
    Definitions.ensure(api, Definitions.KUBE_FED_CLUSTER, version);
  }
}
