package dev.muster.live;

import java.util.Objects;
import java.util.Optional;

/** The answer to one read. Only {@link Absent} may ever lead to a create. */
public sealed interface Reading {

  /** The object, when there is one. */
  default Optional<LiveObject> found() {
    return Optional.empty();
  }

  /** The failure, when the cluster gave no usable answer. */
  default Optional<Failure> failed() {
    return Optional.empty();
  }

  record Found(LiveObject object) implements Reading {
    public Found {
      Objects.requireNonNull(object, "object");
    }

    @Override
    public Optional<LiveObject> found() {
      return Optional.of(object);
    }
  }

  /** The server said 404: the object, or its whole kind, does not exist. */
  record Absent() implements Reading {}

  record Failed(Failure failure) implements Reading {
    public Failed {
      Objects.requireNonNull(failure, "failure");
    }

    @Override
    public Optional<Failure> failed() {
      return Optional.of(failure);
    }
  }
}
