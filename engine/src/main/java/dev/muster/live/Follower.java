package dev.muster.live;

import dev.muster.resource.ObjectRef;
import java.util.List;

/** Hears of all objects that a watch is about. Called by one thread at a time, in order. */
public interface Follower {
  /** All that there are now; called first, and again when events were missed. */
  void all(List<LiveObject> objects);

  /** One that is new, or another than before. */
  void changed(LiveObject object);

  void gone(ObjectRef ref);

  /** The cluster has not answered for some time, or refuses. */
  void failed(Failure failure);
}
