package dev.muster.changes;

import dev.muster.live.Failure;
import dev.muster.topology.ClusterDeclaration;
import java.util.Objects;
import java.util.Optional;

/**
 * What the first contact with a cluster showed.
 *
 * @param uid of its namespace kube-system; empty when it was not reached
 * @param failure why it cannot be worked with
 */
public record ClusterState(ClusterDeclaration cluster, String uid, Optional<Failure> failure) {
  public ClusterState {
    Objects.requireNonNull(cluster, "cluster");
    Objects.requireNonNull(uid, "uid");
  }

  /** Whether a run leaves it for later. */
  public boolean deferred() {
    return failure.isPresent()
        && !cluster.host()
        && (cluster.courier() || cluster.deferWhenUnreachable() && unreachable());
  }

  private boolean unreachable() {
    return failure
        .map(f -> f.kind().unreachable() || f.kind() == Failure.Kind.SERVER_ERROR)
        .orElse(false);
  }
}
