package dev.muster.kube;

import com.fasterxml.jackson.databind.JsonNode;
import dev.muster.live.Failure;
import dev.muster.live.LiveObject;
import dev.muster.live.Reading;
import dev.muster.resource.ObjectRef;
import java.util.List;
import java.util.function.Consumer;

/** Watches one object. Tells each state once, and keeps none. */
final class ObjectWatch extends Rounds {
  private final ObjectRef ref;
  private final Consumer<Reading> onChange;
  private String told = "";

  ObjectWatch(
      Line line,
      ObjectRef ref,
      Consumer<Reading> onChange,
      Machinery machinery,
      Consumer<Rounds> onClose) {
    super(line, ref, machinery, onClose);
    this.ref = ref;
    this.onChange = onChange;
  }

  @Override
  Call selection() {
    return Call.get(ref.collectionPath()).with("fieldSelector", "metadata.name=" + ref.name());
  }

  @Override
  boolean ours(JsonNode object) {
    return KubeCluster.is(ref, object);
  }

  @Override
  void all(List<LiveObject> objects) {
    if (objects.isEmpty()) {
      tell("absent", new Reading.Absent());
    } else {
      changed(objects.get(0));
    }
  }

  @Override
  void changed(LiveObject object) {
    String version = object.resourceVersion();
    // One without a version cannot be known again.
    tell(version.isEmpty() ? "" : object.uid() + " " + version, new Reading.Found(object));
  }

  @Override
  void gone(ObjectRef gone) {
    tell("absent", new Reading.Absent());
  }

  @Override
  void failed(Failure failure) {
    tell("failed " + failure.kind() + failure.message(), new Reading.Failed(failure));
  }

  private void tell(String state, Reading reading) {
    if (!closed() && (state.isEmpty() || !state.equals(told))) {
      told = state;
      onChange.accept(reading);
    }
  }
}
