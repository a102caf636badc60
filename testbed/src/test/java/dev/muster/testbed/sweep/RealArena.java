package dev.muster.testbed.sweep;

import dev.muster.sandbox.client.ApiClient;
import dev.muster.sandbox.client.Trust;
import dev.muster.sandbox.fault.FaultProxy;
import dev.muster.sandbox.fault.Faults;
import dev.muster.sandbox.fault.Upstream;
import dev.muster.testbed.Muster;
import dev.muster.testbed.RealFleet;
import java.util.HashMap;
import java.util.Map;

/** Real kube-apiservers in which the simulated controllers work, behind the proxy over TLS. */
final class RealArena implements Arena {
  private final RealFleet fleet;
  private final FaultProxy proxy;

  RealArena() {
    this(Ground.INSTALLED);
  }

  RealArena(Ground ground) {
    RealFleet.Builder builder = RealFleet.of(ground.version());
    MEMBERS.forEach(name -> builder.member(name));
    fleet = builder.start();
    Map<String, Upstream> behind = new HashMap<>();
    for (String cluster : CLUSTERS) {
      behind.put(cluster, new Upstream(fleet.cluster(cluster).url(), trust()));
    }
    proxy = FaultProxy.before(behind);
    fleet.muster().write("kubeconfig.yaml", kubeconfig());
  }

  private Trust trust() {
    return Trust.authorities(fleet.servers().certificate());
  }

  private String kubeconfig() {
    StringBuilder clusters = new StringBuilder("clusters:\n");
    StringBuilder contexts = new StringBuilder("contexts:\n");
    StringBuilder users = new StringBuilder("users:\n");
    for (String name : CLUSTERS) {
      clusters.append("- {name: %1$s, cluster: {server: %2$s}}\n".formatted(name, proxy.url(name)));
      contexts.append("- {name: %1$s, context: {cluster: %1$s, user: %1$s}}\n".formatted(name));
      users.append(
          "- {name: %s, user: {token: %s}}\n".formatted(name, fleet.cluster(name).auditedToken()));
    }
    return "apiVersion: v1\nkind: Config\n" + clusters + contexts + users;
  }

  @Override
  public Muster muster() {
    return fleet.muster();
  }

  @Override
  public Faults faults() {
    return proxy.faults();
  }

  @Override
  public ApiClient kubectl(String cluster) {
    return ApiClient.of(fleet.cluster(cluster).url(), fleet.cluster(cluster).token(), trust());
  }

  @Override
  public void close() {
    try {
      fleet.muster().close();
      proxy.close();
    } finally {
      fleet.close();
    }
  }
}
