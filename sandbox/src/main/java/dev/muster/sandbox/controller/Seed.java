package dev.muster.sandbox.controller;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.client.ApiClient;
import dev.muster.sandbox.client.ApiException;
import dev.muster.sandbox.client.Json;
import dev.muster.sandbox.client.Kind;
import dev.muster.sandbox.controller.core.CoreChart;
import dev.muster.sandbox.controller.env.ClusterSetup;
import dev.muster.sandbox.controller.env.KubeSphereVersion;
import dev.muster.sandbox.controller.env.Manifest;
import dev.muster.sandbox.controller.env.Role;
import dev.muster.sandbox.controller.install.Definitions;
import dev.muster.sandbox.controller.install.InstalledState;
import dev.muster.sandbox.controller.install.Kubectl;
import dev.muster.sandbox.controller.install.Tenants;
import dev.muster.sandbox.controller.workload.OpenElb;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;

/** The objects that are in a cluster before the simulated programs start. */
final class Seed {
  private static final long SERVED_WITHIN_MILLIS = 20_000;

  private final ClusterSetup setup;
  private final ApiClient api;
  private final String podNetwork;

  Seed(ClusterSetup setup, String podNetwork) {
    this.setup = setup;
    this.api = setup.endpoint().api().as("seed", "kubectl-client-side-apply");
    this.podNetwork = podNetwork;
  }

  static String node(ClusterSetup setup) {
    return setup.name() + "-node-1";
  }

  /** The installer's manifest as a user would apply it. */
  static String installerManifest(KubeSphereVersion version) {
    return Manifest.text("installer/kubesphere-installer.yaml", installerValues(version));
  }

  /** The ClusterConfiguration as a user would apply it. */
  static String configurationManifest(KubeSphereVersion version, Role role, String jwtSecret) {
    Map<String, String> values =
        Map.of("version", version.tag(), "role", role.spelling(), "jwtSecret", jwtSecret);
    return Manifest.text(
        "installer/cluster-configuration-" + version.generation() + ".yaml", values);
  }

  void write() {
    String machine = UUID.randomUUID().toString().replace("-", "");
    Kubectl kubectl = new Kubectl(api);
    kubectl.ensure(
        "seed/bare.yaml",
        Map.of(
            "node",
            node(setup),
            "machine",
            machine,
            "podNetwork",
            podNetwork,
            "now",
            Instant.now().truncatedTo(ChronoUnit.SECONDS).toString()));
    if (setup.openElb()) {
      Definitions.ensure(api, OpenElb.EIP, setup.version());
      awaitServed(OpenElb.EIP);
    }
    if (setup.role() == Role.NOT_INSTALLED) {
      return;
    }
    if (setup.version().atLeast(4, 0)) {
      core();
    } else {
      installer(kubectl);
    }
  }

  /** 4.x: a release of the chart, and nothing that is told what to install. */
  private void core() {
    Definitions.ensure(api, Definitions.CLUSTER, setup.version());
    awaitServed(Definitions.CLUSTER);
    ObjectNode values = Json.object();
    boolean member = setup.role() == Role.MEMBER;
    values.put("role", member ? "member" : "host");
    Json.at(values, "authentication", "issuer").put("jwtSecret", setup.jwtSecret());
    new CoreChart(setup.endpoint().api(), setup.version()).install(values);
    if (member) {
      // Another host, which is none of this fleet, has it.
      ObjectNode names = Json.object();
      Json.at(names, "metadata", "annotations")
          .put("cluster.kubesphere.io/name", setup.name())
          .put("cluster.kubesphere.io/host-cluster", "elsewhere");
      api.mergePatch(Kind.NAMESPACE, null, "kubesphere-system", names);
    }
  }

  private void installer(Kubectl kubectl) {
    Definitions.ensure(api, Definitions.CLUSTER_CONFIGURATION, setup.version());
    Definitions.ensure(api, Definitions.CLUSTER, setup.version());
    Definitions.ensure(api, Definitions.WORKSPACE, setup.version());
    kubectl.ensure("seed/common.yaml", Map.of());
    if (setup.role() == Role.HOST) {
      Definitions.ensure(api, Definitions.KUBE_FED_CLUSTER, setup.version());
    }
    awaitServed(Definitions.CLUSTER_CONFIGURATION);
    awaitServed(Definitions.CLUSTER);
    awaitServed(Definitions.WORKSPACE);
    Tenants.seed(api.as("seed", "controller-manager"), setup.name());
    createConfiguration();
    new InstalledState(setup, api).write();
    kubectl.ensure("installer/kubesphere-installer.yaml", installerValues(setup.version()));
  }

  private void createConfiguration() {
    String text = configurationManifest(setup.version(), setup.role(), memberSecret());
    ObjectNode configuration = Manifest.yaml(text);
    if (setup.outdated()) {
      // The one thing of each release whose absence or presence starts the migration.
      ObjectNode spec = Json.at(configuration, "spec");
      if (setup.version().atLeast(3, 3)) {
        spec.remove("terminal");
      } else {
        Json.at(spec, "networkpolicy").put("enabled", false);
      }
    }
    ObjectNode applied = configuration.deepCopy();
    Json.at(applied, "metadata").putObject("annotations");
    Json.at(configuration, "metadata", "annotations")
        .put("kubectl.kubernetes.io/last-applied-configuration", Json.text(applied) + "\n");
    configuration.set("status", InstalledState.status(setup));
    api.createIfAbsent(Definitions.CLUSTER_CONFIGURATION, configuration);
  }

  /** A member was given its secret in the spec; elsewhere the spec says nothing. */
  private String memberSecret() {
    return setup.role() == Role.MEMBER ? setup.jwtSecret() : "";
  }

  private static Map<String, String> installerValues(KubeSphereVersion version) {
    String label = version.atLeast(3, 3) ? "ks-installer" : "ks-install";
    return Map.of("version", version.tag(), "label", label);
  }

  private void awaitServed(Kind kind) {
    long deadline = System.currentTimeMillis() + SERVED_WITHIN_MILLIS;
    while (!Definitions.isServed(api, kind)) {
      if (System.currentTimeMillis() > deadline) {
        throw new ApiException(0, "NotServed", kind.plural() + " are not served after 20 s");
      }
      try {
        Thread.sleep(50);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new ApiException(0, "Interrupted", "interrupted");
      }
    }
  }

  /** The definition of ClusterConfigurations, which comes with the installer's manifest. */
  static String definitionText() {
    return Manifest.text("crds/clusterconfigurations.yaml", Map.of());
  }
}
