package dev.muster.changes;

import dev.muster.problem.Problem;
import dev.muster.topology.ClusterDeclaration;
import dev.muster.topology.Topology;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Keeps members from being taken out by mistake. */
public final class RemovalGuard {
  private RemovalGuard() {}

  /** The members that were joined and that the topology does not name, under any name. */
  public static List<InventoryEntry> vanished(Topology topology, Inventory inventory) {
    Set<String> named = new LinkedHashSet<>();
    for (ClusterDeclaration member : topology.members()) {
      named.add(member.name());
      // Under its former name it is the same member.
      named.add(member.formerName());
    }
    return inventory.members().stream().filter(entry -> !named.contains(entry.name())).toList();
  }

  /**
   * Members that vanished from the file stop everything: nobody has said what is to become of them.
   *
   * @param leftOut those that this run is told to leave alone
   */
  public static List<Problem> vanishedProblems(
      Topology topology, Inventory inventory, Set<String> leftOut) {
    return vanished(topology, inventory).stream()
        .filter(entry -> !leftOut.contains(entry.name()))
        .map(
            entry ->
                Problem.error(
                    topology.host().where(),
                    "member \""
                        + entry.name()
                        + "\" was joined by muster, and the topology does not name it any more",
                    "to take it out, write {name: "
                        + entry.name()
                        + ", state: absent}, or run with --prune; to keep it, put it back; to decide later, --exclude "
                        + entry.name()))
        .toList();
  }

  /**
   * Whether a change set takes out more members than it may.
   *
   * @param allowed how many it may; empty for one, or a tenth of the fleet if that is more
   */
  public static Optional<Problem> tooMany(
      Topology topology, Inventory inventory, ChangeSet changeSet, Optional<Integer> allowed) {
    Map<String, ClusterDeclaration> removed = new LinkedHashMap<>();
    for (StepPlan step : changeSet.steps()) {
      ClusterDeclaration subject = step.step().subject();
      if (subject.absent() && !subject.host() && step.decision() == StepPlan.Decision.RUN) {
        removed.put(subject.name(), subject);
      }
    }
    Set<String> fleet = new LinkedHashSet<>();
    topology.members().forEach(member -> fleet.add(member.name()));
    inventory.members().forEach(entry -> fleet.add(entry.name()));
    int most = allowed.orElse(Math.max(1, fleet.size() / 10));
    Map<String, String> clusters = new LinkedHashMap<>();
    removed.forEach(
        (name, member) ->
            clusters.merge(
                identity(member, inventory, changeSet),
                name,
                (older, newer) -> older + " alias " + newer));
    if (clusters.size() <= most) {
      return Optional.empty();
    }
    List<String> names = new ArrayList<>(clusters.values());
    String shown =
        names.size() > 10
            ? String.join(", ", names.subList(0, 10)) + " and " + (names.size() - 10) + " more"
            : String.join(", ", names);
    return Optional.of(
        Problem.error(
            topology.host().where(),
            "this run would take out "
                + clusters.size()
                + " members ("
                + shown
                + "), and may take out "
                + most,
            "if that is meant: --max-remove " + clusters.size()));
  }

  /**
   * The cluster that a name stands for: one whose renaming was cut off is remembered under both of
   * its names, and one may be taken out under a name that it never had.
   */
  private static String identity(
      ClusterDeclaration member, Inventory inventory, ChangeSet changeSet) {
    return changeSet.clusters().stream()
        .filter(state -> state.cluster().name().equals(member.name()))
        .map(ClusterState::uid)
        .filter(uid -> !uid.isEmpty())
        .findFirst()
        .or(() -> inventory.entry(member.name()).map(InventoryEntry::uid))
        .filter(uid -> !uid.isEmpty())
        .orElse(member.name());
  }
}
