package dev.muster.kube;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * How the runner itself reaches a cluster.
 *
 * @param kubeconfigs files searched in this order, the first that has a name wins; empty for
 *     kubectl's default, which is the list in $KUBECONFIG or else ~/.kube/config
 * @param context name of a context, or empty for the files' current one
 */
public record Access(List<Path> kubeconfigs, String context) {
  public Access {
    kubeconfigs = List.copyOf(kubeconfigs);
    Objects.requireNonNull(context, "context");
  }
}
