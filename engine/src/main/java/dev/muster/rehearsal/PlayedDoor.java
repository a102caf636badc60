package dev.muster.rehearsal;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.muster.live.Cluster;
import dev.muster.live.Failure;
import dev.muster.live.ForwardingCluster;
import dev.muster.live.LiveObject;
import dev.muster.live.Reading;
import dev.muster.resource.ObjectRef;
import java.util.Optional;

/** A played cluster as a kubeconfig shows it: what could not be read through it still cannot. */
public final class PlayedDoor extends ForwardingCluster {
  private static final ObjectRef IDENTITY = ObjectRef.of("v1", "Namespace", "", "kube-system");

  private final Optional<RecordedDoors.Door> door;

  /**
   * @param cluster that the kubeconfig leads to
   * @param door empty for one that nobody has tried
   */
  public PlayedDoor(Cluster cluster, Optional<RecordedDoors.Door> door) {
    super(cluster);
    this.door = door;
  }

  @Override
  public Reading read(ObjectRef ref) {
    if (door.isEmpty()) {
      return super.read(ref);
    }
    Failure failure = door.get().failures().get(ref.path());
    if (failure != null) {
      return new Reading.Failed(failure);
    }
    return door.get().cluster().isEmpty() ? elsewhere(ref) : super.read(ref);
  }

  /** Of a cluster that is none of the fleet nothing is known but which it is. */
  private Reading elsewhere(ObjectRef ref) {
    if (!ref.path().equals(IDENTITY.path())) {
      return new Reading.Absent();
    }
    ObjectNode namespace = JsonNodeFactory.instance.objectNode();
    namespace.put("apiVersion", "v1").put("kind", "Namespace");
    namespace.putObject("metadata").put("name", "kube-system").put("uid", door.orElseThrow().uid());
    return new Reading.Found(new LiveObject(ref, namespace));
  }
}
