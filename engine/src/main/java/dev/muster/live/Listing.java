package dev.muster.live;

import java.util.List;
import java.util.Objects;

/** The answer to a list request. */
public sealed interface Listing {
  /** All objects of the kind; empty also when the kind itself does not exist. */
  record Listed(List<LiveObject> objects, String resourceVersion) implements Listing {
    public Listed {
      objects = List.copyOf(objects);
      Objects.requireNonNull(resourceVersion, "resourceVersion");
    }
  }

  record Failed(Failure failure) implements Listing {
    public Failed {
      Objects.requireNonNull(failure, "failure");
    }
  }
}
