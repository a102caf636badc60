package dev.muster.live;

import java.util.Objects;

/**
 * Which logs to read: those of all pods that a selector finds.
 *
 * @param labelSelector in Kubernetes' own syntax, for example {@code app in (a,b)}
 * @param container empty for the pod's first
 */
public record LogQuery(String namespace, String labelSelector, String container) {
  public LogQuery {
    Objects.requireNonNull(namespace, "namespace");
    Objects.requireNonNull(labelSelector, "labelSelector");
    Objects.requireNonNull(container, "container");
  }

  /** How people find these pods: {@code the pods app=agent in namespace n}. */
  @Override
  public String toString() {
    return "the pods " + labelSelector + " in namespace " + namespace;
  }
}
