package dev.muster.testbed.sweep;

import dev.muster.sandbox.client.ApiClient;
import dev.muster.sandbox.client.Trust;
import dev.muster.sandbox.command.Sandbox;
import dev.muster.sandbox.controller.SimulatedFleet;
import dev.muster.sandbox.controller.env.ClusterSetup;
import dev.muster.sandbox.controller.env.Role;
import dev.muster.sandbox.controller.env.Timing;
import dev.muster.sandbox.fault.FaultProxy;
import dev.muster.sandbox.fault.Faults;
import dev.muster.sandbox.fault.Upstream;
import dev.muster.testbed.Muster;
import dev.muster.testbed.ScratchFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Simulated clusters within this process. */
final class SandboxArena implements Arena {
  /** Found wherever it turns up, and like no other text. */
  private static final String SECRET = "Q9fQz3LxWv7RkBn2TsYc";

  private final Path folder;
  private final Sandbox sandbox;
  private final FaultProxy proxy;
  private final Muster muster;

  SandboxArena() {
    this(Ground.INSTALLED);
  }

  SandboxArena(Timing timing) {
    this(Ground.INSTALLED, timing);
  }

  SandboxArena(Ground ground) {
    this(ground, Timing.fast());
  }

  private SandboxArena(Ground ground, Timing timing) {
    sandbox =
        Sandbox.start(
            Sandbox.Settings.of(MEMBERS.size(), ground.version(), timing)
                .withEach(setup -> setup(setup, ground)));
    Map<String, Upstream> behind = new HashMap<>();
    for (String cluster : CLUSTERS) {
      behind.put(cluster, new Upstream(sandbox.server().baseUrl(cluster), Trust.jdk()));
    }
    proxy = FaultProxy.before(behind);
    try {
      folder = Files.createTempDirectory("muster-sweep");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    muster = Muster.in(folder.resolve("repository"));
    String address = sandbox.server().baseUrl(HOST).toString();
    String front = proxy.url(HOST).toString();
    // Everything but the port is the same on both sides of the proxy.
    muster.write(
        "kubeconfig.yaml", sandbox.server().kubeconfig().replace(port(address), port(front)));
    muster.write(".gitignore", "kubeconfig*.yaml\n");
    if (ground == Ground.CORE) {
      Instant end = Instant.now().plus(Duration.ofDays(300));
      for (String member : MEMBERS) {
        muster.write(Declaration.kubeconfig(member), sandbox.kubeconfigForHost(member, end));
      }
    }
    if (ground == Ground.BARE) {
      List<String> texts =
          List.of(
              SimulatedFleet.installerManifest(ground.version()),
              SimulatedFleet.configurationManifest(ground.version(), Role.NONE));
      for (int i = 0; i < texts.size(); i++) {
        muster.write(Declaration.MANIFESTS.get(i), texts.get(i));
      }
    }
  }

  private static ClusterSetup setup(ClusterSetup setup, Ground ground) {
    ClusterSetup own = setup.withJwtSecret("CanaryOf" + setup.name() + SECRET);
    return ground == Ground.BARE ? own.withRole(Role.NOT_INSTALLED) : own;
  }

  private static String port(String url) {
    return url.substring("http://".length(), url.indexOf("/clusters/"));
  }

  @Override
  public Muster muster() {
    return muster;
  }

  @Override
  public Faults faults() {
    return proxy.faults();
  }

  @Override
  public ApiClient kubectl(String cluster) {
    return ApiClient.of(
        sandbox.server().baseUrl(cluster), sandbox.server().controllerToken(), Trust.jdk());
  }

  @Override
  public void close() {
    muster.close();
    proxy.close();
    sandbox.close();
    ScratchFolder.delete(folder);
  }
}
