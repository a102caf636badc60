package dev.muster.kube;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.live.Failure;
import dev.muster.live.Follower;
import dev.muster.live.LiveObject;
import dev.muster.resource.ObjectRef;
import java.util.List;
import java.util.function.Consumer;

/** Watches all objects of a kind. */
final class ListWatch extends Rounds {
  private final ObjectRef kind;
  private final String labelSelector;
  private final Follower follower;

  /**
   * @param labelSelector empty for all
   */
  ListWatch(
      Line line,
      ObjectRef kind,
      String labelSelector,
      Follower follower,
      Machinery machinery,
      Consumer<Rounds> onClose) {
    super(line, kind, machinery, onClose);
    this.kind = kind;
    this.labelSelector = labelSelector;
    this.follower = follower;
  }

  @Override
  Call selection() {
    Call call = Call.get(kind.collectionPath());
    return labelSelector.isEmpty() ? call : call.with("labelSelector", labelSelector);
  }

  @Override
  Call listing() {
    return selection().with("limit", KubeCluster.PAGE);
  }

  @Override
  boolean ours(JsonNode object) {
    return KubeCluster.belongs(kind, object);
  }

  @Override
  void all(List<LiveObject> objects) {
    if (!closed()) {
      follower.all(objects);
    }
  }

  @Override
  void changed(LiveObject object) {
    if (!closed()) {
      follower.changed(object);
    }
  }

  @Override
  void gone(ObjectRef ref) {
    if (!closed()) {
      follower.gone(ref);
    }
  }

  @Override
  void failed(Failure failure) {
    if (!closed()) {
      follower.failed(failure);
    }
  }
}
