package dev.muster.sandbox.controller;

import dev.muster.sandbox.client.WorkerPool;
import dev.muster.sandbox.controller.env.ClusterEndpoint;
import dev.muster.sandbox.controller.env.ClusterSetup;
import dev.muster.sandbox.controller.env.Faults;
import dev.muster.sandbox.controller.env.Role;
import dev.muster.sandbox.controller.env.Timing;
import dev.muster.sandbox.controller.install.Definitions;
import dev.muster.sandbox.controller.install.Installer;
import dev.muster.sandbox.controller.workload.Program;
import dev.muster.sandbox.controller.workload.Workloads;
import java.util.HashMap;
import java.util.Map;

/**
 * The programs of one cluster; while nothing happens in it, it costs two watches (a host: six) and
 * no thread.
 */
final class SimulatedCluster implements AutoCloseable {
  private static final String NAMESPACE = "kubesphere-system";

  private final ClusterSetup setup;
  private final Installer installer;
  private final Workloads workloads;
  private final String podNetwork;

  /**
   * @param index a number of its own among the clusters of the fleet
   * @param others its programs besides the installer, by the Deployment in whose pod they run
   */
  SimulatedCluster(
      ClusterSetup setup,
      int index,
      Timing timing,
      Faults faults,
      WorkerPool pool,
      Map<String, Program> others) {
    this.setup = setup;
    this.podNetwork = "10." + (200 + index / 250 % 50) + "." + (1 + index % 250);
    this.installer = new Installer(setup.endpoint(), timing, faults, pool, setup.version());
    Map<String, Program> programs = new HashMap<>(others);
    programs.put("ks-installer", installer);
    this.workloads =
        new Workloads(
            setup.endpoint(), timing, pool, NAMESPACE, Seed.node(setup), podNetwork, programs);
  }

  ClusterEndpoint endpoint() {
    return setup.endpoint();
  }

  Installer installer() {
    return installer;
  }

  void seed() {
    new Seed(setup, podNetwork).write();
    settled();
  }

  /** The installer has run with what is there. */
  void settled() {
    if (setup.role() != Role.NOT_INSTALLED && !setup.version().atLeast(4, 0)) {
      installer.ranBefore(
          setup.endpoint().api().get(Definitions.CLUSTER_CONFIGURATION, NAMESPACE, "ks-installer"));
    }
  }

  void start() {
    workloads.start();
  }

  @Override
  public void close() {
    workloads.close();
    installer.close();
  }
}
