package dev.muster.held;

import dev.muster.live.Failure;
import dev.muster.resource.ObjectRef;

/** Hears what happens to clusters that are held; called by any thread, and must not hold it up. */
public interface Attention {
  /** An object is another than it was, new or gone. */
  void changed(String cluster, ObjectRef ref);

  /** The cluster has not answered for some time; what is held of it may be old. */
  void lost(String cluster, Failure why);

  /** It answers again, and is the same as before. */
  void back(String cluster);
}
