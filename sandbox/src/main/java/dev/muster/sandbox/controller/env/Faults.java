package dev.muster.sandbox.controller.env;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The faults being played; programs ask, tests and demonstrations switch. */
public final class Faults {
  private final Map<String, String> installer = new ConcurrentHashMap<>();
  private final Set<String> deadAgents = ConcurrentHashMap.newKeySet();
  private final Map<String, ProxyNetwork.Reach> denied = new ConcurrentHashMap<>();
  private volatile boolean slowTokenSecrets = true;

  /**
   * Makes a stage (preinstall, metrics-server, common, ks-core, ks-config, result-info) or a
   * component (multicluster, monitoring, ...) of a cluster's installer fail until it is taken back.
   */
  public void failInstaller(String cluster, String what, String text) {
    installer.put(cluster + "/" + what, text);
  }

  public void repairInstaller(String cluster, String what) {
    installer.remove(cluster + "/" + what);
  }

  public Optional<String> installerFailure(String cluster, String what) {
    return Optional.ofNullable(installer.get(cluster + "/" + what));
  }

  public void stopAgent(String cluster) {
    deadAgents.add(cluster);
  }

  public void startAgent(String cluster) {
    deadAgents.remove(cluster);
  }

  public boolean agentIsDead(String cluster) {
    return deadAgents.contains(cluster);
  }

  /**
   * Whether the token secret of a new ServiceAccount is filled late, which makes the first join
   * fail.
   */
  public void setSlowTokenSecrets(boolean slow) {
    slowTokenSecrets = slow;
  }

  public boolean slowTokenSecrets() {
    return slowTokenSecrets;
  }
}
