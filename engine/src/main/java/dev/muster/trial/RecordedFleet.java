package dev.muster.trial;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.changes.Clusters;
import dev.muster.live.Cluster;
import dev.muster.live.Failure;
import dev.muster.live.ForwardingCluster;
import dev.muster.live.Reading;
import dev.muster.live.ServicePort;
import dev.muster.plan.Plan;
import dev.muster.rehearsal.PlayedDoor;
import dev.muster.rehearsal.RecordedDoors;
import dev.muster.resource.ObjectRef;
import dev.muster.session.FleetSnapshot;
import dev.muster.session.RehearsalStage;
import dev.muster.topology.ClusterDeclaration;
import java.time.Instant;
import java.util.Optional;

/**
 * The clusters of a recorded fleet as they were. What a recording does not have, such as logs, is
 * not there.
 */
public final class RecordedFleet implements Clusters {
  private static final String UNRECORDED = "it was not recorded";

  private final TrialClusters clusters = new TrialClusters();
  private final RecordedDoors doors;
  private final TrialTime time;

  public RecordedFleet(FleetSnapshot recorded, Plan plan) {
    this.time = new TrialTime(Instant.parse(recorded.recorded()));
    this.doors = recorded.doors();
    Names names = new Names(plan);
    for (RehearsalStage.RecordedCluster each : recorded.fleet().clusters()) {
      clusters.add(each.name(), time);
      TrialCluster cluster = clusters.named(each.name()).orElseThrow();
      if (!each.reached()) {
        cluster.reachable(
            Optional.of(
                new Failure(Failure.Kind.TIMEOUT, "it could not be reached when it was recorded")));
      }
      each.objects()
          .forEach(
              object ->
                  names
                      .of(object)
                      .ifPresent(ref -> cluster.put(ref, (ObjectNode) object.deepCopy())));
    }
  }

  @Override
  public Cluster open(ClusterDeclaration declaration) {
    clusters.add(declaration.name(), time);
    return new ForwardingCluster(clusters.named(declaration.name()).orElseThrow()) {
      @Override
      public Reading readThrough(ServicePort service, ObjectRef ref) {
        return new Reading.Failed(new Failure(Failure.Kind.NO_ACCESS, UNRECORDED));
      }
    };
  }

  @Override
  public Cluster behind(String name, String kubeconfig) {
    Optional<RecordedDoors.Door> door = doors.of(kubeconfig);
    String far = door.map(RecordedDoors.Door::cluster).filter(c -> !c.isEmpty()).orElse(name);
    return new PlayedDoor(clusters.named(far).orElseThrow(), door);
  }

  @Override
  public void close() {}
}
