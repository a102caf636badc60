package dev.muster.cli;

import dev.muster.changes.ChangeSet;
import dev.muster.changes.ClusterState;
import dev.muster.topology.ClusterDeclaration;
import java.util.List;

/** What to do next for members that are reached by courier. */
final class CourierNotes {
  private CourierNotes() {}

  /** One line for each member of which something is left when a run has ended. */
  static List<String> left(ChangeSet changeSet, boolean prune) {
    return lines(changeSet, prune, "");
  }

  /** The same while nothing of a change set is done yet. */
  static List<String> toDo(ChangeSet changeSet, boolean prune) {
    return lines(changeSet, prune, changeSet.hasWork() ? "after muster apply, " : "");
  }

  private static List<String> lines(ChangeSet changeSet, boolean prune, String when) {
    return changeSet.deferred().stream()
        .map(ClusterState::cluster)
        .filter(ClusterDeclaration::courier)
        .map(member -> "left for the courier: " + member.name() + "; " + when + next(member, prune))
        .toList();
  }

  /** The command that packs for a member. */
  static String next(ClusterDeclaration member, boolean prune) {
    return "pack what it needs: muster plan%s --for %s --bundle %s.bundle"
        .formatted(prune ? " --prune" : "", member.name(), member.name());
  }
}
