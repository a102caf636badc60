package dev.muster.plan;

import dev.muster.topology.ClusterDeclaration;

/** How often there is a step in a topology. */
public enum Subjects {
  /** Once, for the host. */
  ONCE,
  /** Once for each member that is to be joined. */
  MEMBERS,
  /** Once for each member whose state is absent. */
  REMOVED,
  /** Once for each two clusters that are there, in each direction. */
  PAIRS,
  /** Once for each member whose state is absent and each other cluster. */
  REMOVED_PAIRS;

  /** Whether it is about one member. */
  public boolean ofMember() {
    return this == MEMBERS || this == REMOVED;
  }

  /** Whether it is about two clusters. */
  public boolean ofPair() {
    return this == PAIRS || this == REMOVED_PAIRS;
  }

  /** Whether it is for what leaves. */
  public boolean removing() {
    return this == REMOVED || this == REMOVED_PAIRS;
  }

  /** Whether the step exists for a member. */
  public boolean include(ClusterDeclaration member) {
    return this == (member.absent() ? REMOVED : MEMBERS);
  }

  /** Whether the step exists in one cluster, about another one. */
  public boolean include(ClusterDeclaration self, ClusterDeclaration peer) {
    if (self.name().equals(peer.name())) {
      return false;
    }
    return self.absent() ? this == REMOVED_PAIRS : this == PAIRS && !peer.absent();
  }

  /** Whether steps of both kinds may exist for one cluster: it is either joined or taken out. */
  boolean meet(Subjects other) {
    return this == ONCE || other == ONCE || removing() == other.removing();
  }
}
