package dev.muster.sandbox.controller.multicluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.sandbox.controller.cluster.ClusterObject;
import dev.muster.sandbox.controller.cluster.HostKubeconfig;
import dev.muster.sandbox.controller.env.KubeSphereVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What a controller from 3.3 on says about the client certificate in the kubeconfig of a direct
 * member.
 *
 * @param notAfter when it runs out; empty when the kubeconfig has none
 */
record Expiry(Optional<Instant> notAfter) {
  private static final String TYPE = "KubeConfigCertExpiresInSevenDays";

  /**
   * Empty for clusters of which nothing is said.
   *
   * @throws HostKubeconfig.Unreadable 3.3 only: a kubeconfig without a certificate
   */
  static Optional<Expiry> of(ObjectNode cluster, KubeSphereVersion version)
      throws HostKubeconfig.Unreadable {
    if (!version.atLeast(3, 3) || ClusterObject.isProxy(cluster) || ClusterObject.isHost(cluster)) {
      return Optional.empty();
    }
    HostKubeconfig config = HostKubeconfig.of(ClusterObject.kubeconfig(cluster));
    if (config.notAfter().isEmpty() && !version.atLeast(3, 4)) {
      throw new HostKubeconfig.Unreadable("empty CertData");
    }
    return Optional.of(new Expiry(config.notAfter()));
  }

  void write(ObjectNode cluster) {
    Instant inSevenDays = Instant.now().plus(Duration.ofDays(7));
    boolean soon = notAfter.filter(inSevenDays::isAfter).isPresent();
    String message = notAfter.map(HostKubeconfig::goTime).orElse("");
    ClusterObject.condition(cluster, TYPE, soon, TYPE, message);
  }
}
