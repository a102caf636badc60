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

  /** What is in the way, to go on after the cluster's name or "it"; empty for nothing. */
  public String obstacle() {
    return failure.map(f -> (cluster.courier() ? "" : words(f.kind())) + f.message()).orElse("");
  }

  private static String words(Failure.Kind kind) {
    if (kind.refused()) {
      return "refuses: ";
    }
    return answered(kind)
        ? "does not say which cluster it is (Namespace kube-system): "
        : "cannot be reached: ";
  }

  /** Whether the API server had something to say, if only that it cannot. */
  boolean answered() {
    return failure.filter(f -> answered(f.kind())).isPresent();
  }

  private static boolean answered(Failure.Kind kind) {
    return !kind.unreachable()
        && kind != Failure.Kind.NO_ACCESS
        && kind != Failure.Kind.NOT_ALLOWED;
  }

  private boolean unreachable() {
    return failure
        .map(f -> f.kind().unreachable() || f.kind() == Failure.Kind.SERVER_ERROR)
        .orElse(false);
  }
}
