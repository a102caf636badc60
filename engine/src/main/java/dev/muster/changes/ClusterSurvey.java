package dev.muster.changes;

import dev.muster.live.Failure;
import dev.muster.live.Reading;
import dev.muster.plan.Step;
import dev.muster.problem.MusterException;
import dev.muster.problem.Problem;
import dev.muster.topology.ClusterDeclaration;
import dev.muster.topology.Topology;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which clusters a plan looks at, and which of them can be worked with. */
final class ClusterSurvey {
  private final Topology topology;
  private final List<Step> steps;
  private final LiveReader reader;
  private final Snapshot snapshot;
  private final List<ClusterDeclaration> involved;
  private final Set<String> gone;
  private final List<ClusterState> states;
  private final Map<String, ClusterState> unusable = new LinkedHashMap<>();

  /**
   * Asks the clusters who they are and the host for its inventory.
   *
   * @param snapshot is filled with what was read
   * @throws MusterException when the inventory cannot be read, or a cluster is not the pinned one
   */
  ClusterSurvey(
      Topology topology,
      List<Step> steps,
      LiveReader reader,
      Optional<Roster> roster,
      Selection selection,
      Snapshot snapshot) {
    this.topology = topology;
    this.steps = steps;
    this.reader = reader;
    this.snapshot = snapshot;
    this.involved = involved(selection);
    Optional<Failure> noInventory =
        reader.contact(
            topology.host(),
            topology.name(),
            involved.stream().filter(c -> c.host() || !c.absent()).toList(),
            snapshot);
    this.gone = gone(roster);
    reader.readIdentities(
        involved.stream()
            .filter(c -> c.absent() && !c.lost() && !gone.contains(c.name()))
            .filter(c -> snapshot.identity(c).isEmpty())
            .toList(),
        snapshot);
    this.states = checked();
    states.stream()
        .filter(state -> state.failure().isPresent())
        .forEach(state -> unusable.putIfAbsent(state.cluster().name(), state));
    noInventory.ifPresent(failure -> requireInventory(failure, states));
  }

  List<ClusterDeclaration> involved() {
    return involved;
  }

  List<ClusterState> states() {
    return states;
  }

  /** Whether a step is about a member that is to be taken out and of which nothing is left. */
  boolean gone(Step step) {
    return gone.contains(step.subject().name());
  }

  boolean anyGone() {
    return !gone.isEmpty();
  }

  /** The cluster that a step cannot do without and that cannot be worked with, if there is one. */
  Optional<ClusterState> obstacle(Step step, CourierSteps couriers) {
    if (unusable.isEmpty()) {
      return Optional.empty();
    }
    Set<String> needed = new LinkedHashSet<>(List.of(step.cluster().name()));
    if (!couriers.independent(step)) {
      needed.add(step.subject().name());
      // Who is taken out is so whether the others answer or not.
      step.peer()
          .filter(peer -> !step.spec().subjects().removing())
          .ifPresent(peer -> needed.add(peer.name()));
    }
    // The host's is told first: it stands above all members.
    return needed.stream()
        .flatMap(name -> Optional.ofNullable(unusable.get(name)).stream())
        .min(Comparator.comparingInt(state -> state.cluster().host() ? 0 : 1));
  }

  /** The host always, members as far as they are selected. */
  private List<ClusterDeclaration> involved(Selection selection) {
    Set<String> selected = new HashSet<>();
    for (Step step : steps) {
      if (selection.includes(step)) {
        step.members().forEach(member -> selected.add(member.name()));
      }
    }
    List<ClusterDeclaration> involved = new ArrayList<>();
    involved.add(topology.host());
    topology.members().stream().filter(m -> selected.contains(m.name())).forEach(involved::add);
    return involved;
  }

  /**
   * The members to be taken out of which nothing is left: neither does anybody remember them, nor
   * does the host know them. They may well exist no more, so nobody asks them.
   */
  private Set<String> gone(Optional<Roster> roster) {
    List<ClusterDeclaration> absent =
        involved.stream()
            .filter(c -> c.absent() && !c.host())
            .filter(c -> snapshot.inventory().entry(c.name()).isEmpty())
            .toList();
    boolean hostWorks = snapshot.identity(topology.host()).flatMap(Reading::found).isPresent();
    if (absent.isEmpty() || roster.isEmpty() || !hostWorks || !snapshot.hasInventory()) {
      return Set.of();
    }
    reader.read(roster.get().needs(), snapshot);
    if (roster.get().failure(snapshot).isPresent()) {
      return Set.of();
    }
    Set<String> gone = new LinkedHashSet<>();
    absent.forEach(member -> gone.add(member.name()));
    roster.get().registered(snapshot).forEach(member -> gone.remove(member.name()));
    return gone;
  }

  private List<ClusterState> checked() {
    List<ClusterState> states = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    for (ClusterDeclaration cluster : involved) {
      if (cluster.lost() || gone.contains(cluster.name())) {
        states.add(new ClusterState(cluster, "", Optional.empty()));
        continue;
      }
      Reading reading = snapshot.identity(cluster).orElseGet(Reading.Absent::new);
      String uid = reading.found().map(found -> found.uid()).orElse("");
      Optional<Failure> failure = reading.failed();
      if (uid.isEmpty() && failure.isEmpty()) {
        failure =
            Optional.of(
                new Failure(
                    Failure.Kind.SERVER_ERROR,
                    "it has no namespace kube-system, so it is no Kubernetes cluster"));
      }
      if (!uid.isEmpty() && !cluster.uid().isEmpty() && !uid.equalsIgnoreCase(cluster.uid())) {
        problems.add(
            Problem.error(
                cluster.where(),
                "behind the access of \""
                    + cluster.name()
                    + "\" is another cluster: its kube-system UID is "
                    + uid
                    + ", the topology pins "
                    + cluster.uid(),
                "correct the access of this cluster, or the pin if the cluster was set up anew"));
      }
      states.add(new ClusterState(cluster, uid, failure));
    }
    if (!problems.isEmpty()) {
      throw new RefusedException(problems);
    }
    return states;
  }

  /** Without it, what muster once took charge of would silently be left where it is. */
  private static void requireInventory(Failure failure, List<ClusterState> states) {
    if (states.stream().anyMatch(s -> s.cluster().host() && s.failure().isPresent())) {
      return; // The host itself cannot be worked with, which is told anyhow.
    }
    String message =
        "cannot read the inventory on the host (ConfigMaps in kube-system): " + failure.message();
    if (failure.kind().refused()) {
      throw new RefusedException(
          List.of(
              Problem.error(dev.muster.problem.Where.nowhere(), message, InventoryObjects.RIGHTS)));
    }
    throw MusterException.of(message, "check the host, then run the command again");
  }
}
