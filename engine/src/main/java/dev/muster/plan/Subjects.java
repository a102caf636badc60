package dev.muster.plan;

import dev.muster.topology.ClusterDeclaration;

/** How often there is a step in a topology. */
public enum Subjects {
  /** Once, for the host. */
  ONCE,
  /** Once for each member that is to be joined. */
  MEMBERS,
  /** Once for each member whose state is absent. */
  REMOVED;

  /** Whether the step exists for a member. */
  public boolean include(ClusterDeclaration member) {
    return this == (member.absent() ? REMOVED : MEMBERS);
  }
}
