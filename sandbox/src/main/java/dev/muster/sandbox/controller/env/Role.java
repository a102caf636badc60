package dev.muster.sandbox.controller.env;

/** What a cluster is when the simulation begins. */
public enum Role {
  /** Nothing but a bare Kubernetes: the user installs. */
  NOT_INSTALLED,
  NONE,
  HOST,
  MEMBER;

  /** The spelling of spec.multicluster.clusterRole. */
  public String spelling() {
    return switch (this) {
      case HOST -> "host";
      case MEMBER -> "member";
      case NONE, NOT_INSTALLED -> "none";
    };
  }
}
