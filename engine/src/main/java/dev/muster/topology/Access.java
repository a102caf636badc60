package dev.muster.topology;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How the runner reaches a cluster.
 *
 * @param kubeconfigs the files to merge as kubectl does; empty for kubectl's own default
 * @param context name of the context in them
 * @param courier present when the runner does not reach it by itself
 */
public record Access(List<Path> kubeconfigs, String context, Optional<CourierAccess> courier) {
  public Access(List<Path> kubeconfigs, String context) {
    this(kubeconfigs, context, Optional.empty());
  }

  public Access {
    kubeconfigs = List.copyOf(kubeconfigs);
    Objects.requireNonNull(context, "context");
  }
}
