package dev.muster.topology;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * How the runner reaches a cluster.
 *
 * @param kubeconfigs the files to merge as kubectl does; empty for kubectl's own default
 * @param context name of the context in them
 */
public record Access(List<Path> kubeconfigs, String context) {
  public Access {
    kubeconfigs = List.copyOf(kubeconfigs);
    Objects.requireNonNull(context, "context");
  }
}
