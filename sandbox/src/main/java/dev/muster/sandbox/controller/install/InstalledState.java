package dev.muster.sandbox.controller.install;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.client.ApiClient;
import dev.muster.sandbox.client.Json;
import dev.muster.sandbox.controller.env.ClusterSetup;
import dev.muster.sandbox.controller.env.KubeSphereVersion;
import dev.muster.sandbox.controller.env.Role;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What a finished run of the installer has left, for clusters that were installed before the
 * simulation.
 */
public final class InstalledState {
  private final ClusterSetup setup;
  private final ApiClient api;

  public InstalledState(ClusterSetup setup, ApiClient api) {
    this.setup = setup;
    this.api = api;
  }

  /** The status of the ClusterConfiguration after such a run. */
  public static ObjectNode status(ClusterSetup setup) {
    ObjectNode status = Json.object();
    String time = InstallerLog.enabledTime();
    ObjectNode core = status.putObject("core");
    core.put("status", "enabled").put("enabledTime", time);
    if (setup.version().atLeast(3, 1)) {
      core.put("version", setup.version().tag());
    }
    List<String> enabled =
        setup.version().atLeast(3, 1)
            ? List.of("monitoring", "openpitrix", "network")
            : List.of("monitoring");
    for (String component : enabled) {
      status.putObject(component).put("status", "enabled").put("enabledTime", time);
    }
    if (setup.role() == Role.HOST) {
      status.putObject("multicluster").put("status", "enabled").put("enabledTime", time);
    }
    status.put("clusterId", UUID.randomUUID() + "-" + System.currentTimeMillis() / 1000);
    return status;
  }

  /**
   * Secret, chart, Tower on a host, and the rendered configuration; the ClusterConfiguration must
   * be there.
   */
  public void write() {
    KubeSphereVersion version = setup.version();
    ObjectNode spec =
        Json.at(
            api.get(Definitions.CLUSTER_CONFIGURATION, "kubesphere-system", "ks-installer"),
            "spec");
    JwtSecret.seed(api, version, setup.jwtSecret());
    Kubectl kubectl = new Kubectl(api);
    String text = ConfigRenderer.render(version, spec, JwtSecret.read(api));
    kubectl.applyConfigMap("kubesphere-system", "kubesphere-config", "kubesphere.yaml", text);
    kubectl.ensure("seed/core.yaml", Map.of("version", version.tag()));
    if (setup.role() == Role.HOST) {
      Components.installTower(api, api, version, spec);
    }
  }
}
